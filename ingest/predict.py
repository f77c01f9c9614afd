"""``python -m ingest predict``: what the extractor finds, in the form in which it is evaluated.

Documents come as numbered sentences and go out one JSON object a line: mentions, relations and
evidence, by number of sentence. Unnamed voices (groups) are left out, since that form has none.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from pathlib import Path
from typing import Any

from errors import EmptyTextError
from ingest.extractor import Extractor
from ingest.numbered import Numbered, read_numbered
from records.model import Extraction, Statement


def predict(extractor: Extractor, folder: Path, output: Path) -> int:
    """Writes one line for each ``*.json`` of ``folder``; gives their number.

    Raises DamagedError for a file of another form, EmptyTextError when the folder has none.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise EmptyTextError(str(folder), "no *.json in it")
    with output.open("w", encoding="utf-8") as file:
        for path in files:
            document = read_numbered(path)
            extraction = extractor.extract(document.text, document.blocks, document.metadata, document.sentences)
            file.write(json.dumps(to_row(document, extraction), ensure_ascii=False) + "\n")
    return len(files)


def to_row(document: Numbered, extraction: Extraction) -> dict[str, Any]:
    """An extraction in the exchange form."""
    starts = [span.start for span in document.sentences]

    def sentence(at: int) -> int:
        return max(0, bisect_right(starts, at) - 1)

    ideas = {
        number: entity.keys[0].partition(":")[2]
        for number, entity in enumerate(extraction.entities)
        if entity.kind == "Idea"
    }
    names = {number: entity.name for number, entity in enumerate(extraction.entities)}
    if extraction.publisher is not None:
        names[extraction.publisher] = document.metadata.publisher
    mentions: list[dict[str, Any]] = []
    seen: set[tuple[object, ...]] = set()
    for mention in extraction.mentions:
        if mention.kind == "Group":
            continue
        row: dict[str, Any] = {
            "s": sentence(mention.start),
            "text": document.text[mention.start : mention.end],
            "type": mention.kind,
        }
        if mention.kind == "Idea":
            row["idea"] = ideas[mention.entity]
        if (mark := tuple(row.values())) not in seen:
            seen.add(mark)
            mentions.append(row)

    # The form names the ends of a relation by the text of a mention: an idea by the words for it in that sentence.
    said: dict[tuple[int, int], str] = {}
    for mention in extraction.mentions:
        if mention.kind == "Idea":
            said.setdefault((mention.entity, sentence(mention.start)), document.text[mention.start : mention.end])

    def end_of(entity: int, statement: Statement) -> str:
        place = sentence(statement.passages[0].start)
        return said.get((entity, place), names[entity])

    relations: list[dict[str, Any]] = []
    evidence: list[dict[str, Any]] = []
    pairs: set[tuple[str, str, str]] = set()
    for statement in extraction.statements:
        if statement.idea is not None:
            entity = extraction.entities[statement.contributor.entity]
            if entity.kind == "Group":
                continue
            evidence.append(
                {
                    "s": [sentence(p.start) for p in statement.passages],
                    "contributor": names[statement.contributor.entity],
                    "role": statement.contributor.role,
                    "idea": ideas[statement.idea],
                    "stance": statement.stance,
                    "kind": statement.kind,
                }
            )
            continue
        assert statement.subject is not None and statement.object is not None
        head, tail = end_of(statement.subject, statement), end_of(statement.object, statement)
        if (statement.predicate, head, tail) in pairs:
            continue
        pairs.add((statement.predicate, head, tail))
        relation: dict[str, Any] = {
            "s": sentence(statement.passages[0].start),
            "type": statement.predicate,
            "head": head,
            "tail": tail,
        }
        if statement.direction:
            relation["direction"] = statement.direction
        relations.append(relation)
    return {"id": document.id, "mentions": mentions, "relations": relations, "evidence": evidence}
