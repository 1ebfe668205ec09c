"""Scores extraction on the labelled sets, whole and with each group of rules switched off.

    bench_extraction.py SHARED/extraction gossamer-bench [--peers]

--peers times trafilatura and resiliparse (pip install trafilatura resiliparse) on the same pages in
the same run, one thread, CPU seconds."""
import gzip
import json
import os
import subprocess
import sys
import tempfile
import time

SETS = {"scrapinghub": ("shingle", "f1"), "wcxb": ("bag", "f1"),
        "trafilatura": ("segments", "f1"), "readability": ("bag", "f1"), "dates": ("date", "recall")}
RULES = ["hidden", "rows", "tables", "contents", "repeats", "title", "headings", "expected"]
SHARED, BENCH = sys.argv[1], sys.argv[2]
SCRATCH = tempfile.mkdtemp(prefix="gossamer-extraction-")


def report(name, without=""):
    path = os.path.join(SCRATCH, f"{name}.jsonl")
    command = [BENCH, "extraction", f"{SHARED}/{name}"]
    with open(path, "w", encoding="utf-8") as out:
        done = subprocess.run(command + (["--without", without] if without else []), stdout=out,
                              stderr=subprocess.PIPE, check=True, text=True)
    evaluate = [sys.executable, f"{SHARED}/evaluate.py", "--no-lcs", "--json"]
    scores = json.loads(subprocess.check_output(evaluate + [f"{SHARED}/{name}", path]))
    structures = None
    if name == "wcxb" and not without:
        structures = json.loads(subprocess.check_output(
            evaluate + ["--markdown", f"{SHARED}/{name}", path]))
    return scores, structures, done.stderr.strip()


def figure(scores, name):
    part, key = SETS[name]
    return scores[part][key]


def whole():
    main = {}
    for name in SETS:
        scores, structures, speed = report(name)
        main[name] = figure(scores, name)
        line = f"{name:12} {SETS[name][0]} {SETS[name][1]} {main[name]:.4f}"
        for field in ("title", "author", "date"):
            if field in scores:
                line += f"  {field} {scores[field]['recall']:.3f}"
        print(line, f"  ({speed})", flush=True)
        for kind, row in scores.get("by_type", {}).items():
            print(f"  {kind:14} {row['bag_f1']:.3f}  of {row['pages']} pages")
        for kind, row in (structures or {}).items():
            if isinstance(row, dict) and row["in_reference"]:
                print(f"  Markdown {kind:14} P {row['precision']:.3f}  R {row['recall']:.3f}"
                      f"  F1 {row['f1']:.3f}")
    return main


def ablation(main):
    names = ["scrapinghub", "wcxb", "trafilatura"]
    print("\nswitched off " + "".join(f"{name:>20}" for name in names))
    for rule in RULES:
        cells = ""
        for name in names:
            value = figure(report(name, rule)[0], name)
            cells += f"{value:12.4f} {value - main[name]:+.4f}"
        print(f"{rule:12} {cells}", flush=True)


def peers():
    pages = []
    for name in ("scrapinghub", "wcxb", "trafilatura"):
        with open(f"{SHARED}/{name}/cases.jsonl", encoding="utf-8") as file:
            for line in file:
                case = json.loads(line)
                with gzip.open(f"{SHARED}/{name}/{case['html']}") as page:
                    pages.append(page.read())
    size = sum(map(len, pages)) / 1e6
    print(f"\nspeed on {len(pages)} pages, {size:.0f} MB, pages a CPU second, one thread")
    seconds = 0.0
    for name in ("scrapinghub", "wcxb", "trafilatura"):
        seconds += float(report(name)[2].split(" CPU seconds")[0].split()[-1])
    print(f"  {'gossamer':14} {len(pages) / seconds:8.1f}  (text, Markdown and metadata)")
    try:
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding
        timed("resiliparse", pages, lambda page: extract_plain_text(
            bytes_to_str(page, detect_encoding(page)), main_content=True))
    except ImportError as error:
        print(f"  resiliparse: {error}")
    try:
        import trafilatura
        timed("trafilatura", pages[::10], trafilatura.extract)
    except ImportError as error:
        print(f"  trafilatura: {error}")


def timed(name, pages, work):
    start = time.process_time()
    for page in pages:
        try:
            work(page)
        except Exception as error:  # a page that a peer cannot read is still a page
            print(f"  {name}: {error}", file=sys.stderr)
    print(f"  {name:14} {len(pages) / (time.process_time() - start):8.1f}", flush=True)


figures = whole()
ablation(figures)
if "--peers" in sys.argv:
    peers()
