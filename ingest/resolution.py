"""Resolution: which identity of the collection each entity of a document is.

Only a key joins: a gazetteer id, an equal full name of a body, a person's name with a shared
anchor, the normal form of a concept. All else is a candidate pair, with a score and reasons in
plain words, that waits for a person; nothing is merged on a score. Candidates are looked for
among identities that share a rare word, so that a growing collection does not mean that
everything is compared with everything.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Protocol, runtime_checkable

from rapidfuzz import fuzz
from rapidfuzz.utils import default_process

from ingest import naming
from ontology import gazetteer
from records.model import Entity, Extraction, Identity, mint, registered_key

NAMED = ("Person", "Organisation", "Place")
LEAST = 0.82  # score from which a likeness is shown
LONGEST = 400  # characters of a name that is registered
CROWD = 40  # a word that more identities share says nothing
# Words that name the kind of a body and not which one.
_GENERIC = frozenset(
    {
        "council",
        "county",
        "city",
        "borough",
        "district",
        "metropolitan",
        "town",
        "parish",
        "authority",
        "department",
        "ministry",
        "office",
        "agency",
        "service",
        "services",
        "nhs",
        "trust",
        "foundation",
        "university",
        "college",
        "school",
        "institute",
        "centre",
        "commission",
        "board",
        "group",
        "committee",
        "team",
        "partnership",
        "association",
        "society",
        "company",
        "limited",
        "ltd",
        "plc",
        "inc",
        "of",
        "for",
        "and",
        "the",
        "in",
        "on",
        "at",
        "to",
        "national",
        "international",
        "royal",
        "public",
        "health",
        "care",
        "social",
        "police",
        "housing",
        "local",
        "government",
        "community",
        "division",
        "directorate",
        "unit",
        "bureau",
        "administration",
        "academy",
        "hospital",
        "hospitals",
        "combined",
        "integrated",
        "clinical",
        "united",
        "states",
        "us",
        "uk",
        "programme",
        "federal",
        "state",
    }
)

Candidate = tuple[str, str, float, tuple[str, ...]]  # two identities, score 0 to 1, reasons


@dataclass(frozen=True, slots=True)
class Resolution:
    """Identities that are new or have new keys, names or a first sector; and pairs for a person to look at."""

    identities: tuple[Identity, ...]
    candidates: tuple[Candidate, ...] = ()


@runtime_checkable
class Searchable(Protocol):
    """What the records' look-up offers besides its keys."""

    def named(self, names: Iterable[str]) -> Mapping[str, Sequence[Identity]]:
        """Identities that carry each of the names, whatever the case."""
        ...


@runtime_checkable
class Indexed(Protocol):
    """A look-up that also finds by single words."""

    def sharing(self, kind: str, words: Iterable[str], most: int) -> Sequence[Identity]:
        """Identities of the kind with one of the words in a name; words of more than ``most`` are passed over."""
        ...


@dataclass(slots=True)
class _Draft:
    identity_id: str
    kind: str
    name: str
    sector: str
    is_new: bool
    names: dict[str, None] = field(default_factory=dict)
    keys: dict[str, None] = field(default_factory=dict)
    changed: bool = False


def keys_of(extraction: Extraction, document_id: str) -> set[str]:
    """All keys of the extraction's entities, as they are registered; for looking up what is known."""
    return {registered_key(key, document_id) for entity in extraction.entities for key in entity.keys}


def resolve(extraction: Extraction, known: Mapping[str, Identity], document_id: str) -> Resolution:
    """The identity of each entity of an extraction.

    The strongest key that is known decides; an entity with none is a new identity, minted from its
    first key (an idea has its own id). Its other keys are registered for the same identity unless
    they are another's, which makes the two a candidate pair.
    """
    owner: dict[str, str] = {key: identity.identity_id for key, identity in known.items()}
    registered = {identity.identity_id: identity for identity in known.values()}
    drafts: dict[str, _Draft] = {}
    pairs: dict[tuple[str, str], Candidate] = {}
    for entity in extraction.entities:
        keys = [registered_key(key, document_id) for key in entity.keys]
        identity_id = next((owner[key] for key in keys if key in owner), "") or _new_id(entity, keys)
        draft = drafts.get(identity_id) or _draft(identity_id, entity, registered.get(identity_id))
        drafts[identity_id] = draft
        for key in keys:
            holder = owner.setdefault(key, identity_id)
            if holder != identity_id:
                _add(pairs, identity_id, holder, 0.9, (f"both are known as “{key.partition(':')[2]}”",))
            elif key not in known and key not in draft.keys:
                draft.keys[key] = None
                draft.changed = True
        _enrich(draft, entity, registered.get(identity_id))
    identities = tuple(
        Identity(draft.identity_id, draft.kind, draft.name, draft.sector, tuple(draft.names), tuple(draft.keys))
        for draft in drafts.values()
        if draft.changed
    )
    new = [identity for identity in identities if drafts[identity.identity_id].is_new and identity.kind in NAMED]
    for pair in _candidates(new, [*registered.values(), *identities], known):
        _add(pairs, *pair)
    return Resolution(identities, tuple(pairs.values()))


