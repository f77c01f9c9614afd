"""A small collection for the explorer's tests: invented documents, taken into real records.

Strategy: the texts are written with marks, so that offsets are never counted by hand. ``[Kind:key|words]`` is a
mention of the entity ``key``; ``<1>words</1>`` is a passage, to which the statements below refer by its number. The
records are real, and so is the graph that is derived from them; only the extractor is left out.
"""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from records.decisions import Decision
from records.identities import Known
from records.model import (
    Author,
    Block,
    Contributor,
    Entity,
    Extraction,
    ExtractorInfo,
    Identity,
    Mention,
    Metadata,
    Reading,
    Span,
    Statement,
    mint,
    registered_key,
)
from records.store import Records

INFO = ExtractorInfo("seed", "1", "none", "0" * 64, "0" * 64)
MARK = re.compile(r"\[(\w+):([\w.-]+)\|([^\]]*)\]|<(\d+)>|</(\d+)>")
HOSTILE = "<script>alert(1)</script> {{ 7*7 }} \"quoted\" 'single' &amp; \u202egnirts\u202c \U0001f9ed"
FORMULA = "=HYPERLINK(\"http://example.org\")"


@dataclass(frozen=True)
class Who:
    """An entity of the seed: its kind, full name, sector and other names."""

    kind: str
    name: str
    sector: str = ""
    names: tuple[str, ...] = ()


WHO = {
    "northbridge": Who("Organisation", "Northbridge Borough Council", "local-government", ("NBC",)),
    "eastmarch": Who("Organisation", "Eastmarch County Council", "local-government"),
    "wexmoor": Who("Organisation", "University of Wexmoor", "academia"),
    "quillfield": Who("Organisation", "Quillfield Institute", "think-tank"),
    "ashdale": Who("Organisation", "Ashdale Community Health Trust", "health-and-care"),
    "fernhill": Who("Organisation", "Fernhill Carers’ Network", "voluntary-and-community"),
    "renewal": Who("Organisation", "Department for Local Renewal", "central-government", ("DLR",)),
    "pikeham": Who("Organisation", "Pikeham Advisory", "private-firm"),
    "lantern": Who("Organisation", "Lantern Street Advice", "voluntary-and-community"),
    "hostile": Who("Organisation", HOSTILE, "unknown"),
    "formula": Who("Organisation", FORMULA, "unknown"),
    "merged": Who("Organisation", "Wexmoor University", "academia"),
    "retyped": Who("Organisation", "Panel budgets", ""),
    "rowan": Who("Person", "Rowan Ashby"),
    "imogen": Who("Person", "Imogen Tarrant"),
    "tenants": Who("Group", "tenants", "citizens-and-service-users"),
    "nurses": Who("Group", "nurses on the ward", "health-and-care"),
    "saltmarsh": Who("Place", "Saltmarsh"),
    "loneliness": Who("Issue", "loneliness"),
    "repeat-calls": Who("Issue", "repeat repair calls"),
    "panels": Who("Intervention", "neighbourhood panels"),
    "plans": Who("Intervention", "family-written ward plans"),
    "satisfaction": Who("Outcome", "tenants’ satisfaction"),
    "staff-time": Who("Outcome", "staff time"),
    "missed": Who("Outcome", "missed appointments"),
    "co-production": Who("Idea", "Co-production"),
    "frontline-empowerment": Who("Idea", "Frontline empowerment"),
    "equity": Who("Idea", "Equity and inclusion"),
    "open-working": Who("Idea", "Open working"),
}


@dataclass(frozen=True)
class Said:
    """A statement of the seed: evidence if it has an idea, else a relation."""

    passages: tuple[int, ...]
    who: str
    role: str
    idea: str = ""
    stance: str = ""
    kind: str = ""
    relation: tuple[str, str, str] | None = None  # subject, predicate, object
    direction: str = ""
    confidence: float = 0.8
    affiliation: str = ""
    position: str = "unknown"
    sector: str = ""
    studies: tuple[str, ...] = ()
    by_default: bool = False


