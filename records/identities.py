"""Identities: entities and concepts of the whole collection, registered once and never renumbered."""
from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from errors import DocumentError
from records.database import Database, Writing
from records.decisions import DecisionView
from records.model import Extraction, Identity, registered_key
from records.tables import appearances, candidates, identities, identity_keys, identity_names, identity_words
from records.words import WORDY, words_of

LONGEST = 500  # characters of a name or key: PostgreSQL's indexes take no longer ones
CHUNK = 400  # values of one IN list


class Candidate(NamedTuple):
    """Two identities that may be one; a person decides."""

    left: str
    right: str
    score: float  # 0 to 1
    reasons: tuple[str, ...]


class Resolution(Protocol):
    """What a resolver gives: identities that are new or have new keys or names, and candidates."""

    @property
    def identities(self) -> Sequence[Identity]: ...

    @property
    def candidates(self) -> Sequence[tuple[str, str, float, tuple[str, ...]]]: ...


class Known(dict[str, Identity]):
    """What is registered under an extraction's keys (as ``registered_key`` gives them).

    A plain dictionary, which can also be asked for identities by name.
    """

    def __init__(self, connection: Connection, found: dict[str, Identity]) -> None:
        super().__init__(found)
        self._connection = connection
        self._met: dict[str, Identity] = {}

    def named(self, names: Iterable[str]) -> dict[str, tuple[Identity, ...]]:
        """The identities of any kind that carry each of these names, whatever the case; in order of id."""
        return by_names(self._connection, names)

    def sharing(self, kind: str, words: Iterable[str], most: int) -> tuple[Identity, ...]:
        """Identities of a kind with one of these words in a name, in order of id.

        Words of more than ``most`` identities are passed over. Only kinds of ``words.WORDY`` are found.
        """
        found = with_words(self._connection, kind, words, most)
        for identity_id, identity in by_ids(self._connection, found - self._met.keys()).items():
            self._met[identity_id] = identity
        return tuple(self._met[each] for each in sorted(found))


class Resolve(Protocol):
    """Called inside the transaction that takes a document in."""

    def __call__(self, extraction: Extraction, known: Known, document_id: str) -> Resolution: ...


def chunks(values: Iterable[str]) -> Iterable[list[str]]:
    """The distinct values in order, in lists that a database takes as one IN list."""
    ordered = sorted(set(values))
    for at in range(0, len(ordered), CHUNK):
        yield ordered[at:at + CHUNK]


def keys_of(extraction: Extraction, document_id: str) -> set[str]:
    """All keys of an extraction's entities, as they are registered."""
    return {registered_key(key, document_id) for entity in extraction.entities for key in entity.keys}


def by_ids(connection: Connection, identity_ids: Iterable[str]) -> dict[str, Identity]:
    """The identities with these ids, with their names and keys, as registered."""
    found: dict[str, Identity] = {}
    for chunk in chunks(identity_ids):
        names = _gathered(connection, identity_names.c.identity_id, identity_names.c.name, chunk)
        keys = _gathered(connection, identity_keys.c.identity_id, identity_keys.c.key, chunk)
        rows = connection.execute(
            select(identities.c.identity_id, identities.c.kind, identities.c.name, identities.c.sector)
            .where(identities.c.identity_id.in_(chunk))
        )
        for identity_id, kind, name, sector in rows:
            others = tuple(each for each in names.get(identity_id, ()) if each != name)
            found[identity_id] = Identity(identity_id, kind, name, sector, others, tuple(keys.get(identity_id, ())))
    return found


def _gathered(
    connection: Connection, owner: ColumnElement[str], value: ColumnElement[str], chunk: list[str],
) -> dict[str, list[str]]:
    gathered: dict[str, list[str]] = {}
    for identity_id, each in connection.execute(select(owner, value).where(owner.in_(chunk))):
        gathered.setdefault(identity_id, []).append(each)
    for values in gathered.values():
        values.sort()  # in code points: databases sort texts in different ways
    return gathered


def owners_of(connection: Connection, keys: Iterable[str]) -> dict[str, str]:
    """The id of the identity that is registered under each key; unknown keys are left out."""
    owners: dict[str, str] = {}
    for chunk in chunks(keys):
        rows = connection.execute(
            select(identity_keys.c.key, identity_keys.c.identity_id).where(identity_keys.c.key.in_(chunk))
        )
        owners.update((key, identity_id) for key, identity_id in rows)
    return owners


