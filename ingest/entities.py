"""From mentions to entities: what the mentions of one document refer to, and the keys of each.

Only what the document itself says joins two names: equal normal form, an abbreviation that it
introduces, a first or last name whose full form stands in it once, or the gazetteer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from ingest import naming
from ingest.pipeline import Context, Found
from ontology.gazetteer import Body
from ontology.model import Ontology
from records.model import LOCAL, Author, Entity

NAMED = ("Person", "Organisation", "Place")


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention with its place in the whole text."""

    start: int
    end: int
    text: str
    sentence: int  # number in the document
    found: Found
    doc: int  # which Doc, and which of its found
    number: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the whole text, without white space around it; empty where nothing else is in it."""

    start: int
    end: int
    doc: int
    first: int  # its tokens in that Doc
    last: int
    block: str  # kind of its block


@dataclass(slots=True)
class _Draft:
    kind: str
    name: str
    keys: tuple[str, ...] = ()
    sector: str = ""
    names: dict[str, None] = field(default_factory=dict)

    def add(self, name: str) -> None:
        if name != self.name:
            self.names[name] = None


class Directory:
    """The thesaurus's ideas and the gazetteer's bodies by id and name, indexed once for all documents."""

    def __init__(self, ontology: Ontology, bodies: Sequence[Body]) -> None:
        self.ontology = ontology
        self.by_id = {body.id: body for body in bodies}
        self._by_name = {(body.kind, naming.fold(name)): body for body in bodies for name in (body.name, *body.aliases)}
        self._by_form: dict[tuple[str, str], Body | None] = {}  # None: several bodies have that form
        for body in bodies:
            for name in (body.name, *body.aliases):
                form = (body.kind, naming.normal_name(name))
                self._by_form[form] = body if self._by_form.get(form, body) is body else None
        self._by_acronym = {(body.kind, name): body for body in bodies for name in body.acronyms}

    def named(self, kind: str, name: str) -> Body | None:
        """The gazetteer's body of that name, whatever its case; acronyms in theirs."""
        return (
            self._by_acronym.get((kind, name))
            or self._by_name.get((kind, naming.fold(name)))
            or self._by_form.get((kind, naming.normal_name(name)))
        )

    def keys_of(self, body: Body) -> tuple[str, ...]:
        """Keys of a body: its id and, where no other has the same form of name, that name."""
        keys = naming.organisation_keys(body.name, body.id)
        return keys if self._by_form.get((body.kind, naming.normal_name(body.name))) is body else keys[:1]


