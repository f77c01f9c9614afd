"""What must hold after any number of kills, once a run has completed."""
from __future__ import annotations

from graph import picture
from graph.derive import derive
from graph.difference import difference
from graph.rebuild import rebuild
from graph.replacement import read_held
from graph.store import Store
from ontology.model import load
from records.store import Records


def check(records: Records, store: Store) -> list[str]:
    """What does not hold, in plain words; nothing when all is well. Rebuilds the graph at the end."""
    problems = check_documents(records, store)
    grown = picture.take(store)
    rebuild(records, store)
    problems += [f"grown and rebuilt graph differ: {line}" for line in grown.differences(picture.take(store))]
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
