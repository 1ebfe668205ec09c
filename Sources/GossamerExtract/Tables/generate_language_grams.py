#!/usr/bin/env python3
"""Writes LanguageGramTable.swift beside this script: for every language its frequent letter triples.

Needs the packages `langdetect` (letter triples of Wikipedia), `wordfreq` (words by frequency),
`django` (translated messages), `stopwordsiso` (small words) and the data of
`lingua-language-detector` (triples inside words of news and web texts):
    pip install "langdetect==1.0.9" "wordfreq==3.1.1" "django==5.2.8" "stopwordsiso==0.6.1" brotli
    pip install --no-deps "lingua-language-detector==1.3.5"
"""
import collections
import json
import math
import os
import re
import unicodedata

import brotli
import django
import langdetect
import stopwordsiso
import wordfreq

COUNT = 420  # triples of a language
RAREST = 14  # in bits; what is rarer or unknown counts nothing
WIDTH = 92

# Language: where its triples are from. d = langdetect, w = wordfreq, m = messages, s = small words,
# l = lingua, L = lingua alone, so that pairs stand for the edges of words.
LATIN = """
af:dl az:ml br:ms bs:ml ca:dw cs:dw cy:dml da:dw de:dw en:dw eo:msl es:dw et:dml eu:msl fi:dw fr:dw
fy:m ga:msl gd:m gl:ms ha:s hr:dml hu:dw id:dw ig:m is:wl it:dw la:sl lb:m lg:L lt:dw lv:dw mi:L
ms:wml nb:dw nl:dw nn:ml pl:dw pt:dw ro:dw sk:dw sl:dw sn:L so:dsl sq:dml st:L sv:dw
sw:dmsl tk:m tl:dl tn:L tr:dw ts:L uz:m vi:dw xh:L yo:sl zu:sL
"""
CYRILLIC = "be:ml bg:dw kk:ml ky:m mk:dw mn:ml ru:dw sr:ml tg:m tt:m uk:dw"
ARABIC = "ar:dw ckb:m fa:dw ug:m ur:dw"
DEVANAGARI = "hi:dwl mr:dml ne:dm"
NAMES = {"nb": ("no", "nb", "nb"), "tl": ("tl", "fil", "tl")}  # langdetect, wordfreq, messages
WEIGHT = {"d": 1.0, "w": 0.7, "m": 0.5, "s": 0.5, "l": 1.0, "L": 1.0}
LETTERS = r"(?:[^\W\d_]|[\u0900-\u0963])+"