class EntityBook:
    """The entities of one document; each is entered once under its kind and form."""

    def __init__(self, directory: Directory, context: Context) -> None:
        self.directory = directory
        self.context = context
        self._drafts: list[_Draft] = []
        self._index: dict[tuple[str, str], int] = {}
        self._full_names: dict[str, set[str]] = defaultdict(set)  # a name's word -> normal full names
        self.publisher: int | None = None
        self._short_publisher = ""
        self._anchors: dict[int, dict[str, None]] = defaultdict(dict)
        name = context.metadata.publisher
        if name:
            first = name.partition(",")[0].strip()
            self.publisher = self.organisation(name)
            if first != name:
                self._short_publisher = naming.normal_name(first)

    def _enter(self, kind: str, form: str, name: str, keys: Sequence[str], sector: str = "") -> int:
        if (number := self._index.get((kind, form))) is not None:
            draft = self._drafts[number]
            draft.add(name)
            return number
        self._index[kind, form] = len(self._drafts)
        self._drafts.append(_Draft(kind, name, tuple(keys), sector))
        return len(self._drafts) - 1

    def organisation(self, name: str, body: Body | None = None) -> int:
        """Enters an organisation by name; its long form where the document gives one."""
        name = naming.clean(name)
        short = ""
        if name in self.context.abbreviations:
            short, name = name, naming.clean(self.context.abbreviations[name])
        body = (
            body
            or self.directory.named("Organisation", name)
            or (self.directory.named("Organisation", short) if short else None)
        )
        if body is not None:
            number = self._enter("Organisation", "#" + body.id, body.name, self.directory.keys_of(body), body.sector)
            self._drafts[number].add(name)
        elif naming.normal_name(name) == self._short_publisher and self.publisher is not None:
            number = self.publisher
            self._drafts[number].add(name)
        else:
            publisher = self.key_of(self.publisher) if self.publisher is not None else ""
            number = self._enter(
                "Organisation", naming.normal_name(name), name, naming.organisation_keys(name, publisher=publisher)
            )
        if short:
            self._drafts[number].add(short)
        return number

    def place(self, name: str, body: Body | None = None) -> int:
        name = naming.clean(name)
        if name in self.context.abbreviations:
            name = naming.clean(self.context.abbreviations[name])
        if body := body or self.directory.named("Place", name):
            number = self._enter("Place", "#" + body.id, body.name, (naming.key("Place", body.id),))
            self._drafts[number].add(name)
            return number
        normal = naming.normal_name(name)
        return self._enter("Place", normal, name, (naming.key("Place", normal),))

    def note_person(self, name: str) -> None:
        """Lets a full name be known before single names are entered."""
        normal = naming.normal_person(name)
        words = normal.split()
        if len(words) > 1:
            self._full_names[words[0]].add(normal)
            self._full_names[words[-1]].add(normal)

    def person(self, name: str) -> int:
        """Enters a person; a single name goes to the full name that the document gives for it, if it is one."""
        name = naming.clean(name)
        normal = naming.normal_person(name)
        full = self._full_names.get(normal, set())
        if " " not in normal and len(full) == 1:
            (normal,) = full
        number = self._enter("Person", normal, name, ())
        draft = self._drafts[number]
        if len(name) > len(draft.name) and len(name.split()) > len(draft.name.split()):
            draft.add(name)
            draft.name, longer = name, draft.name
            draft.names.pop(name, None)
            draft.add(longer)
        return number

    def affiliate(self, person: int, organisation: int) -> None:
        """An affiliation that the document states: an anchor of the person."""
        if self._drafts[organisation].keys:
            self._anchors[person][self._drafts[organisation].keys[0]] = None

    def concept(self, kind: str, phrase: str) -> int:
        normal = naming.normal_concept(phrase)
        return self._enter(kind, normal, naming.clean(phrase), (naming.key(kind, normal),))

    def idea(self, idea_id: str) -> int:
        return self._enter(
            "Idea", idea_id, self.directory.ontology.ideas[idea_id].label, (naming.key("Idea", idea_id),)
        )

    def group(self, phrase: str, sector: str = "") -> int:
        normal = naming.normal_concept(phrase)
        return self._enter(
            "Group",
            normal,
            naming.clean(phrase),
            (naming.key("Group", normal, LOCAL),),
            "" if sector == "unknown" else sector,
        )

    def author(self, author: Author) -> int:
        if author.kind != "Person":
            return self.organisation(author.name)
        self.note_person(author.name)
        number = self.person(author.name)
        if author.affiliation:
            self.affiliate(number, self.organisation(author.affiliation))
        return number

    def spot(self, found: Found, text: str) -> int:
        """Enters what a mention refers to."""
        body = self.directory.by_id.get(found.body)
        match found.kind:
            case "Person":
                return self.person(text)
            case "Organisation":
                return self.organisation(text, body)
            case "Place":
                return self.place(text, body)
            case "Idea":
                return self.idea(found.idea)
            case "Group":
                return self.group(text, found.sector)
            case _:
                return self.concept(found.kind, text)

    def key_of(self, number: int | None) -> str:
        return self._drafts[number].keys[0] if number is not None else ""

    def kind_of(self, number: int) -> str:
        return self._drafts[number].kind

    def name_of(self, number: int) -> str:
        return self._drafts[number].name

    def sector_of(self, number: int) -> str:
        return self._drafts[number].sector

    def __len__(self) -> int:
        return len(self._drafts)

    def entities(self) -> tuple[Entity, ...]:
        """All entities, with the persons' keys made of their anchors."""
        publisher = self.key_of(self.publisher)
        result = []
        for number, draft in enumerate(self._drafts):
            keys = draft.keys
            if draft.kind == "Person":
                full = " " in naming.normal_person(draft.name)
                keys = naming.person_keys(draft.name, [*self._anchors[number], publisher] if full else [])
            result.append(Entity(draft.kind, draft.name, keys, draft.sector, tuple(draft.names)))
        return tuple(result)


def collect_spots(docs: Sequence[Doc]) -> tuple[list[Spot], list[Sentence]]:
    """All mentions with their places in the text, and all sentences."""
    spots: list[Spot] = []
    sentences: list[Sentence] = []
    for number, doc in enumerate(docs):
        tokens, base, text, block_of = doc._.tokens, doc._.base, doc._.tokens.source, doc._.block_of
        before = len(sentences)
        for first, last in tokens.sentences:
            while first < last and (block_of[first] < 0 or text[tokens.start[first]].isspace()):
                first += 1
            while last > first and (tokens.pos[last - 1] == "SPACE" or block_of[last - 1] != block_of[first]):
                last -= 1
            start = base + (tokens.start[first] if first < len(tokens) else 0)
            sentences.append(
                Sentence(
                    start,
                    base + tokens.end[last - 1] if last > first else start,
                    number,
                    first,
                    last,
                    doc._.borders[block_of[first]].kind if last > first else "",
                )
            )
        for i, f in enumerate(doc._.found):
            start, end = tokens.start[f.start], tokens.end[f.end - 1]
            spots.append(
                Spot(base + start, base + end, text[start:end], before + tokens.sentence_of[f.start], f, number, i)
            )
    return spots, sentences


def settle_kinds(docs: Sequence[Doc]) -> None:
    """A name that the document's places judge differently gets the kind that most of the evidence is for."""
    votes: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for doc in docs:
        for f in doc._.found:
            if f.found_by in ("name-cues", "gazetteer"):
                votes[doc._.tokens.span(f.start, f.end)][f.kind] += f.confidence
    settled = {text: max(sorted(kinds), key=kinds.__getitem__) for text, kinds in votes.items() if len(kinds) > 1}
    if not settled:
        return
    for doc in docs:
        for i, f in enumerate(doc._.found):
            if f.found_by == "name-cues" and (kind := settled.get(doc._.tokens.span(f.start, f.end), f.kind)) != f.kind:
                doc._.found[i] = Found(f.start, f.end, kind, f.confidence, f.found_by)
