"""Fragments made up by a seeded generator: what real documents put into the graph, in number and kind.

Things are drawn from a pool with a frequency of 1/rank, so that some are hubs. Every fragment passes the gate.
"""
from __future__ import annotations

import random
from dataclasses import dataclass

from graph.fragment import Fragment, Node, Properties, Relationship
from ontology.model import Ontology, load
from ontology.terms import Direction, Kind, Label, Predicate, Relation, Role, Stance
from records.model import mint

KINDS = (
    Label.PERSON, Label.ORGANISATION, Label.GROUP, Label.PLACE, Label.ISSUE, Label.INTERVENTION, Label.OUTCOME,
    Label.IDEA,
)
SPEAKERS = (Label.PERSON, Label.ORGANISATION, Label.GROUP)
ENDS = {
    Predicate.AFFILIATED_WITH: (Label.PERSON, Label.ORGANISATION),
    Predicate.DELIVERS: (Label.ORGANISATION, Label.INTERVENTION),
    Predicate.ADDRESSES: (Label.INTERVENTION, Label.ISSUE),
    Predicate.LEADS_TO: (Label.INTERVENTION, Label.OUTCOME),
    Predicate.LOCATED_IN: (Label.ORGANISATION, Label.PLACE),
}


@dataclass(frozen=True)
class Size:
    """How much a document holds. The defaults are those of a post of 1,000 words."""

    words: int = 1000
    mentions: int = 60
    passages: int = 15
    statements: int = 20
    things: int = 30


class Generator:
    """``fragment(number)`` depends on the seed and the number alone. ``space`` keeps two sets of ids apart."""

    def __init__(self, seed: int = 1, pool: int = 3000, size: Size | None = None, space: str = "") -> None:
        self.seed, self.size, self.space = seed, size or Size(), space
        self.ontology: Ontology = load()
        self.vocabulary = [f"word{number}" for number in range(4000)]
        self.pool: dict[Label, list[Node]] = {kind: [] for kind in KINDS}
        for number in range(pool):
            kind = KINDS[number % len(KINDS)]
            name = f"{kind.lower()} {' '.join(random.Random(number).choices(self.vocabulary, k=2))} {number}"
            self.pool[kind].append(Node(
                mint("thing", space, str(number)), self.ontology.labels_of(kind),
                {"name": name, "aliases": [f"T{number}"]},
            ))
        self.weights = {kind: [1 / (rank + 1) for rank in range(len(nodes))] for kind, nodes in self.pool.items()}

    def fragments(self, count: int, first: int = 0) -> list[Fragment]:
        return [self.fragment(number) for number in range(first, first + count)]

    def fragment(self, number: int, version: int = 0) -> Fragment:
        """The fragment of a document; another ``version`` of it has another text, and half of its rows in common."""
        return _Maker(self, number, version).make()


