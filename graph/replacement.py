"""Writing a document into the graph, in one transaction: the statements are ``graph/writes/*.cypher``.

Labels and relationship types come from the ontology's closed lists; everything else is a parameter. Rows go in batches.
Each batch checks that it made as many nodes and relationships as it should, so a fragment that refers to something that
is not there fails whole.
"""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from neo4j import Transaction

from errors import GraphError
from graph.difference import COUNTS, TALLIES, Difference, Held, Key, Link, Row, difference, key_of, unique_labels
from graph.fragment import Fragment, Properties
from ontology.model import load
from ontology.terms import Label, Relation

FOLDER = Path(__file__).with_name("writes")
BATCH = 2_000  # rows of one statement
SHARED = (
    Label.THING, Label.HEADING, Label.MERGED, Label.DECISION, Label.SECTOR, Label.POSITION, Label.STUDY,
    Label.EXTRACTION_RUN,
)
FOUND = ("things", "headings", "merged", "decisions", "sectors", "positions", "studies", "runs")  # by read_shared
LINKS = (
    Relation.AFFILIATED_WITH, Relation.DELIVERS, Relation.ADDRESSES, Relation.LEADS_TO, Relation.LOCATED_IN,
    Relation.CONTRIBUTED_TO,
)
NO_COUNTS = dict.fromkeys(sorted(COUNTS), 0)
Outgoing = dict[str, list[tuple[Key, Properties]]]  # type -> ends


@cache
def statement(name: str, **terms: str) -> str:
    """The text of ``writes/<name>.cypher``, with START, END, LABEL or TYPE replaced by terms of the ontology."""
    text = (FOLDER / f"{name}.cypher").read_text("utf-8")
    for place, term in terms.items():
        if term not in unique_labels() and term not in load().relations:
            raise GraphError(f"{term!r} is not a term of the ontology")
        text = text.replace(place, term)
    return text


class SetBackError(GraphError):
    """The graph was begun again since a projector asked what it reflects: the projector has to ask anew."""


def replace(
    transaction: Transaction, fragment: Fragment, sequence: int | None, after: int = 0, ontology_hash: str = "",
) -> bool:
    """Makes the graph hold this fragment for its document, and reflect this change of the records, if given.

    ``after``: the change that the graph must have reached before, and ``ontology_hash``: what it must be derived from.
    False, and nothing written, where the graph reflects the change already. A fragment without nodes removes the
    document. Raises SetBackError where the graph is not where it must be, GraphError where the fragment refers to a
    node that neither it nor the graph has.
    """
    if transaction.run(statement("lock_state")).single(strict=True)["states"] != 1:
        raise GraphError("the graph has no schema yet: migrate it first")
    held = read_held(transaction, fragment)
    if held.sequence < after or (ontology_hash and ontology_hash != held.ontology_hash):
        raise SetBackError("The graph was begun again in between.")
    if sequence is not None and sequence <= held.sequence:
        return False
    changes = difference(fragment, held)
    if changes:
        _Writing(transaction, fragment.document_id).apply(changes)
    if sequence is not None:
        transaction.run(statement("set_sequence"), sequence=sequence).consume()
    return True


def read_held(transaction: Transaction, fragment: Fragment) -> Held:
    """What the graph holds of a document and of its fragment's shared nodes."""
    ids: dict[str, list[str]] = {label: [] for label in SHARED}
    for node in fragment.shared:
        ids[key_of(node.labels, node.id)[0]].append(node.id)
    others = {
        id_ for each in fragment.relationships if each.type == Relation.SAME_TEXT_AS for id_ in (each.start, each.end)
    } - {fragment.document_id}
    ids["others"] = sorted(others)
    # One map, not a parameter a list: the database keeps a plan for each combination of sizes of lists.
    row = transaction.run(statement("read_shared"), ids=ids, document=fragment.document_id).single(strict=True)
    held = Held(
        row["known"], row["sequence"], row["ontology_hash"], others=set(row["others"]), revived=set(row["revived"])
    )
    for name in FOUND:
        for labels, properties, outgoing, incoming in row[name]:
            _keep(held.shared, held.links, labels, properties, outgoing, incoming)
    if held.known:
        for labels, properties, outgoing, incoming in transaction.run(
            statement("read_document"), document=fragment.document_id
        ):
            _keep(held.owned, held.links, labels, properties, outgoing, incoming)
    return held


def _keep(
    nodes: dict[Key, Row], links: dict[Link, Properties], labels: Sequence[str], properties: Properties,
    outgoing: Iterable[Sequence[Any]], incoming: Iterable[Sequence[Any]],
) -> None:
    key = key_of(labels, properties["id"])
    nodes[key] = Row(tuple(labels), properties)
    for type_, ends, id_, values in outgoing:
        links[type_, key, key_of(ends, id_)] = values
    for type_, ends, id_, values in incoming:
        links[type_, key_of(ends, id_), key] = values


