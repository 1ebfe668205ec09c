#!/usr/bin/env python3
"""Writes the inputs of the conformance suites as a seed corpus for one area.

    seeds.py CONFORMANCE AREA FOLDER
"""
import base64
import gzip
import hashlib
import json
import os
import re
import sys

suites, area, folder = sys.argv[1:]
LARGEST = 64 << 10


def path(*names):
    return os.path.join(suites, *names)


def load(*names):
    with open(path(*names), encoding="utf-8") as file:
        return [case for case in json.load(file) if not isinstance(case, str)]


def lines(*names):
    with open(path(*names), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def contents(*names):
    for root, _, files in os.walk(path(*names)):
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                yield file.read()


def text(value):
    return (value or "").encode("utf-8", "surrogatepass")


def field(case, name):
    """The bytes of a field that may be given as text, base64 or compressed."""
    if name + "_base64" in case:
        return base64.b64decode(case[name + "_base64"])
    if name + "_gzip_base64" in case:
        return gzip.decompress(base64.b64decode(case[name + "_gzip_base64"]))
    return text(case.get(name))


def sections(data, name):
    """The `#name` sections of an html5lib file."""
    for part in re.split(rb"(?m)^#data\n", data)[1:]:
        yield re.split(rb"(?m)^#[a-z-]+$", part)[0].rstrip(b"\n")


def html5lib_pages(*names):
    for data in contents("html5lib", *names):
        yield from sections(data, "data")


def url():
    for name in ("urltestdata.json", "ada-extra-urltestdata.json", "ada-verifydnslength.json"):
        for case in load("url", name):
            base = case.get("base")
            yield text(case["input"]) + (b"\xff" + text(base) if base else b"")
    for name in ("toascii.json", "IdnaTestV2.json"):
        for case in load("url", name):
            yield b"https://" + text(case["input"]) + b"/"
    for case in load("urlnorm", "vectors.json"):
        yield text(case["input"]) if isinstance(case["input"], str) else b""


def robots():
    for case in load("robots", "vectors.json"):
        agent = case.get("agent") or ",".join(case.get("agents") or [])
        target = re.sub(r"^[a-z]+://[^/]*", "", case.get("url") or "")
        yield b"\n".join([text(agent), text(target), field(case, "robots")])
    for case in lines("robots", "corpus.jsonl") + load("robots", "extensions.json"):
        yield b"Bot\n/a/b?c=d\n" + field(case, "robots")[:4096]


def sitemap():
    yield from contents("sitemaps", "files")
    for name in ("links.jsonl", "xml-encoding.jsonl"):
        for case in lines("feeds", name):
            yield field(case, "content")


def charset():
    for page in html5lib_pages("encoding"):
        yield b"text/html\n" + page
    for case in load("encoding", "w3lib-detect.json"):
        yield text(case.get("content_type") or case.get("content_type_header")) + b"\n" + field(case, "body")
    for data in contents("encoding"):
        if b"\x00" not in data[:64]:
            yield b"\n" + data[:2048]
    for label in ("big5", "euc-jp", "euc-kr", "gb18030", "gbk", "iso-2022-jp", "shift_jis"):
        name = f"decode-{label.replace('-', '_')}_in.txt"
        if os.path.exists(path("encoding", name)):
            with open(path("encoding", name), "rb") as file:
                yield f"text/html;charset={label}\n".encode() + file.read(4096)


def html():
    yield from html5lib_pages("tree-construction")
    for name in ("html-links.json", "base-url-documents.json", "meta-refresh-documents.json"):
        for case in load("linkextract", name):
            yield field(case, "html")
    for case in load("linkextract", "srcset.json"):
        yield b'<img srcset="' + text(case.get("srcset")) + b'">'


def coding():
    codes = {"gzip": 0, "zlib": 1, "deflate-raw": 1, "deflate": 1, "br": 2, "zstd": 3}
    for case in load("decoding", "manifest.json"):
        if "file" in case and case["coding"] in codes:
            with open(path("decoding", case["file"]), "rb") as file:
                yield bytes([codes[case["coding"]]]) + file.read(LARGEST)
        elif "hex" in case and case["coding"] in codes:
            yield bytes([codes[case["coding"]]]) + bytes.fromhex(case["hex"])


def warc():
    yield from contents("warc")


def http():
    for case in load("mime", "mime-types.json") + load("mime", "generated-mime-types.json"):
        yield text(case["input"])
    for case in load("linkextract", "link-header.json"):
        yield text(case.get("value"))
    for case in load("http", "dates.json"):
        yield text(case["input"])


os.makedirs(folder, exist_ok=True)
for seed in globals()[area]():
    if 0 < len(seed) <= LARGEST:
        with open(os.path.join(folder, hashlib.sha1(seed).hexdigest()), "wb") as out:
            out.write(seed)
print(len(os.listdir(folder)), "seeds for", area)
