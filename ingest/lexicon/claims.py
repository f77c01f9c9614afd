"""Candidates for relations and evidence on annotated documents.

They are made of the mentions that the components find, so that a cue is worth what it is worth
when mentions are not perfect.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language

from ingest.components import relations
from ingest.evidence import (
    Findings,
    author_cues,
    idea_sentences,
    near_sentences,
    passage_cues,
    sentence_words,
    stance_cues,
    voice_cues,
)
from ingest.lexicon.measure import Candidate, alike
from ingest.lexicon.mentions import Annotated
from ingest.tokens import read_tokens

_NAMES = {"affiliated_with": (True, True), "delivers": (True, False), "located_in": (True, True)}


def relation_candidates(documents: Sequence[Annotated]) -> list[Candidate]:
    """Pairs of found mentions with the annotated relation that they match. The Docs carry what was found."""
    rows = []
    for number, document in enumerate(documents):
        tokens, found, text = document.tokens, document.doc._.found, document.tokens.source
        gold: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for relation in document.annotation["relations"]:
            gold[relation["type"]].append((relation["head"], relation["tail"]))
        for pair in relations.find_pairs(tokens, found):
            head = document.numbered.metadata.publisher
            if pair.subject != relations.PUBLISHER:
                f = found[pair.subject]
                head = text[tokens.start[f.start] : tokens.end[f.end - 1]]
            f = found[pair.object]
            tail = text[tokens.start[f.start] : tokens.end[f.end - 1]]
            kind = ""
            for predicate, types in relations.FITS.items():
                if pair.types not in types:
                    continue
                names = _NAMES.get(predicate, (False, False))
                if any(alike(h, head, names[0]) and alike(t, tail, names[1]) for h, t in gold[predicate]):
                    kind = predicate
                    break
            rows.append(Candidate(number, tuple(dict.fromkeys(pair.cues)), kind))
    return rows


def rule_rows(documents: Sequence[Annotated]) -> list[tuple[str, int, int, str]]:
    """For each rule of attribution to a named speaker how often it fired and how often the annotation agrees."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for document in documents:
        doc = document.doc
        authors = [author.name for author in document.numbered.metadata.authors]
        others = [row["contributor"] for row in document.annotation["evidence"] if row["role"] != "author"]
        for said in doc._.attributions:
            speaker = doc._.found[said.speaker]
            name = doc[speaker.start : speaker.end].text
            if speaker.kind == "Group" or any(alike(name, author, names=True) for author in authors):
                continue
            seen[said.reason] += 1
            right[said.reason] += any(alike(name, other, names=True) for other in others)
    return [(rule, count, right[rule], "counted") for rule, count in sorted(seen.items())]


def evidence_candidates(
    documents: Sequence[Annotated], findings: Sequence[Findings], titles: Sequence[Sequence[str]]
) -> dict[str, list[Candidate]]:
    """Candidates for the author's ideas, others' ideas, passages and kinds."""
    rows: dict[str, list[Candidate]] = {name: [] for name in ("author", "voice", "passage", "kind")}
    for number, (document, found, title) in enumerate(zip(documents, findings, titles, strict=True)):
        evidence: list[dict[str, Any]] = document.annotation["evidence"]
        own = {row["idea"] for row in evidence if row["role"] == "author"}
        said = idea_sentences(found)
        chosen = []
        for idea, cues in author_cues(found, title).items():
            rows["author"].append(Candidate(number, tuple(cues), "author" if idea in own else ""))
            if idea in own:
                chosen.append(idea)
                marked = {s for row in evidence if row["role"] == "author" and row["idea"] == idea for s in row["s"]}
                for s in said.get(idea, {}):
                    rows["passage"].append(
                        Candidate(
                            number,
                            tuple(dict.fromkeys(passage_cues(found, s, said[idea], "author", False))),
                            "passage" if s in marked else "",
                        )
                    )
        for (entity, idea), cues in voice_cues(found, chosen).items():
            match = next(
                (
                    row
                    for row in evidence
                    if row["role"] != "author"
                    and row["idea"] == idea
                    and alike(row["contributor"], found.book.name_of(entity), names=True)
                ),
                None,
            )
            rows["voice"].append(Candidate(number, tuple(cues), match["role"] if match else ""))
            if match:
                near = near_sentences(found, entity, said[idea])
                spoken = {s for heard in found.heard.get(entity, ()) for s in heard.sentences}
                for s in near:
                    rows["passage"].append(
                        Candidate(
                            number,
                            tuple(dict.fromkeys(passage_cues(found, s, near, match["role"], s in spoken))),
                            "passage" if s in match["s"] else "",
                        )
                    )
        seen = set()
        for row in evidence:
            words = tuple(dict.fromkeys(cue for s in row["s"] for cue in sentence_words(found, s)))
            if (mark := (row["idea"], row["kind"], words)) in seen:
                continue  # one row for each author of one document
            seen.add(mark)
            rows["kind"].append(Candidate(number, ("role:" + row["role"], "idea:" + row["idea"], *words), row["kind"]))
    return rows


def stance_candidates(path: Path, language: Language) -> list[Candidate]:
    """Passages of a file of stances (one JSON object a line) with the stance that each takes."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    result = []
    for number, (row, doc) in enumerate(zip(rows, language.pipe(row["passage"] for row in rows), strict=True)):
        tokens = read_tokens(doc)
        result.append(Candidate(number, tuple(stance_cues(tokens, 0, len(tokens))), row["stance"]))
    return result
