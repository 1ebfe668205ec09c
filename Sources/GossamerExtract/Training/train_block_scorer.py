"""Trains the network of `NetworkBlockScorer` and writes BlockWeights.swift.

    train_block_scorer.py CASES DUMPS BlockWeights.swift
    train_block_scorer.py CASES DUMPS --folds FOLDER

CASES holds sets of labelled pages (SET/cases.jsonl: id, url, and text, or with/without). DUMPS
holds what `gossamer-bench extraction SET --dump DUMPS` writes for each set: SET.dump.columns.json
(the names), SET.dump.texts.jsonl ({"id", "texts"} a page) and SET.dump.f32 (the rows of all pages,
32-bit floats).

--folds trains five networks, each without a fifth of the sites, and writes FOLDER/0.f32 to 4.f32
and folds.json, {SET: {id: fold}}: `gossamer-bench extraction SET --folds FOLDER` judges each page by
the network that has not seen its site.

Needs numpy (2.4.6 was used). Seed and order are fixed and one thread counts: the same rows give the
same weights."""
import collections
import json
import os
import re
import sys

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402  (reads the number of threads once)

WORD = re.compile(r"\w+")
# What the pages of a set count, or a known segment of pages of which only segments are known.
PAGE_WEIGHTS = {"scrapinghub": 3.0, "wcxb": 1.0}
SEGMENT_WEIGHT = 0.1
FOLDS = 5
HIDDEN, EPOCHS, BATCH = 16, 10, 2048
RATE, DECAY, DROPPED = 0.004, 3e-4, 0.25


def words(text):
    return [word.lower() for word in WORD.findall(text)]


def labels_by_text(texts, reference):
    """The share of each block that is in the reference: by triples of words, short ones by line,
    or by their neighbors where they stand inside a line."""
    wanted = words(reference)
    triples = {tuple(wanted[i:i + 3]) for i in range(len(wanted) - 2)}
    lines = {" ".join(words(line)) for line in reference.split("\n")}
    joined = " " + " ".join(wanted) + " "
    found = []
    for text in texts:
        own = words(text)
        if len(own) >= 5:
            parts = [tuple(own[i:i + 3]) for i in range(len(own) - 2)]
            found.append(sum(part in triples for part in parts) / len(parts))
        else:
            line = " ".join(own)
            found.append(1.0 if line in lines else 0.5 if f" {line} " in joined else 0.0)
    labels = list(found)
    for k, value in enumerate(found):
        if value == 0.5:
            before = next((v for v in reversed(found[max(0, k - 3):k]) if v != 0.5), 0)
            after = next((v for v in found[k + 1:k + 4] if v != 0.5), 0)
            labels[k] = 1.0 if before > 0.5 and after > 0.5 else 0.0
    return np.array(labels, dtype=np.float32)


def labels_by_segments(texts, case):
    """1 for blocks with a wanted segment, 0 for those with an unwanted one, -1 for the rest."""
    labels = np.full(len(texts), -1, dtype=np.float32)
    for k, text in enumerate(re.sub(r"\s+", " ", text) for text in texts):
        for label, segments in ((1, case.get("with", [])), (0, case.get("without", []))):
            for segment in segments:
                segment = re.sub(r"\s+", " ", segment).strip()
                if segment and (segment in text or (len(text) > 20 and text in segment)):
                    labels[k] = label
    return labels


def fold_of(url):
    host = re.sub(r"^https?://", "", url or "").split("/")[0].split(":")[0].lower()
    return sum(map(ord, ".".join(host.split(".")[-2:]))) % FOLDS


def read(cases_folder, dumps):
    """Rows, labels, weights and folds of all sets, and the fold of each page."""
    parts, folds = [], {}
    for name in ("scrapinghub", "wcxb", "trafilatura"):
        columns = json.load(open(f"{dumps}/{name}.dump.columns.json"))
        values = np.fromfile(f"{dumps}/{name}.dump.f32", dtype=np.float32).reshape(-1, len(columns))
        lines = open(f"{cases_folder}/{name}/cases.jsonl", encoding="utf-8")
        cases = {case["id"]: case for case in map(json.loads, lines)}
        folds[name] = {case["id"]: fold_of(case.get("url")) for case in cases.values()}
        start = 0
        for line in open(f"{dumps}/{name}.dump.texts.jsonl", encoding="utf-8"):
            page = json.loads(line)
            texts, case = page["texts"], cases[page["id"]]
            rows = values[start:start + len(texts)]
            start += len(texts)
            if not texts:
                continue
            if "text" in case:
                labels = labels_by_text(texts, case["text"])
                counts = np.array([max(1, len(WORD.findall(text))) for text in texts])
                weights = counts.astype(np.float32) ** 0.7
                weights *= PAGE_WEIGHTS[name] / weights.sum()
            else:
                labels = labels_by_segments(texts, case)
                weights = np.full(len(texts), SEGMENT_WEIGHT)
            known = labels >= 0
            fold = np.full(known.sum(), fold_of(case.get("url")))
            parts.append((rows[known], labels[known], weights[known].astype(np.float32), fold))
    return [np.concatenate(part) for part in zip(*parts)] + [folds]