@dataclass(frozen=True)
class Sample:
    """A document of the seed. Paragraphs are parted by blank lines; ``# `` begins a heading, ``- `` an item."""

    filename: str
    title: str
    text: str
    said: tuple[Said, ...]
    authors: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    licence: str = ""
    address: str = ""
    pages: bool = False
    notes: tuple[str, ...] = field(default=())


def text_of(name: str) -> str:
    """The marked text in ``texts/<name>.txt``."""
    return (Path(__file__).parent / "texts" / f"{name}.txt").read_text("utf-8").rstrip("\n")


SAMPLES = (
    Sample(
        "panels.html", "Listening first: two years of neighbourhood panels",
        text_of("panels"),
        (
            Said((1,), "northbridge", "author", "co-production", "supports", "argument", confidence=0.83),
            Said((2,), "tenants", "quoted", "co-production", "supports", "case", confidence=0.71,
                 position="service-user"),
            Said((3,), "northbridge", "author", "co-production", "supports", "finding", confidence=0.94),
            Said((6,), "wexmoor", "quoted", "co-production", "challenges", "finding", confidence=0.91,
                 studies=("Wexmoor panel study",)),
            Said((7,), "fernhill", "quoted", "equity", "challenges", "case", confidence=0.77),
            Said((8,), "northbridge", "author", "co-production", "supports", "recommendation", confidence=0.69),
            Said((3,), "northbridge", "author", relation=("panels", "leads_to", "repeat-calls"), direction="decreases"),
            Said((4,), "northbridge", "author", relation=("panels", "leads_to", "satisfaction"), direction="increases"),
            Said((5,), "northbridge", "author", relation=("panels", "leads_to", "missed"), direction="no_change"),
            Said((1,), "northbridge", "author", relation=("northbridge", "delivers", "panels"), by_default=True),
            Said((1,), "northbridge", "author", relation=("panels", "located_in", "saltmarsh"), by_default=True),
            Said((2,), "northbridge", "author", relation=("panels", "addresses", "loneliness"), by_default=True),
            Said((1, 3), "northbridge", "author", relation=("co-production", "leads_to", "satisfaction"),
                 direction="increases", confidence=0.55),
        ),
        authors=("northbridge",), publisher="Northbridge Borough Council", date="2024-03-14",
        licence="Open Government Licence v3.0", address="https://northbridge.example/panels",
        notes=("the page's menu and comment form were cut",),
    ),
    Sample(
        "price.pdf", "The price of partnership",
        text_of("price"),
        (
            Said((1,), "wexmoor", "author", "co-production", "challenges", "finding", confidence=0.89,
                 studies=("Wexmoor panel study",)),
            Said((2,), "wexmoor", "author", "co-production", "challenges", "finding", confidence=0.71,
                 studies=("Wexmoor panel study",)),
            Said((3,), "wexmoor", "author", relation=("panels", "leads_to", "staff-time"), direction="increases"),
        ),
        authors=("wexmoor",), publisher="University of Wexmoor", date="2023-11", pages=True,
    ),
    Sample(
        "bedside.odt", "Plans made at the bedside",
        text_of("bedside"),
        (
            Said((1,), "ashdale", "author", "co-production", "supports", "finding", confidence=0.88),
            Said((2,), "nurses", "quoted", "frontline-empowerment", "supports", "case", confidence=0.66,
                 position="front-line"),
            Said((3,), "imogen", "cited", "frontline-empowerment", "supports", "argument", confidence=0.74,
                 affiliation="ashdale", position="manager", sector="health-and-care"),
            Said((1,), "ashdale", "author", relation=("plans", "leads_to", "staff-time"), direction="decreases"),
            Said((1,), "ashdale", "author", relation=("ashdale", "delivers", "plans")),
            Said((3,), "ashdale", "author", relation=("imogen", "affiliated_with", "ashdale")),
            Said((1,), "ashdale", "author", relation=("imogen", "delivers", "plans"), by_default=True),
        ),
        authors=("ashdale",), publisher="Ashdale Community Health Trust", date="2022",
    ),
    Sample(
        "equal.md", "Equal partners",
        text_of("equal"),
        (
            Said((1,), "rowan", "author", "co-production", "supports", "argument", confidence=0.91,
                 affiliation="quillfield", sector="think-tank", position="researcher",
                 studies=("Quillfield fellowship",)),
            Said((2,), "quillfield", "author", "co-production", "supports", "recommendation", confidence=0.77,
                 studies=("Quillfield fellowship",)),
            Said((3,), "renewal", "cited", "co-production", "discusses", "finding", confidence=0.58),
            Said((1,), "rowan", "author", relation=("rowan", "affiliated_with", "quillfield")),
        ),
        authors=("rowan",), publisher="Quillfield Institute", date="2019-10-09",
    ),
    Sample(
        "twelve.txt", "The same twelve people",
        text_of("twelve"),
        (
            Said((1,), "eastmarch", "cited", "co-production", "challenges", "case", confidence=0.62),
            Said((2,), "merged", "cited", "co-production", "challenges", "finding", confidence=0.5),
            Said((2,), "pikeham", "author", "open-working", "discusses", "argument", confidence=0.41),
        ),
        authors=("pikeham",), publisher="Pikeham Advisory", date="2023-11-21",
    ),
    Sample(
        "hostile.html", HOSTILE,
        f"""[Organisation:hostile|Hostile & Sons] says: <1>{HOSTILE}</1> and nothing else.

[Organisation:formula|Sum] adds: <2>+1 for {FORMULA} "in quotes".</2>""",
        (
            Said((1,), "hostile", "quoted", "open-working", "supports", "argument", confidence=0.6),
            Said((2,), "formula", "quoted", "open-working", "challenges", "argument", confidence=0.6),
        ),
        authors=("hostile",), publisher=HOSTILE, address="javascript:alert(1)",
    ),
)


