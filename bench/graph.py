"""Graph writing against raw UNWIND: ``python -m bench.graph`` on a local server in a fresh folder.

Both write the same rows (generated fragments, two sets of ids) into one database, a document by turns, so that load on
the machine and the growing graph weigh on both alike. Raw: in one transaction a document, ``UNWIND … CREATE`` for each
label, then for each relationship type with both ends matched by id; nothing is looked up, compared or counted, and what
documents share is created once. Ours: ``Store.replace_document``, gate, counts and links between things included.
"""
from __future__ import annotations

import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

import click
from neo4j import Transaction

import settings as settings_module
from bench.figures import Figure, table
from bench.fragments import Generator
from graph.fragment import Fragment, Node
from graph.store import Store

WARM_UP = 40  # documents, so that both have their plans compiled
COUNT = 300
BAR = 0.7


class Raw:
    """Plain batches; remembers what is shared, so that it asks the database nothing."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.seen: set[tuple[str, str]] = set()

    def write(self, fragment: Fragment) -> None:
        new = [node for node in fragment.shared if (node.labels[0], node.id) not in self.seen]
        self.store.write(lambda transaction: self.create(transaction, fragment, new))
        self.seen.update((node.labels[0], node.id) for node in new)

    def create(self, transaction: Transaction, fragment: Fragment, new: list[Node]) -> None:
        nodes: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for node in (*fragment.owned, *new):
            nodes[":".join(node.labels)].append({**node.properties, "id": node.id})
        for labels, rows in nodes.items():
            transaction.run(f"UNWIND $rows AS row CREATE (n:{labels}) SET n = row", rows=rows).consume()
        links: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
        for each in fragment.relationships:
            links[each.type, each.start_label, each.end_label].append(
                {"start": each.start, "end": each.end, "properties": each.properties}
            )
        for (type_, start, end), rows in links.items():
            transaction.run(
                f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
                f"CREATE (a)-[r:{type_}]->(b) SET r = row.properties", rows=rows,
            ).consume()


def size(fragment: Fragment) -> int:
    """Rows of a fragment: its nodes and its relationships; links and counts that follow from them are not counted."""
    return len(fragment.owned) + len(fragment.shared) + len(fragment.relationships)


def measure(store: Store, count: int = COUNT) -> Figure:
    """Rows a second that ``replace_document`` writes, by those of raw batches. Adds 2 * (count + 40) documents."""
    raw, seconds = Raw(store), {"raw": 0.0, "ours": 0.0}
    ours_made, raw_made = Generator(space=f"ours {time.time()}"), Generator(space=f"raw {time.time()}")
    sequence, rows = store.sequence(), 0
    # What all documents share has one id in both sets; whoever comes first creates it, and raw never asks.
    raw.seen = {("ExtractionRun", "run")} | {
        (label, id_) for label, known in (
            ("Sector", ours_made.ontology.sectors), ("Position", ours_made.ontology.positions),
        ) for id_ in known
    }
    for number in range(WARM_UP + count):
        mine, theirs = ours_made.fragment(number), raw_made.fragment(number)
        began = time.perf_counter()
        store.replace_document(mine, sequence + number + 1)
        between = time.perf_counter()
        if number == WARM_UP // 2:
            create_vocabulary(store, ours_made)
        if number >= WARM_UP // 2:
            again = time.perf_counter()
            raw.write(theirs)
            if number >= WARM_UP:
                seconds["ours"] += between - began
                seconds["raw"] += time.perf_counter() - again
                rows += size(mine)
    rates = {name: rows / each for name, each in seconds.items()}
    return Figure("graph rows/s ÷ raw UNWIND rows/s", rates["ours"] / rates["raw"], BAR, parts={
        "rows": rows, "documents": count, "rows_per_second": round(rates["ours"]),
        "raw_rows_per_second": round(rates["raw"]),
    })


def create_vocabulary(store: Store, made: Generator) -> None:
    """Every sector and position, which raw takes for granted."""
    for label, known in (("Sector", made.ontology.sectors), ("Position", made.ontology.positions)):
        store.run(
            f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n = row",
            {"rows": [{"id": each.id, "label": each.label} for each in known.values()]},
        )


@click.command()
@click.option("--count", default=COUNT, show_default=True, help="Documents of each kind.")
@click.option("--uri", default="", help="An empty server of one's own; its password is in REFORM_NEO4J_PASSWORD.")
def main(count: int, uri: str) -> None:
    """Measure graph writing against raw UNWIND."""
    with tempfile.TemporaryDirectory(prefix="bench-graph-") as folder:
        settings = settings_module.load(data_folder=Path(folder, "data"), neo4j_uri=uri)
        with Store.open(settings) as store:
            figure = measure(store, count)
    click.echo(table([figure]))
    click.echo(figure.parts)


if __name__ == "__main__":
    main()