def _new_id(entity: Entity, keys: Sequence[str]) -> str:
    if entity.kind == "Idea":
        return entity.keys[0].partition(":")[2]
    return mint(keys[0])


def _draft(identity_id: str, entity: Entity, identity: Identity | None) -> _Draft:
    if identity is not None:
        return _Draft(identity_id, identity.kind, identity.name, identity.sector, is_new=False)
    return _Draft(identity_id, entity.kind, entity.name[:LONGEST], entity.sector, is_new=True, changed=True)


def _enrich(draft: _Draft, entity: Entity, identity: Identity | None) -> None:
    """New names, and the first sector, of an identity."""
    present = {draft.name, *draft.names, *(identity.names if identity else ())}
    for name in (entity.name, *entity.names):
        name = name[:LONGEST]
        if name not in present:
            draft.names[name] = None
            present.add(name)
            draft.changed = True
    if entity.sector and not draft.sector:
        draft.sector = entity.sector
        draft.changed = True


def _add(
    pairs: dict[tuple[str, str], Candidate], left: str, right: str, score: float, reasons: tuple[str, ...]
) -> None:
    if left == right:
        return
    pair = (min(left, right), max(left, right))
    if pair not in pairs or pairs[pair][2] < score:
        pairs[pair] = (*pair, round(score, 3), reasons)


# Candidates


def _candidates(
    new: Sequence[Identity], near: Iterable[Identity], known: Mapping[str, Identity]
) -> Iterator[Candidate]:
    """Pairs of a new identity with one that it resembles."""
    others: dict[str, Identity] = {identity.identity_id: identity for identity in near if identity.kind in NAMED}
    if isinstance(known, Searchable):
        asked = {name for identity in new for name in (identity.name, *identity.names)}
        for found in known.named(asked).values():
            others |= {identity.identity_id: identity for identity in found if identity.kind in NAMED}
    if isinstance(known, Indexed):
        for kind in sorted({identity.kind for identity in new}):
            words = {word for identity in new if identity.kind == kind for word in _asked_words(identity)}
            others |= {other.identity_id: other for other in known.sharing(kind, sorted(words), CROWD)}
    yield from suggest(new, others.values())


def suggest(new: Sequence[Identity], others: Iterable[Identity]) -> Iterator[Candidate]:
    """Candidate pairs of new identities with others of their kind that share a rare word, or an abbreviation."""
    pool = {identity.identity_id: identity for identity in (*others, *new)}
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for identity in pool.values():
        for word in _blocking_words(identity):
            blocks[identity.kind, word].append(identity.identity_id)
    seen: set[tuple[str, str]] = set()
    for identity in new:
        for word in _blocking_words(identity):
            block = blocks[identity.kind, word]
            if len(block) > CROWD:
                continue
            for other_id in block:
                pair = (min(identity.identity_id, other_id), max(identity.identity_id, other_id))
                if other_id == identity.identity_id or pair in seen:
                    continue
                seen.add(pair)
                if likeness := compare(identity, pool[other_id]):
                    yield (*pair, *likeness)


def _words(name: str) -> list[str]:
    return default_process(naming.fold(name)).split()


def _distinctive(name: str) -> set[str]:
    return {word for word in _words(name) if word not in _GENERIC and not word.isdigit()}


def _asked_words(identity: Identity) -> set[str]:
    """Words by which others are looked up: a person's last, a body's distinctive ones, and abbreviations."""
    words: set[str] = set()
    for name in (identity.name, *identity.names):
        if identity.kind == "Person":
            words.update(_words(name)[-1:])
        else:
            words |= _distinctive(name)
            if len(initials := _initials(name)) > 2:
                words.add(initials)
    return words