class _Maker:
    def __init__(self, generator: Generator, number: int, version: int) -> None:
        self.generator, self.number, self.version = generator, number, version
        self.size = generator.size
        self.choice = random.Random(f"{generator.seed} {number} {version}")
        self.id = mint("document", generator.space, str(number))
        self.owned: list[Node] = []
        self.shared: dict[tuple[str, str], Node] = {}
        self.relationships: list[Relationship] = []
        each = max(self.size.things // len(KINDS), 1)
        self.things = {
            kind: [self.pick(kind) for _ in range(each)] for kind in KINDS
        }

    def pick(self, kind: Label) -> Node:
        return self.choice.choices(self.generator.pool[kind], self.generator.weights[kind])[0]

    def text(self, words: int) -> str:
        return " ".join(self.choice.choices(self.generator.vocabulary, k=words))

    def row_id(self, what: str, number: int) -> str:
        version = self.version if number % 2 else 0
        return mint(self.id, what, str(number), str(version))

    def own(self, id_: str, label: Label, properties: Properties) -> None:
        self.owned.append(Node(id_, self.generator.ontology.labels_of(label), properties))

    def use(self, node: Node) -> str:
        self.shared[node.labels[0], node.id] = node
        return node.id

    def relate(self, type_: Relation, start: tuple[Label, str], end: tuple[Label, str], **properties: object) -> None:
        self.relationships.append(Relationship(type_, start[0], start[1], end[0], end[1], properties))

    def make(self) -> Fragment:
        document = (Label.DOCUMENT, self.id)
        self.own(self.id, Label.DOCUMENT, {
            "title": f"Document {self.number}", "date": "2024-03-05", "year": 2024, "publisher": "A publisher",
            "language": "en", "filename": f"{self.number}.html", "media_type": "text/html", "words": self.size.words,
            "state": "active", "version": mint(self.id, str(self.version)), "read_at": "2026-01-01T00:00:00.000Z",
            "authors_by_default": False, "text": self.text(self.size.words),
        })
        counts: dict[str, int] = {}
        everything = [node for nodes in self.things.values() for node in nodes]
        for number in range(self.size.mentions):
            thing = self.choice.choice(everything)
            mention = (Label.MENTION, self.row_id("mention", number))
            self.own(mention[1], Label.MENTION, {
                "start": number * 20, "end": number * 20 + 15, "quote": "fifteen letters", "kind": thing.labels[-1],
                "confidence": 0.75, "paragraph": number // 5 + 1, "found_by": "names",
            })
            self.relate(Relation.IN_DOCUMENT, mention, document)
            self.relate(Relation.REFERS_TO, mention, (Label.THING, self.use(thing)))
            counts[thing.id] = counts.get(thing.id, 0) + 1
        for thing_id, count in counts.items():
            self.relate(Relation.MENTIONS, document, (Label.THING, thing_id), count=count)
        author = self.choice.choice(self.things[Label.PERSON])
        self.relate(Relation.WRITTEN_BY, document, (Label.THING, self.use(author)), order=0)
        passages = []
        for number in range(self.size.passages):
            passage = (Label.PASSAGE, self.row_id("passage", number))
            passages.append(passage)
            self.own(passage[1], Label.PASSAGE, {
                "start": number * 200, "end": number * 200 + 150, "quote": self.text(25), "paragraph": number + 1,
            })
            self.relate(Relation.PART_OF, passage, document)
        for number in range(self.size.statements):
            self.add_statement(number, self.choice.choice(passages))
        return Fragment(self.id, tuple(self.owned), tuple(self.shared.values()), tuple(self.relationships))

    def add_statement(self, number: int, passage: tuple[Label, str]) -> None:
        ontology = self.generator.ontology
        statement = (Label.STATEMENT, self.row_id("statement", number))
        sector, position = self.choice.choice(list(ontology.sectors)), self.choice.choice(list(ontology.positions))
        run = Node("run", (Label.EXTRACTION_RUN,), {"extractor": "rules", "version": "1"})
        speaker = self.choice.choice(self.things[self.choice.choice(SPEAKERS)])
        properties: Properties = {
            "role": self.choice.choice(list(Role)), "confidence": 0.6, "state": "machine", "by_default": False,
            "reason": "a rule",
        }
        self.relate(Relation.MADE_BY, statement, (Label.THING, self.use(speaker)))
        self.relate(Relation.IN_PASSAGE, statement, passage, order=0)
        self.relate(Relation.FROM_SECTOR, statement, (Label.SECTOR, self.use(
            Node(sector, (Label.SECTOR,), {"label": ontology.sectors[sector].label}))))
        self.relate(Relation.FROM_POSITION, statement, (Label.POSITION, self.use(
            Node(position, (Label.POSITION,), {"label": ontology.positions[position].label}))))
        self.relate(Relation.EXTRACTED_BY, statement, (Label.EXTRACTION_RUN, self.use(run)))
        if number % 2:
            self.own(statement[1], Label.EVIDENCE, properties | {
                "stance": self.choice.choice(list(Stance)), "kind": self.choice.choice(list(Kind)),
            })
            idea = self.choice.choice(self.things[Label.IDEA])
            self.relate(Relation.ABOUT, statement, (Label.THING, self.use(idea)))
            return
        predicate = self.choice.choice(list(ENDS))
        if predicate == Predicate.LEADS_TO:
            properties["direction"] = self.choice.choice(list(Direction))
        self.own(statement[1], Label.RELATION, properties | {"predicate": predicate})
        for type_, kind in zip((Relation.SUBJECT, Relation.OBJECT), ENDS[predicate], strict=True):
            self.relate(type_, statement, (Label.THING, self.use(self.choice.choice(self.things[kind]))))
