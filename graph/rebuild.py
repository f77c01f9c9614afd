"""Drops the graph and derives it again from the records. Nothing is extracted again."""
from __future__ import annotations

from graph.project import Progress, bring_up_to_date
from graph.store import Store
from records.store import Records

DROP = """
MATCH (n) WHERE NOT n:GraphState
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 2000 ROWS
"""


def rebuild(records: Records, store: Store, progress: Progress | None = None) -> int:
    """Gives how many documents were derived. A rebuild that was cut short goes on with the next projection.

    The graph says that it reflects nothing before the first node goes, so no page takes a half-dropped graph for whole.
    """
    store.begin_again()
    store.run(DROP)
    return bring_up_to_date(records, store, progress)