def lower(text):
    """Lower case as `LetterCase` has it: one letter for one letter."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def triples(word, weight, counts):
    edged = f"_{word}_"
    for start in range(len(edged) - 2):
        counts[edged[start:start + 3]] += weight


def of_text(text, weight, counts):
    for word in re.findall(LETTERS, lower(text)):
        triples(word, weight, counts)


def lingua(language, edges):
    """Shares of triples from the shares of their letters, each given the ones before."""
    folder = os.path.join(os.path.dirname(langdetect.__file__), "..", "lingua", "language-models")
    shares = [{"": 1.0}]
    for name in ("unigrams", "bigrams", "trigrams"):
        with open(os.path.join(folder, language, f"{name}.json.br"), "rb") as file:
            model = json.loads(brotli.decompress(file.read()))["ngrams"]
        shares.append({})
        for share, grams in model.items():
            part, whole = share.split("/")
            for gram in grams.split():
                shares[-1][gram] = shares[-2].get(gram[:-1], 0) * int(part) / int(whole)
    counts = collections.Counter(shares[3])
    if edges:
        for pair, share in shares[2].items():
            counts["_" + pair] += share / 5
            counts[pair + "_"] += share / 5
    return counts


def messages(language):
    root = os.path.join(os.path.dirname(django.__file__))
    for folder, _, files in os.walk(root):
        if folder.endswith(f"/{language}/LC_MESSAGES"):
            for name in files:
                if name.endswith(".po"):
                    with open(os.path.join(folder, name), encoding="utf-8") as file:
                        text = file.read().split("\n\n", 1)[1]
                    for block in re.findall(
                            r'^msgstr(?:\[\d\])? ((?:".*"\n?)+)', text, re.MULTILINE):
                        line = "".join(re.findall(r'"(.*)"', block))
                        line = re.sub(r"%\(\w+\)?\w|%\w|\{\w*\}|</?\w[^>]*>|\\n|https?\S+", " ", line)
                        yield line


def counts_of(language, sources):
    names = NAMES.get(language, (language,) * 3)
    total = collections.Counter()
    for source in sources:
        counts = collections.Counter()
        if source == "d":
            path = os.path.join(os.path.dirname(langdetect.__file__), "profiles", names[0])
            with open(path, encoding="utf-8") as file:
                for gram, count in json.load(file)["freq"].items():
                    if len(gram) == 3:
                        counts[lower(gram.replace(" ", "_"))] += count
        elif source == "w":
            for word, frequency in wordfreq.get_frequency_dict(names[1]).items():
                of_text(word, frequency, counts)
        elif source == "m":
            for line in messages(names[2]):
                of_text(line, 1, counts)
        elif source in "lL":
            counts = lingua(names[2], edges=source == "L")
        else:
            for word in stopwordsiso.stopwords(language):
                of_text(word, 1 / len(word), counts)
        counts = collections.Counter({g: n for g, n in counts.items() if len(g) == 3
                                      and all(c == "_" or (re.fullmatch(LETTERS, c) and ord(c) < 0x10000) for c in g)})
        whole = sum(counts.values())
        if source == "l":  # knows no edges of words: counts for what is inside them alone
            share = sum(n for gram, n in total.items() if "_" not in gram)
            total = collections.Counter({
                gram: n if "_" in gram else 0.3 * n for gram, n in total.items()})
            whole /= 0.7 * share
        for gram, count in counts.items():
            total[gram] += WEIGHT[source] * count / whole
    whole = sum(total.values())
    return {gram: count / whole for gram, count in total.items()}


def tiers(language, sources):
    shares = counts_of(language, sources)
    best = sorted(shares, key=lambda gram: (-shares[gram], gram))[:COUNT]
    by_bits = collections.defaultdict(list)
    for gram in best:
        bits = min(RAREST - 1, max(4, round(-math.log2(shares[gram]))))
        by_bits[bits].append(gram)
    return "".join(
        chr(65 + bits) + "".join(sorted(by_bits[bits])) for bits in sorted(by_bits))


def literal(text):
    """Lines of a literal; none begins with a sign that would join the blank before it."""
    lines = []
    while text:
        end = min(WIDTH, len(text))
        while end < len(text) and unicodedata.category(text[end]).startswith("M"):
            end -= 1
        lines.append(text[:end])
        text = text[end:]
    return lines


def main():
    out = ["/// Frequent letter triples of languages, for `LanguageDetector`. Generated by",
           "/// `generate_language_grams.py`; do not edit.", "///",
           "/// Each entry: an upper-case ASCII letter for -log2 of a share (A is 0), then the triples",
           "/// that have it, three letters each, `_` being the edge of a word.",
           "///",
           "/// Sources: langdetect 1.0.9 (Apache-2.0), wordfreq 3.1.1 (Apache-2.0 and CC BY-SA 4.0),",
           "/// Django 5.2.8 (BSD-3-Clause), stopwordsiso 0.6.1 (MIT), lingua 1.3.5 (Apache-2.0); only",
           "/// frequencies are kept.",
           "enum LanguageGramTable {"]
    for name, group in (("latin", LATIN), ("cyrillic", CYRILLIC), ("arabic", ARABIC),
                        ("devanagari", DEVANAGARI)):
        out += ["  // swift-format-ignore", f"  static let {name}: [(language: String, tiers: String)] = ["]
        for entry in sorted(group.split()):
            language, sources = entry.split(":")
            lines = literal(tiers(language, sources))
            out.append(f'    ("{language}", """')
            out += [f"      {line}\\" for line in lines[:-1]] + [f"      {lines[-1]}", '      """),']
        out += ["  ]", ""]
    out[-1] = "}"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "LanguageGramTable.swift")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out) + "\n")


main()