def train(rows, labels, weights):
    """Adam on the weighted logistic loss, features dropped at random; the network as one array."""
    random = np.random.default_rng(0)
    mean = np.average(rows, axis=0, weights=weights)
    spread = np.sqrt(np.average((rows - mean) ** 2, axis=0, weights=weights)) + 0.05
    rows = ((rows - mean) / spread).astype(np.float32)
    weights = weights / weights.mean()
    count, columns = rows.shape
    network = [random.normal(0, 1 / np.sqrt(columns), (columns, HIDDEN)).astype(np.float32),
               np.zeros(HIDDEN, np.float32), random.normal(0, 0.3, HIDDEN).astype(np.float32),
               np.zeros(1, np.float32)]
    means = [np.zeros_like(part) for part in network]
    squares = [np.zeros_like(part) for part in network]
    step = 0
    for epoch in range(EPOCHS):
        rate = RATE * 0.5 * (1 + np.cos(np.pi * epoch / EPOCHS)) + 1e-5
        order, loss = random.permutation(count), 0.0
        for first in range(0, count, BATCH):
            batch = order[first:first + BATCH]
            kept = random.random((len(batch), columns), dtype=np.float32) > DROPPED
            x = rows[batch] * kept / np.float32(1 - DROPPED)
            units = x @ network[0] + network[1]
            active = np.maximum(units, 0)
            odds = 1 / (1 + np.exp(-np.clip(active @ network[2] + network[3], -30, 30)))
            y, w = labels[batch], weights[batch]
            loss -= float((w * (y * np.log(odds + 1e-7) + (1 - y) * np.log(1 - odds + 1e-7))).sum())
            error = (odds - y) * w / len(batch)
            below = np.outer(error, network[2]) * (units > 0)
            gradient = [x.T @ below + DECAY * network[0], below.sum(0),
                        active.T @ error + DECAY * network[2], error.sum(keepdims=True)]
            step += 1
            for k, slope in enumerate(gradient):
                means[k] = 0.9 * means[k] + 0.1 * slope
                squares[k] = 0.999 * squares[k] + 0.001 * slope ** 2
                change = means[k] / (1 - 0.9 ** step)
                change /= np.sqrt(squares[k] / (1 - 0.999 ** step)) + 1e-8
                network[k] = (network[k] - rate * change).astype(np.float32)
        print(f"  epoch {epoch + 1}: loss {loss / count:.4f}", flush=True)
    # The spread of the features goes into the weights, so that the product reads them as they are.
    first_layer = network[0] / spread[:, None]
    bias = network[1] - mean @ first_layer
    return np.concatenate([first_layer.ravel(), bias, network[2], network[3]])


def write_swift(network, path):
    lines, line = [], "    "
    for value in network:
        text = f"{value:.3g}," if abs(value) > 1e-6 else "0,"
        if len(line) + len(text) + 1 > 98:
            lines.append(line.rstrip())
            line = "    "
        line += text + " "
    lines.append(line.rstrip())
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"""/// The weights of `NetworkBlockScorer.standard`. Generated by `Training/train_block_scorer.py`; do
/// not edit.
enum BlockWeights {{
  /// Units of the hidden layer.
  static let hidden = {HIDDEN}

  // swift-format-ignore
  static let weights: [Float] = [
{chr(10).join(lines)}
  ]
}}
""")


def main():
    rows, labels, weights, fold, folds = read(sys.argv[1], sys.argv[2])
    print(f"{len(rows)} rows of {rows.shape[1]} features", flush=True)
    if sys.argv[3] != "--folds":
        return write_swift(train(rows, labels, weights), sys.argv[3])
    folder = sys.argv[4]
    os.makedirs(folder, exist_ok=True)
    with open(f"{folder}/folds.json", "w", encoding="utf-8") as out:
        json.dump(folds, out)
    for number in range(FOLDS):
        seen = fold != number
        network = train(rows[seen], labels[seen], weights[seen])
        network.astype(np.float32).tofile(f"{folder}/{number}.f32")


main()