def batches(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for at in range(0, len(rows), BATCH):
        yield rows[at:at + BATCH]


class _Writing:
    """The writes of one document."""

    def __init__(self, transaction: Transaction, document_id: str) -> None:
        self.transaction = transaction
        self.document: Key = (Label.DOCUMENT.value, document_id)

    def apply(self, changes: Difference) -> None:
        self.delete(changes)
        self.add(changes)
        self.change(changes)
        self.count(changes)
        self.drop_unused(changes.unused)

    def run(self, text: str, rows: Sequence[Any], nodes: int = 0, links: int = 0, **parameters: Any) -> None:
        """One statement in batches of rows; ``nodes`` and ``links``: how many it must make in all."""
        made_nodes = made_links = 0
        for batch in batches(rows):
            counters = self.transaction.run(text, rows=batch, **parameters).consume().counters
            made_nodes += counters.nodes_created
            made_links += counters.relationships_created
        if (made_nodes, made_links) != (nodes, links):
            raise GraphError(
                f"document {self.document[1]} refers to something that the graph does not hold: {links} relationships "
                f"and {nodes} nodes were to be made, {made_links} and {made_nodes} were"
            )

    # Deleting

    def delete(self, changes: Difference) -> None:
        by_label: dict[str, list[str]] = defaultdict(list)
        for label, id_ in changes.gone:
            by_label[label].append(id_)
        for label, ids in by_label.items():
            self.run(statement("delete_nodes", LABEL=label), ids)
        by_kind: dict[tuple[str, str, str], list[Properties]] = defaultdict(list)
        for type_, start, end in changes.links_gone:
            by_kind[type_, start[0], end[0]].append({"start": start[1], "end": end[1]})
        for (type_, start_label, end_label), rows in by_kind.items():
            self.run(statement("delete_relationships", TYPE=type_, START=start_label, END=end_label), rows)

    # Adding

    def add(self, changes: Difference) -> None:
        """Shared nodes first, then what is owned together with what hangs on it, then the other relationships."""
        links = changes.links_added
        outgoing: dict[Key, Outgoing] = defaultdict(lambda: defaultdict(list))
        for (type_, start, end), properties in links.items():
            outgoing[start][type_].append((end, properties))
        rows: dict[str, list[Properties]] = defaultdict(list)
        used = 0
        for key, row in changes.added.items():
            writer = {
                Label.MENTION: self.mention, Label.PASSAGE: self.passage, Label.STATEMENT: self.statement,
            }.get(Label(key[0]))
            ready = writer(row, outgoing[key]) if writer else None
            if ready is not None:
                rows[key[0]].append(ready)
            elif key == self.document:
                rows["document"].append(row.properties)
            else:
                properties = row.properties | NO_COUNTS if key[0] == Label.THING else row.properties
                rows["other"].append({"labels": row.labels, "properties": properties})
        self.run(statement("create_nodes"), rows["other"], len(rows["other"]))
        used += self.add_document(rows["document"], outgoing[self.document])
        document = self.document[1]
        passages, mentions, statements = rows[Label.PASSAGE], rows[Label.MENTION], rows[Label.STATEMENT]
        self.run(statement("create_passages"), passages, len(passages), len(passages), document=document)
        self.run(statement("create_mentions"), mentions, len(mentions), 2 * len(mentions), document=document)
        made = sum(3 + len(row["things"]) + len(row["passages"]) for row in statements)
        self.run(statement("create_statements"), statements, len(statements), made)
        used += len(passages) + 2 * len(mentions) + made
        self.add_links(outgoing, len(links) - used)

    def add_document(self, rows: list[Properties], outgoing: Outgoing) -> int:
        """A new document with what it mentions; gives how many relationships that made."""
        if not rows:
            return 0
        mentions = outgoing.pop(Relation.MENTIONS, [])
        first, rest = mentions[:BATCH], mentions[BATCH:]
        if rest:
            outgoing[Relation.MENTIONS] = rest
        counters = self.transaction.run(
            statement("create_document"), properties=rows[0],
            mentions=[{"id": end[1], "properties": properties} for end, properties in first],
        ).consume().counters
        if counters.relationships_created != len(first):
            raise GraphError(f"document {self.document[1]} mentions something that the graph does not hold")
        return len(first)

    def mention(self, row: Row, outgoing: Outgoing) -> Properties | None:
        """The row of a new mention that is in this document and refers to one thing; takes its relationships."""
        document, things = outgoing.get(Relation.IN_DOCUMENT, []), outgoing.get(Relation.REFERS_TO, [])
        if [end for end, _ in document] != [self.document] or len(things) != 1 or len(outgoing) != 2:
            return None
        outgoing.clear()
        return {"properties": row.properties, "thing": things[0][0][1]}

    def passage(self, row: Row, outgoing: Outgoing) -> Properties | None:
        """The row of a new passage of this document; takes its relationship."""
        if list(outgoing) != [Relation.PART_OF] or [end for end, _ in outgoing[Relation.PART_OF]] != [self.document]:
            return None
        outgoing.clear()
        return {"properties": row.properties}

    def statement(self, row: Row, outgoing: Outgoing) -> Properties | None:
        """The row of a new statement with one sector, position and run; takes its relationships, studies apart."""
        single = [outgoing.get(type_, []) for type_ in (
            Relation.FROM_SECTOR, Relation.FROM_POSITION, Relation.EXTRACTED_BY,
        )]
        if any(len(ends) != 1 for ends in single):
            return None
        sector, position, run = (ends[0][0][1] for ends in single)
        passages = [{"id": end[1], "properties": values} for end, values in outgoing.pop(Relation.IN_PASSAGE, [])]
        things = [
            {"type": type_, "id": end[1]}
            for type_, ends in outgoing.items() for end, _ in ends if end[0] == Label.THING
        ]
        if not things:
            return None
        studies = outgoing.get(Relation.RESTS_ON)
        outgoing.clear()
        if studies:
            outgoing[Relation.RESTS_ON] = studies
        return {
            "labels": row.labels, "properties": row.properties, "sector": sector, "position": position, "run": run,
            "passages": passages, "things": things,
        }

    def add_links(self, outgoing: Mapping[Key, Outgoing], number: int) -> None:
        """The relationships that no other statement has made; ``number`` is how many they must be."""
        rows: dict[tuple[str, str], list[Properties]] = defaultdict(list)
        for start, by_type in outgoing.items():
            for type_, ends in by_type.items():
                for end, properties in ends:
                    rows[start[0], end[0]].append(
                        {"type": type_, "start": start[1], "end": end[1], "properties": properties}
                    )
        if sum(map(len, rows.values())) != number:
            raise GraphError(f"document {self.document[1]}: relationships were lost on the way")  # a fault of ours
        for (start_label, end_label), found in rows.items():
            self.run(statement("create_relationships", START=start_label, END=end_label), found, 0, len(found))

    # Changing

    def change(self, changes: Difference) -> None:
        nodes: dict[str, list[Properties]] = defaultdict(list)
        for (label, id_), change in changes.changed.items():
            nodes[label].append({
                "id": id_, "changes": change.properties, "labels": change.labels, "gone": change.labels_gone,
            })
        for label, rows in nodes.items():
            self.run(statement("change_nodes", LABEL=label), rows)
        links: dict[tuple[str, str, str], list[Properties]] = defaultdict(list)
        for (type_, start, end), properties in changes.links_changed.items():
            links[type_, start[0], end[0]].append({"start": start[1], "end": end[1], "properties": properties})
        for (type_, start_label, end_label), rows in links.items():
            self.run(statement("change_relationships", TYPE=type_, START=start_label, END=end_label), rows)

    # Counting

    def count(self, changes: Difference) -> None:
        """The links between things, then the counts of each thing that lost or gained something."""
        more: dict[str, list[Properties]] = {type_: [] for type_ in LINKS}
        less: dict[str, list[Properties]] = {type_: [] for type_ in LINKS}
        for (type_, start, end), counts in changes.counted.items():
            names = ("statements", "documents", *TALLIES.get(type_, ()))
            more[type_].append({"start": start[1], "end": end[1], **{name: counts[name] for name in names}})
            if counts["statements"] < 0:
                less[type_].append({"start": start[1], "end": end[1]})
        if changes.counted:
            self.transaction.run(statement("add_links"), links=more).consume()
        if any(less.values()):
            self.transaction.run(statement("drop_links"), links=less).consume()
        rows = [{"id": thing, "statements": changes.statements[thing]} for thing in sorted(changes.touched)]
        self.run(statement("count_things"), rows)

    # Clearing up

    def drop_unused(self, candidates: set[Key]) -> None:
        """Deletes those of the shared nodes that nothing uses any more, and then what only they used."""
        while candidates:
            ids: dict[str, list[str]] = {label: [] for label in SHARED}
            for label, id_ in sorted(candidates):
                ids[label].append(id_)
            row = self.transaction.run(statement("find_orphans"), ids=ids).single(strict=True)
            candidates = set()
            for label in SHARED:
                orphans = row[label]
                self.run(statement("delete_nodes", LABEL=label), [id_ for id_, _ in orphans])
                candidates.update(key_of(labels, id_) for _, held in orphans for labels, id_ in held)
