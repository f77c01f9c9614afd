"""Counts the lexicon's tables on annotated documents. Needs numpy, which spaCy brings.

Log-odds of a cue are counts alone. How much a sort of cue counts ("trust") is fitted by
gradient descent on folds of documents that the counts did not see, so that sorts that say the
same twice are not believed twice.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest import lexicon

Floats = npt.NDArray[np.float64]

FOLDS = 5
SMOOTHING = 5
LEAST_SEEN = 5
_WORD = re.compile(r"[a-z0-9]+(?:[-.'’][a-z0-9]+)*")
_LIGHT = frozenset({"the", "a", "an", "of", "for", "to", "and", "in", "on", "its", "their", "our", "'s", "’s"})
# Several candidates may match one annotated mention, so that counts alone flatter long verb phrases.
FLOORS = {("verb", "Intervention"): 0.4, ("verb", "Issue"): 0.26, ("noun", "Outcome"): 0.3}
_FORCED = frozenset({"kind"})  # one of the kinds always holds


def content(text: str) -> frozenset[str]:
    """The content words of a span."""
    words = [re.sub(r"['’]s$", "", word) for word in _WORD.findall(text.lower())]
    return frozenset(word for word in words if word not in _LIGHT) or frozenset(words)


def alike(one: str, other: str, names: bool = False) -> bool:
    """Whether two spans share half of their content words; of names one may also be part of the other."""
    a, b = content(one), content(other)
    if names and a and b and (a <= b or b <= a):
        return True
    return bool(a and b) and len(a & b) / len(a | b) >= 0.5


@dataclass(frozen=True, slots=True)
class Candidate:
    """Cues of a candidate in document number ``document``, and the kind that the annotators gave it ("": none)."""

    document: int
    cues: tuple[str, ...]
    kind: str


def _counts(rows: Sequence[Candidate], kinds: Sequence[str]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(kinds))
    number = {kind: i for i, kind in enumerate(kinds)}
    for row in rows:
        k = number[row.kind]
        for cue in row.cues:
            if cue:
                counts[cue][k] += 1
    return counts


def _features(
    rows: Sequence[Candidate], counts: Mapping[str, list[int]], prior: Sequence[float], sorts: Sequence[str]
) -> Floats:
    """For each candidate and sort of cue the sum of log-odds for each kind."""
    odds = {cue: lexicon.log_odds(sum(c), c, prior, SMOOTHING) for cue, c in counts.items() if sum(c) >= LEAST_SEEN}
    number = {sort: i for i, sort in enumerate(sorts)}
    features = np.zeros((len(rows), len(sorts), len(prior)))
    for i, row in enumerate(rows):
        for cue in row.cues:
            if cue in odds:
                features[i, number[lexicon.sort_of(cue)]] += odds[cue]
    return features


def _fit(
    features: Floats, kinds: npt.NDArray[np.int64], prior: Sequence[float], steps: int = 400, rate: float = 0.05
) -> tuple[Floats, Floats]:
    """Trust in each sort and base of each kind that make the annotated kinds likeliest (Adam)."""
    n, sorts, _ = features.shape
    values = np.concatenate([np.full(sorts, 0.4), np.log(prior)])
    mean, square = np.zeros_like(values), np.zeros_like(values)
    turned = np.ascontiguousarray(features.transpose(0, 2, 1))
    for step in range(1, steps + 1):
        scores = turned @ values[:sorts] + values[sorts:]
        scores -= scores.max(1, keepdims=True)
        p = np.exp(scores)
        p /= p.sum(1, keepdims=True)
        p[np.arange(n), kinds] -= 1
        slope = np.concatenate([np.einsum("ngk,nk->g", features, p) / n, p.mean(0)])
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        values -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-9)
    return values[:sorts], values[sorts:]


def _least(shape: str, probabilities: Floats, kinds: npt.NDArray[np.int64], names: Sequence[str]) -> dict[str, float]:
    """For each kind the probability from which on candidates are taken.

    Where F1 is at its best; for mentions the highest at which it is within a fiftieth of that: where
    F1 is flat, fewer and better ones.
    """
    least = {}
    best = probabilities[:, 1:].argmax(1) + 1
    near = 0.98 if shape in ("name", "noun", "verb") else 1.0
    for k in range(1, len(names)):
        scored = []
        for at in np.arange(0.16, 0.62, 0.02):
            chosen = (best == k) & (probabilities[:, k] >= at)
            right = int((chosen & (kinds == k)).sum())
            scored.append((2 * right / max(1, int(chosen.sum()) + int((kinds == k).sum())), round(float(at), 2)))
        top = max(score for score, _ in scored)
        least[names[k]] = max(at for score, at in scored if score >= near * top)
        least[names[k]] = max(least[names[k]], FLOORS.get((shape, names[k]), 0.0))
    return least


def measure_shape(shape: str, rows: Sequence[Candidate]) -> tuple[dict[str, Any], dict[str, list[int]], str]:
    """Trust, counts and a line of report (precision/recall of each kind on unseen folds) for one shape."""
    kinds = lexicon.KINDS[shape]
    fold = np.array([row.document % FOLDS for row in rows])
    wanted = np.array([kinds.index(row.kind) for row in rows])
    prior = [float(p) for p in (np.bincount(wanted, minlength=len(kinds)) + 0.1) / (len(rows) + 0.1 * len(kinds))]
    sorts = sorted({lexicon.sort_of(cue) for row in rows for cue in row.cues if cue})
    features = np.zeros((len(rows), len(sorts), len(kinds)))
    for f in range(FOLDS):
        counts = _counts([row for row, g in zip(rows, fold, strict=True) if g != f], kinds)
        features[fold == f] = _features(
            [row for row, g in zip(rows, fold, strict=True) if g == f], counts, prior, sorts
        )
    trust, base = _fit(features, wanted, prior)
    scores = features.transpose(0, 2, 1) @ trust + base
    p = np.exp(scores - scores.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    least = dict.fromkeys(kinds[1:], 0.0) if shape in _FORCED else _least(shape, p, wanted, kinds)
    trusts = {s: round(float(t), 3) for s, t in zip(sorts, trust, strict=True)}
    row: dict[str, Any] = {
        "prior": [round(x, 6) for x in prior],
        "smoothing": SMOOTHING,
        "base": [round(float(x), 4) for x in base],
        "least": least,
        "sorts": trusts,
    }
    counts = {cue: c for cue, c in _counts(rows, kinds).items() if sum(c) >= LEAST_SEEN}
    counts = {
        cue: c
        for cue, c in counts.items()
        if trusts[lexicon.sort_of(cue)] > 0.05 and _tells(c, prior) and not _namesa_person(shape, cue, c)
    }
    best = p[:, 1:].argmax(1) + 1
    line = [shape]
    for k, kind in enumerate(kinds[1:], 1):
        chosen = (best == k) & (p[:, k] >= least[kind])
        right = int((chosen & (wanted == k)).sum())
        line.append(f"{kind} {right / max(1, int(chosen.sum())):.2f}/{right / max(1, int((wanted == k).sum())):.2f}")
    return row, counts, "  ".join(line)


def _tells(counts: Sequence[int], prior: Sequence[float]) -> bool:
    """Whether a cue's kinds differ from those of all candidates by more than chance (chi square)."""
    seen = sum(counts)
    return sum((c - seen * p) ** 2 / (seen * p) for c, p in zip(counts, prior, strict=True)) > 6