def long_sample(paragraphs: int = 450) -> Sample:
    """A report that is shown in two parts, with a statement in each."""
    texts = [f"Paragraph {n} of the long report says little, as reports do." for n in range(1, paragraphs + 1)]
    texts[1] = "<1>Open working kept the project honest from its first week.</1>"
    texts[-1] = "<2>Working in the open cost us two days a month.</2>"
    return Sample(
        "long.docx", "A long report", "\n\n".join(texts),
        (Said((1,), "lantern", "author", "open-working", "supports", "case"),
         Said((2,), "lantern", "author", "open-working", "challenges", "finding")),
        authors=("lantern",), publisher="Lantern Street Advice", date="2021-05-02",
    )


# ------------------------------------------------------------------------------------------------- into the records

def parse(sample: Sample) -> tuple[Reading, Extraction]:
    """The reading and the extraction that a marked text stands for."""
    text, blocks, mentions, passages, used = "", [], [], {}, {}
    for number, part in enumerate(sample.text.split("\n\n")):
        kind = "heading" if part.startswith("# ") else "item" if part.startswith("- ") else "paragraph"
        part = part.removeprefix("# ").removeprefix("- ")
        start, last = len(text), 0
        for mark in MARK.finditer(part):
            text += part[last:mark.start()]
            last = mark.end()
            if mark[1]:
                mentions.append((len(text), len(text) + len(mark[3]), mark[1], mark[2]))
                used[mark[2]] = None
                text += mark[3]
            elif mark[4]:
                passages[int(mark[4])] = (len(text), 0)
            else:
                passages[int(mark[5])] = (passages[int(mark[5])][0], len(text))
        text += part[last:]
        blocks.append(Block(kind, start, len(text), number // 2 + 1 if sample.pages else None))
        text += "\n\n"
    text = text.removesuffix("\n\n")
    for said in sample.said:
        related = (said.relation[0], said.relation[2]) if said.relation else ()
        for key in (said.who, said.idea, said.affiliation, *related):
            if key:
                used[key] = None
    used |= dict.fromkeys(sample.authors)
    place = {key: n for n, key in enumerate(used)}
    entities = tuple(
        Entity(WHO[key].kind, WHO[key].name, (f"{WHO[key].kind.lower()}:{key}",), WHO[key].sector, WHO[key].names)
        for key in used
    )

    def contributor(said: Said) -> Contributor:
        return Contributor(
            place[said.who], said.role, said.sector or WHO[said.who].sector or "unknown", said.position,
            place[said.affiliation] if said.affiliation else None, said.by_default,
        )

    statements = tuple(
        Statement(
            contributor(said), tuple(Span(*passages[n]) for n in said.passages), said.confidence,
            idea=place[said.idea] if said.idea else None, stance=said.stance, kind=said.kind,
            subject=place[said.relation[0]] if said.relation else None,
            predicate=said.relation[1] if said.relation else "",
            object=place[said.relation[2]] if said.relation else None, direction=said.direction, studies=said.studies,
            reason="written for a test",
        )
        for said in sample.said
    )
    extraction = Extraction(
        entities, tuple(Mention(s, e, kind, place[key], 0.9, "seed") for s, e, kind, key in mentions), statements,
        tuple(Contributor(place[key], "author", WHO[key].sector or "unknown") for key in sample.authors),
    )
    metadata = Metadata(
        sample.title, tuple(Author(WHO[key].name, kind=WHO[key].kind) for key in sample.authors), sample.publisher,
        sample.date, sample.licence, "en", sample.address,
    )
    return Reading(text, tuple(blocks), metadata, "seed", "1", "text/plain", sample.notes), extraction


@dataclass(frozen=True)
class Resolved:
    identities: tuple[Identity, ...]
    candidates: tuple[tuple[str, str, float, tuple[str, ...]], ...] = ()


def resolve(extraction: Extraction, known: Known, document_id: str) -> Resolved:
    """Registers each entity under its key; an idea's id is the idea's own."""
    found = []
    for entity in extraction.entities:
        key = registered_key(entity.keys[0], document_id)
        if key not in known:
            id_ = key.partition(":")[2] if entity.kind == "Idea" else mint(key)
            found.append(Identity(id_, entity.kind, entity.name, entity.sector, entity.names, (key,)))
    return Resolved(tuple({identity.identity_id: identity for identity in found}.values()))


def identity_id(key: str) -> str:
    """The id of an entity of the seed."""
    return key if WHO[key].kind == "Idea" else mint(f"{WHO[key].kind.lower()}:{key}")


def take_in(records: Records, samples: Sequence[Sample]) -> dict[str, str]:
    """Takes the samples in; gives the document's id for each filename."""
    ids = {}
    for sample in samples:
        reading, extraction = parse(sample)
        taken = records.take_in(
            reading, sample.text.encode(), sample.filename, f"file:/samples/{sample.filename}", extraction, INFO,
            resolve,
        )
        ids[sample.filename] = taken.document_id
    return ids


def decide(records: Records, documents: dict[str, str]) -> None:
    """What editors decided: one statement accepted, one disputed, a merge, another type, a source withdrawn."""
    panels = records.snapshot(documents["panels.html"])
    twelve = records.snapshot(documents["twelve.txt"])
    records.decide(Decision("accept", panels.statement_ids[2], who="editor", why="seen", version=panels.version))
    records.decide(
        Decision("dispute", twelve.statement_ids[0], who="editor", why="the council does", version=twelve.version)
    )
    records.decide(Decision("merge", identity_id("merged"), identity_id("wexmoor"), who="editor", why="one body"))
    records.decide(Decision("retype", identity_id("retyped"), "Intervention", who="editor", why="not a body"))
    records.decide(Decision("withdraw", documents["long.docx"], who="editor", why="asked by its author"))
