#!/usr/bin/env python3
"""Lets the crawler loose on the hostile server, in a network that has nothing but loopback.

    unshare -rnm python3 play.py SERVER.py BINARY RUNS.json

Works in the current folder. RUNS.json: [{"name", "cases" (a regular expression on the id), "options",
"seeds" (another one, where the seeds are not the cases), "isBeside" (runs beside the others)}]. In
options "{model}" is the address of the first case without the path of the protocol for chats.
Leaves there manifest.json, log.json, verdict.json, and for each run NAME: its output directory NAME,
NAME.seeds, NAME.err and NAME.end (exit code, peak memory in bytes, CPU and wall seconds).

In Python because the server is: both live in the same namespace, which a test cannot enter.
"""
import json, os, random, re, subprocess, sys, threading, time, urllib.request

server, binary, runs = sys.argv[1], sys.argv[2], json.load(open(sys.argv[3]))
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
# The server answers questions about names on the port after the next two; port 53 is where the
# system's resolver asks.
open("resolv.conf", "w").write("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
subprocess.run(["mount", "--bind", "resolv.conf", "/etc/resolv.conf"], check=True)
child = subprocess.Popen(
    [sys.executable, server, "--base-port", "50", "--duration", "1800", "--manifest", "manifest.json",
     "--agent-token", "Gossamer"], stdout=open("server.out", "w"), stderr=subprocess.STDOUT)


def get(path, name):
    with urllib.request.urlopen(f"http://127.0.0.1:50{path}", timeout=30) as answer:
        open(name, "wb").write(answer.read())


def play(run, cases):
    name, first = run["name"], [c for c in cases if re.fullmatch(run["cases"], c["id"])]
    chosen = [c for c in cases if re.fullmatch(run.get("seeds") or run["cases"], c["id"])]
    # Mixed, as failures are in life: a host at which all fails in a row is given up.
    random.Random(1).shuffle(chosen)
    open(name + ".seeds", "w").writelines(c["url"] + "\n" for c in chosen)
    model = first[0]["url"].removesuffix("/v1/chat/completions")
    options = [option.replace("{model}", model) for option in run["options"]]
    start = time.monotonic()
    with open(name + ".out", "w") as out, open(name + ".err", "w") as err:
        crawler = subprocess.Popen([binary, "crawl", name + ".seeds", "-o", name] + options,
                                   stdout=out, stderr=err, stdin=subprocess.DEVNULL)
        timer, code = time.monotonic() + run.get("patience", 600), None
        while code is None:
            pid, status, usage = os.wait4(crawler.pid, os.WNOHANG)
            if pid:
                code = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > timer:
                crawler.kill()
                timer = float("inf")
            else:
                time.sleep(0.05)
        crawler.returncode = code
    json.dump({"code": code, "peak": usage.ru_maxrss << 10,
               "cpu": usage.ru_utime + usage.ru_stime, "seconds": time.monotonic() - start},
              open(name + ".end", "w"))


try:
    while not os.path.exists("manifest.json"):
        if child.poll() is not None:
            sys.exit("the server did not start: " + open("server.out").read())
        time.sleep(0.05)
    get("/ca.pem", "ca.pem")
    cases = json.load(open("manifest.json"))["cases"]
    beside = [threading.Thread(target=play, args=(run, cases)) for run in runs if run.get("isBeside")]
    for thread in beside:
        thread.start()
    for run in runs:
        if not run.get("isBeside"):
            play(run, cases)
    for thread in beside:
        thread.join()
    get("/log.json", "log.json")
    get("/verdict.json", "verdict.json")
finally:
    child.kill()