def _namesa_person(shape: str, cue: str, counts: Sequence[int]) -> bool:
    """No names of people of the annotated documents go into the tables."""
    return shape == "name" and cue.startswith(("s:", "last:", "first:")) and counts[1] > 0


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Writes a table as CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def measure(shapes: Mapping[str, Sequence[Candidate]], target: Path = lexicon.FOLDER) -> Iterator[str]:
    """Writes the table and the trust of each shape; gives a line of report for each."""
    path = target / "trust.json"
    trusts = json.loads(path.read_text("utf-8")) if path.exists() else {}
    for shape, rows in shapes.items():
        trusts[shape], counts, line = measure_shape(shape, rows)
        write_table(
            target / f"{shape}.csv",
            ["cue", "seen", *lexicon.KINDS[shape][1:]],
            ([cue, sum(c), *c[1:]] for cue, c in sorted(counts.items())),
        )
        yield f"{line}  ({len(rows)} candidates, {len(counts)} cues)"
    path.write_text(json.dumps(trusts, indent=1, sort_keys=True) + "\n", "utf-8")


def measure_stances(rows: Sequence[Candidate], usual: Mapping[str, int], target: Path = lexicon.FOLDER) -> str:
    """Writes the table of stances, counted on chosen passages, and its trust; gives a line of report.

    Passages were chosen so that all stances occur; ``usual`` says how often each does in documents
    as they come. The base lies three quarters of the way to that, and all words count by half:
    set by hand, where few challenges were found wrongly on annotated documents.
    """
    kinds = lexicon.KINDS["stance"]
    counts = {cue: c for cue, c in _counts(rows, kinds).items() if sum(c) >= 2}
    chosen = np.array([sum(row.kind == kind for row in rows) for kind in kinds[1:]]) / len(rows)
    natural = np.array([usual.get(kind, 0) + 1 for kind in kinds[1:]]) / (sum(usual.values()) + 3)
    base = 0.25 * np.log(chosen) + 0.75 * np.log(natural)
    path = target / "trust.json"
    trusts = json.loads(path.read_text("utf-8"))
    trusts["stance"] = {
        "prior": [1e-6, *(round(float(x), 6) for x in chosen)],
        "smoothing": 1,
        "base": [-30.0, *(round(float(x), 4) for x in base)],
        "least": dict.fromkeys(kinds[1:], 0.0),
        "sorts": {"w": 0.5, "n": 0.5},
    }
    path.write_text(json.dumps(trusts, indent=1, sort_keys=True) + "\n", "utf-8")
    write_table(
        target / "stance.csv", ["cue", "seen", *kinds[1:]], ([cue, sum(c), *c[1:]] for cue, c in sorted(counts.items()))
    )
    return f"stance  ({len(rows)} passages, {len(counts)} cues)"