def _initials(name: str) -> str:
    return "".join(word[0] for word in _words(name) if word not in {"of", "for", "and", "the", "in", "on", "to"})


def _blocking_words(identity: Identity) -> set[str]:
    words: set[str] = set()
    for name in (identity.name, *identity.names):
        words.add("~" + naming.normal_form(identity.kind, name))
        if identity.kind == "Person":
            words.update(_words(name)[-1:])
            continue
        words |= _distinctive(name)
        if naming.is_acronym(name):
            words.add("=" + naming.fold(name))
        elif len(initials := _initials(name)) > 2:
            words.add("=" + initials)
    return words


@cache
def _places() -> frozenset[str]:
    """Single words that name a place of the gazetteer."""
    return frozenset(
        word
        for body in gazetteer.load()
        if body.kind == "Place"
        for name in (body.name, *body.aliases)
        for word in _words(name)
        if word not in _GENERIC and len(word) > 2
    )


def places_differ(one: str, other: str) -> bool:
    """Whether two names hold different places: such bodies are never the same, however alike they look.

    A word that neither the gazetteer's places nor the kinds of bodies know counts as a place name
    where it stands before such a kind: "Essex County Council", "Sussex County Council".
    """
    a, b = set(_words(one)), set(_words(other))
    only_a, only_b = (a - b) - _GENERIC, (b - a) - _GENERIC
    if only_a & _places() and only_b & _places():
        return True
    return bool((a & b) & _GENERIC and only_a and only_b and not _one_misspelt(only_a, only_b))


def _one_misspelt(one: set[str], other: set[str]) -> bool:
    return len(one) == len(other) == 1 and fuzz.ratio(*one, *other) >= 90


def compare(one: Identity, other: Identity) -> tuple[float, tuple[str, ...]] | None:
    """Score and reasons why two identities of a kind may be the same, or None."""
    best: tuple[float, tuple[str, ...]] | None = None
    for a in (one.name, *one.names):
        for b in (other.name, *other.names):
            found = _compare_persons(a, b) if one.kind == "Person" else _compare_names(a, b)
            if found and (best is None or found[0] > best[0]):
                best = found
    if best and one.kind != "Person" and places_differ(one.name, other.name):
        return None
    return best


def _compare_persons(a: str, b: str) -> tuple[float, tuple[str, ...]] | None:
    left, right = naming.normal_person(a).split(), naming.normal_person(b).split()
    if not left or not right:
        return None
    if left == right:
        if len(left) > 1:
            return 0.8, (f"same name “{a}”", "no affiliation, publisher or document in common")
        return None
    if len(left) > 1 and len(right) > 1 and left[-1] == right[-1]:
        one, two = left[0], right[0]
        if one[0] == two[0] and (len(one) == 1 or len(two) == 1):
            return 0.6, (f"same surname “{a.split()[-1]}”", "an initial that fits")
    score = fuzz.ratio(" ".join(left), " ".join(right)) / 100
    if score >= 0.92 and len(left) > 1 and len(right) > 1:
        return round(score, 3), (f"“{a}” and “{b}” differ by few letters",)
    return None


def _compare_names(a: str, b: str) -> tuple[float, tuple[str, ...]] | None:
    if naming.normal_name(a) == naming.normal_name(b):
        return 0.85, (f"same name “{a}”", "known under keys that do not hold across documents")
    for short, long in ((a, b), (b, a)):
        if naming.is_acronym(short) and naming.fold(short) == _initials(long):
            return 0.65, (f"“{short}” may abbreviate “{long}”",)
    words_a, words_b = set(_words(a)), set(_words(b))
    if not words_a or not words_b:
        return None
    score = (
        max(fuzz.ratio(a, b, processor=default_process), fuzz.token_sort_ratio(a, b, processor=default_process)) / 100
    )
    reasons = [f"“{a}” and “{b}” are {round(score * 100)} in 100 alike"]
    smaller, larger = sorted((words_a, words_b), key=len)
    if smaller < larger and len(smaller) > 1:
        rest = " ".join(word for word in _words(a if words_a == larger else b) if word not in smaller)
        score = max(score, 0.7)
        reasons = [f"one name is the other with “{rest}” added", *reasons]
        return round(score, 3), tuple(reasons)
    return (round(score, 3), tuple(reasons)) if score >= LEAST else None