def by_keys(connection: Connection, keys: Iterable[str]) -> dict[str, Identity]:
    """The identity registered under each key; unknown keys are left out."""
    owners = owners_of(connection, keys)
    found = by_ids(connection, owners.values())
    return {key: found[identity_id] for key, identity_id in owners.items()}


def by_names(connection: Connection, names: Iterable[str]) -> dict[str, tuple[Identity, ...]]:
    """For each name the identities that carry it, whatever the case; in order of id."""
    asked = sorted(set(names))
    owners: dict[str, set[str]] = {}
    for chunk in chunks(name.casefold() for name in asked):
        rows = connection.execute(
            select(identity_names.c.folded, identity_names.c.identity_id).where(identity_names.c.folded.in_(chunk))
        )
        for folded, identity_id in rows:
            owners.setdefault(folded, set()).add(identity_id)
    found = by_ids(connection, set().union(*owners.values()))
    return {name: tuple(found[each] for each in sorted(owners.get(name.casefold(), ()))) for name in asked}


def with_words(connection: Connection, kind: str, words: Iterable[str], most: int) -> set[str]:
    """Ids of the identities of a kind with one of these words that at most ``most`` of them share."""
    asked = {word for each in words for word in words_of(each)}
    found: set[str] = set()
    for chunk in chunks(asked):
        rare = (
            select(identity_words.c.word)
            .where(identity_words.c.kind == kind, identity_words.c.word.in_(chunk))
            .group_by(identity_words.c.word).having(func.count() <= most)
        )
        found.update(connection.execute(
            select(identity_words.c.identity_id)
            .where(identity_words.c.kind == kind, identity_words.c.word.in_(rare))
        ).scalars())
    return found


def register(
    database: Database, writing: Writing, document_id: str, given: Sequence[Identity], number: int,
    owners: dict[str, str], asked: Collection[str], name: str,
) -> set[str]:
    """Write new identities, and new keys, names and a first sector of known ones.

    A known identity keeps its kind and its name. Returns the known ones whose sector was filled in:
    the documents in which they appear change with it. ``owners`` is what is registered under the keys
    ``asked``, and is brought up to date with what is registered here. Raises DocumentError,
    with the document's ``name``, when a key belongs to another identity: only a decision may bring
    those two together.
    """
    if not given:
        return set()
    connection = writing.connection
    before: dict[str, str] = {}  # identity -> its sector
    for chunk in chunks(each.identity_id for each in given):
        before.update((each.identity_id, each.sector) for each in connection.execute(
            select(identities.c.identity_id, identities.c.sector).where(identities.c.identity_id.in_(chunk))
        ))
    new: list[dict[str, Any]] = []
    filled: set[str] = set()
    keys: dict[str, str] = {}
    names: dict[tuple[str, str], None] = {}
    for identity in given:
        _check(identity, name)
        known = before.get(identity.identity_id)
        if known is None:
            new.append({
                "identity_id": identity.identity_id, "kind": identity.kind, "name": identity.name,
                "sector": identity.sector, "first_document": document_id, "sequence": number,
            })
            before[identity.identity_id] = identity.sector
        elif identity.sector and not known:
            filled.add(identity.identity_id)
            connection.execute(
                update(identities).where(identities.c.identity_id == identity.identity_id)
                .values(sector=identity.sector)
            )
        for key in identity.keys:
            if keys.setdefault(key, identity.identity_id) != identity.identity_id:
                raise DocumentError(name, f"the key {key!r} was given to two identities")
        names |= dict.fromkeys((identity.identity_id, each) for each in (identity.name, *identity.names))
    if new:
        connection.execute(database.insert(identities), new)
    if others := keys.keys() - set(asked):
        owners |= owners_of(connection, others)
    for key, identity_id in keys.items():
        if owners.get(key, identity_id) != identity_id:
            raise DocumentError(name, f"the key {key!r} belongs to another identity; only a decision may join the two")
    if fresh := [
        {"key": key, "identity_id": identity_id, "sequence": number}
        for key, identity_id in keys.items() if key not in owners
    ]:
        connection.execute(database.insert(identity_keys), fresh)
        owners |= keys
    rows = [
        {"identity_id": identity_id, "name": each, "folded": each.casefold(), "sequence": number}
        for identity_id, each in names
    ]
    connection.execute(database.insert(identity_names).on_conflict_do_nothing(), rows)
    kinds = {each.identity_id: each.kind for each in given if each.kind in WORDY}
    entries = sorted({
        (kinds[identity_id], word, identity_id)
        for identity_id, each in names if identity_id in kinds for word in words_of(each)
    })
    if entries:
        columns = ("kind", "word", "identity_id")
        connection.execute(
            database.insert(identity_words).on_conflict_do_nothing(),
            [dict(zip(columns, entry, strict=True)) for entry in entries],
        )
    return filled


