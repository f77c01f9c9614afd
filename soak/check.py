"""What must hold after any number of kills, once a run has completed."""
from __future__ import annotations

from typing import Any

from graph.rebuild import rebuild

from graph.derive import derive
from graph.difference import difference
from graph.replacement import read_held
from graph.store import Store
from ontology.model import load
from records.store import Records

Picture = tuple[frozenset[tuple[Any, ...]], frozenset[tuple[Any, ...]]]


def check(records: Records, store: Store) -> list[str]:
    """What does not hold, in plain words; nothing when all is well. Rebuilds the graph at the end."""
    problems = check_documents(records, store)
    grown = picture(store)
    rebuild(records, store)
    built = picture(store)
    for what, before, after in zip(("nodes", "relationships"), grown, built, strict=True):
        if before != after:
            problems.append(
                f"{len(before - after)} {what} of the grown graph are not in the rebuilt one, and "
                f"{len(after - before)} the other way round; such as {sorted(map(str, before ^ after))[:3]}"
            )
    return problems


def check_documents(records: Records, store: Store) -> list[str]:
    """The graph reflects the latest change, has all documents, and of each exactly what is derived from it."""
    problems = []
    if store.sequence() != records.sequence():
        problems.append(f"the graph reflects change {store.sequence()}, the records are at {records.sequence()}")
    kept = {document.document_id: document.version for document in records.documents()}
    shown = dict(store.values("MATCH (d:Document) RETURN d.id, d.version"))
    if kept != shown:
        problems.append(f"{len(kept.items() ^ shown.items())} documents differ between records and graph")
    for document_id in kept:
        records.original(kept[document_id])  # raises where its bytes are not those of its hash
        fragment = derive(records.snapshot(document_id), load())
        if changes := store.write(lambda transaction, fragment=fragment: difference(  # type: ignore[misc]
                fragment, read_held(transaction, fragment))):
            problems.append(
                f"document {document_id} is half-written: {len(changes.added)} nodes missing, {len(changes.gone)} too "
                f"many, {len(changes.changed)} other; {len(changes.links_added)} relationships missing, "
                f"{len(changes.links_gone)} too many, {len(changes.links_changed)} other"
            )
    return problems


def picture(store: Store) -> Picture:
    """All nodes and relationships, by own ids and with all properties."""
    nodes = store.values("MATCH (n) RETURN labels(n), properties(n)")
    relationships = store.values("MATCH (a)-[r]->(b) RETURN type(r), labels(a), a.id, labels(b), b.id, properties(r)")
    return (
        frozenset((tuple(sorted(labels)), _frozen(found)) for labels, found in nodes),
        frozenset(
            (kind, tuple(sorted(starts)), start, tuple(sorted(ends)), end, _frozen(found))
            for kind, starts, start, ends, end, found in relationships
        ),
    )


def _frozen(properties: dict[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(
        (name, tuple(value) if isinstance(value, list) else value) for name, value in properties.items()
    ))
