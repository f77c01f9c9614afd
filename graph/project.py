"""The projector: brings the graph up to date with the records, a document a transaction, in the order of their changes.

The graph holds the number of the change that it reflects, written in the same transaction as the change itself. So a
crash loses nothing and repeats nothing: the next run begins after that number. Several processes may project at once;
a change that another one was quicker with is passed over.
"""
from __future__ import annotations

import logging
from collections.abc import Callable

from errors import NotFoundError, OntologyError
from graph.derive import Derivation, derive_all
from graph.fragment import Fragment
from graph.replacement import SetBackError
from graph.store import Store
from ontology.model import current_hash, load
from records.store import Records

log = logging.getLogger(__name__)

TRIES = 3  # where another process drops the graph in between
DOCUMENTS = "MATCH (d:Document) RETURN d.id"
Progress = Callable[[int, int], None]  # documents done, documents in all


def lag(records: Records, store: Store) -> int:
    """How many documents have changed in the records and not yet in the graph."""
    return len(records.changes_after(store.sequence()))


def bring_up_to_date(records: Records, store: Store, progress: Progress | None = None) -> int:
    """Derives every document that changed since the graph's number, and gives how many were written.

    Every document is derived again where the ontology is another than the one that the graph was derived from, and
    where the graph is ahead of the records (an older backup was put in their place). Where another process drops the
    graph in between, this begins anew with it.
    Raises GraphError and its kinds, RecordsError, OntologyError; what was written before stays.
    """
    for attempt in range(TRIES):
        try:
            return _follow(records, store, progress)
        except SetBackError:
            if attempt == TRIES - 1:
                raise
            log.info("The graph was begun again by another process; asking anew what it reflects")
    raise AssertionError("not reached")


def _follow(records: Records, store: Store, progress: Progress | None) -> int:
    ontology_hash = current_hash()  # where there is nothing to do, the ontology is not loaded
    reached = store.sequence()
    begins = store.ontology_hash() != ontology_hash or reached > records.sequence()
    changes = records.changes_after(0 if begins else reached)
    if (begins or changes) and load().hash != ontology_hash:
        raise OntologyError("The ontology's files have changed since this process began: start it anew.")
    if begins:
        store.begin_again(ontology_hash)
        reached = 0
    if reached == 0:
        remove_strangers(records, store)
    written = 0
    for number, (sequence, document_id) in enumerate(changes, 1):
        written += project(records, store, document_id, sequence, reached)
        reached = sequence
        if progress:
            progress(number, len(changes))
    return written


def project(records: Records, store: Store, document_id: str, sequence: int, after: int = 0) -> bool:
    """Writes one document as the records hold it now; False where the graph reflects that change already."""
    ontology = load()
    try:
        derivation = derive_all(records.snapshot(document_id), ontology)
    except NotFoundError:
        derivation = Derivation(Fragment(document_id, (), (), ()))
    written = store.replace_document(derivation.fragment, sequence, after, ontology.hash)
    if written and derivation.left_out:
        log.warning(
            "Document %s: %d findings do not fit the ontology and are left out of the graph; the first: %s",
            document_id, len(derivation.left_out), derivation.left_out[0],
        )
    return written


def remove_strangers(records: Records, store: Store) -> int:
    """Takes the documents out of the graph that the records do not know."""
    known = {each.document_id for each in records.documents()}
    strangers = [document_id for document_id, in store.values(DOCUMENTS) if document_id not in known]
    for document_id in strangers:
        store.remove_document(document_id)
    return len(strangers)
