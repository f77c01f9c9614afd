"""Drops the graph and derives it again from the records. Nothing is extracted again."""
from __future__ import annotations

from graph.project import Progress, bring_up_to_date
from graph.store import Store
from records.store import Records

BATCH = 10_000
# Relationships go first, and each batch is a statement of its own: a hub's relationships, or a list of everything that
# is to go, need more memory than one transaction may use.
DROP = (
    "MATCH ()-[r]->() WITH r LIMIT $batch DELETE r RETURN count(*) AS gone",
    "MATCH (n) WHERE NOT n:GraphState WITH n LIMIT $batch DETACH DELETE n RETURN count(*) AS gone",
)


def rebuild(records: Records, store: Store, progress: Progress | None = None) -> int:
    """Gives how many documents were derived. A rebuild that was cut short goes on with the next projection.

    The graph says that it reflects nothing before the first node goes, so no page takes a half-dropped graph for whole.
    """
    store.begin_again()
    drop(store)
    return bring_up_to_date(records, store, progress)


def drop(store: Store) -> None:
    """Takes everything out of the graph but the note of what it reflects."""
    for text in DROP:
        while store.write(lambda transaction, text=text: transaction.run(  # type: ignore[misc]
                text, batch=BATCH).single(strict=True)["gone"]):
            pass