def _check(identity: Identity, name: str) -> None:
    if not identity.identity_id or not identity.kind or not identity.name:
        raise DocumentError(name, f"an identity needs an id, a kind and a name: {identity!r}")
    if "~" in identity.identity_id:
        raise DocumentError(name, f"an identity's id may not hold a tilde: {identity.identity_id!r}")
    for each in (identity.name, *identity.names, *identity.keys):
        if len(each) > LONGEST or "\x00" in each:
            raise DocumentError(name, f"a name or key is too long, or holds a NUL: {each[:60]!r}")


def identities_of_entities(
    owners: Mapping[str, str], document_id: str, extraction: Extraction, name: str,
) -> tuple[str, ...]:
    """For each entity the id of the identity under the first of its keys that is registered.

    Raises DocumentError for an entity with no registered key: the resolver has left it out.
    """
    found: list[str] = []
    for entity in extraction.entities:
        identity_id = next(
            (owners[key] for key in (registered_key(each, document_id) for each in entity.keys) if key in owners), "",
        )
        if not identity_id:
            raise DocumentError(name, f"the entity {entity.name!r} has no registered identity")
        found.append(identity_id)
    return tuple(found)


def set_appearances(database: Database, connection: Connection, document_id: str, identity_ids: Iterable[str]) -> None:
    """From now on the document holds these identities and no others."""
    wanted = set(identity_ids)
    present = set(connection.execute(
        select(appearances.c.identity_id).where(appearances.c.document_id == document_id)
    ).scalars())
    for chunk in chunks(present - wanted):
        connection.execute(
            delete(appearances)
            .where(appearances.c.document_id == document_id, appearances.c.identity_id.in_(chunk))
        )
    if rows := [{"document_id": document_id, "identity_id": each} for each in sorted(wanted - present)]:
        connection.execute(database.insert(appearances), rows)


def documents_with(connection: Connection, identity_ids: Iterable[str]) -> list[str]:
    """The documents in which any of these identities appears, in order of id."""
    found: set[str] = set()
    for chunk in chunks(identity_ids):
        found.update(connection.execute(
            select(appearances.c.document_id).where(appearances.c.identity_id.in_(chunk)).distinct()
        ).scalars())
    return sorted(found)


def add_candidates(
    database: Database, connection: Connection, document_id: str,
    given: Iterable[tuple[str, str, float, tuple[str, ...]]], number: int,
) -> None:
    """Keep pairs for a person to look at; a pair that is known keeps its higher score."""
    for left, right, score, reasons in given:
        if left == right:
            continue
        low, high = sorted((left, right))
        values = {
            "left_id": low, "right_id": high, "score": score, "document_id": document_id, "sequence": number,
            "reasons": json.dumps(list(reasons), ensure_ascii=False),
        }
        insert = database.insert(candidates).values(values)
        connection.execute(insert.on_conflict_do_update(
            index_elements=["left_id", "right_id"],
            set_={name: insert.excluded[name] for name in ("score", "document_id", "sequence", "reasons")},
            where=candidates.c.score < insert.excluded["score"],
        ))


def waiting(connection: Connection, view: DecisionView) -> list[Candidate]:
    """The candidates that nobody has decided on, the best first."""
    rows = connection.execute(
        select(candidates.c.left_id, candidates.c.right_id, candidates.c.score, candidates.c.reasons)
    )
    found = [
        Candidate(left, right, score, tuple(json.loads(reasons)))
        for left, right, score, reasons in rows
        if (left, right) not in view.distinct and view.canonical(left) != view.canonical(right)
    ]
    return sorted(found, key=lambda each: (-each.score, each.left, each.right))
