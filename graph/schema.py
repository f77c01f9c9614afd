"""The schema of the graph: constraints and indexes, generated from the ontology, in numbered migrations.

What is there is recorded in ``GraphState.schema_version``. A migration is repeatable (each statement says IF NOT
EXISTS or IF EXISTS), so one that was cut short runs again whole. Uniqueness constraints only: existence and type
constraints need Neo4j Enterprise, and ``ontology.gate`` checks those before a write.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from errors import GraphError
from graph.store import Store
from ontology.model import Ontology, load
from ontology.terms import Label

INDEX_SECONDS = 300  # how long indexes may take to come online
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
ANALYZER = "english"  # stems words and folds case


def _plain(name: str) -> str:
    """A name of the ontology that may stand in a statement as it is. Raises GraphError for any other."""
    if not NAME.fullmatch(name):
        raise GraphError(f"the ontology holds a name that the database cannot: {name!r}")
    return name


def uniqueness(ontology: Ontology) -> Iterator[str]:
    """One constraint for each label under which ids are unique."""
    for label, name in ontology.uniqueness:
        yield (
            f"CREATE CONSTRAINT {_plain(label).lower()}_{_plain(name)} IF NOT EXISTS "
            f"FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"
        )


def indexes(ontology: Ontology) -> Iterator[str]:
    """Range indexes, and ids under the narrower labels of things: links from a page name its kind and its id."""
    for label, name in ontology.indexes:
        yield f"CREATE INDEX {_plain(label).lower()}_{_plain(name)} IF NOT EXISTS FOR (n:{label}) ON (n.{name})"
    for info in ontology.labels.values():
        if Label.THING in info.ancestors:
            yield f"CREATE INDEX {_plain(info.label).lower()}_id IF NOT EXISTS FOR (n:{info.label}) ON (n.id)"


def full_text(ontology: Ontology) -> Iterator[str]:
    """The search indexes."""
    for index in ontology.full_text_indexes.values():
        labels = "|".join(map(_plain, index.labels))
        properties = ", ".join(f"n.{_plain(name)}" for name in index.properties)
        yield (
            f"CREATE FULLTEXT INDEX {_plain(index.name)} IF NOT EXISTS FOR (n:{labels}) ON EACH [{properties}] "
            f"OPTIONS {{indexConfig: {{`fulltext.analyzer`: '{ANALYZER}'}}}}"
        )


def first(ontology: Ontology) -> Iterator[str]:
    yield from uniqueness(ontology)
    yield from indexes(ontology)
    yield from full_text(ontology)


# The version that each brings; a new one is added below, never changed. Where derivation gives other rows than before,
# add a migration of no statement: every document is derived again after any migration of a graph that holds some.
MIGRATIONS: tuple[Callable[[Ontology], Iterator[str]], ...] = (first,)
VERSION = len(MIGRATIONS)

READ_VERSION = "MATCH (state:GraphState {id: 'state'}) RETURN state.schema_version AS version"
SET_VERSION = """
MERGE (state:GraphState {id: 'state'})
ON CREATE SET state.sequence = 0
ON MATCH SET state.sequence = 0
SET state.schema_version = $version
"""
AWAIT = "CALL db.awaitIndexes($seconds)"
SHOW = "SHOW INDEXES YIELD name WHERE name IN $names RETURN name"
CREATED = re.compile(r"CREATE (?:FULLTEXT INDEX|INDEX|CONSTRAINT) (\w+) ")


def version(store: Store) -> int:
    """The schema's version in the database; 0 for an empty one."""
    rows = store.read(READ_VERSION).rows
    return int(rows[0]["version"] or 0) if rows else 0


def migrate(store: Store) -> int:
    """Brings the schema up to date and gives the number of migrations that ran.

    Each migration sets the graph's sequence to 0, so that the projector derives every document again.
    Raises GraphError where the database was made by a newer release.
    """
    found = version(store)
    if found > VERSION:
        raise GraphError(
            f"the graph's schema has version {found}, this release knows {VERSION}: use a newer release, or rebuild"
        )
    for number in range(found + 1, VERSION + 1):
        statements = list(MIGRATIONS[number - 1](load()))
        for statement in statements:
            store.run(statement)
        store.run(AWAIT, {"seconds": INDEX_SECONDS})
        _check(store, [created[1] for statement in statements if (created := CREATED.match(statement))])
        store.run(SET_VERSION, {"version": number})
    return VERSION - found


def _check(store: Store, names: list[str]) -> None:
    """IF NOT EXISTS also passes over an index that another program made under a name of its own."""
    if missing := sorted(set(names) - {name for name, in store.values(SHOW, {"names": names})}):
        raise GraphError(
            f"the database holds other indexes in place of {', '.join(missing)}: drop those, or use an empty database"
        )
