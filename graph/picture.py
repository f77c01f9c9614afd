"""The whole graph in one canonical form, to compare two graphs by: ids, labels, properties, relationships."""
from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graph.difference import key_of
from graph.store import Store

NODES = "MATCH (n) RETURN labels(n), properties(n)"
LINKS = "MATCH (a)-[r]->(b) RETURN type(r), labels(a), a.id, labels(b), b.id, properties(r)"


@dataclass(frozen=True, slots=True)
class Picture:
    """Two graphs are the same where their pictures are equal. Each line names a node or a relationship in full."""

    nodes: tuple[str, ...]
    relationships: tuple[str, ...]

    def differences(self, other: Picture, most: int = 10) -> list[str]:
        """Lines that only one of the two has, ``-`` for this one's and ``+`` for the other's."""
        found = []
        for mine, theirs in ((self.nodes, other.nodes), (self.relationships, other.relationships)):
            found += [f"- {line}" for line in sorted(set(mine) - set(theirs))]
            found += [f"+ {line}" for line in sorted(set(theirs) - set(mine))]
            if not found and mine != theirs:
                found.append("some lines stand more often in one than in the other")
        return found[:most]


def take(store: Store) -> Picture:
    """The picture of the graph as it is now. It holds all of the graph in memory."""
    return Picture(
        tuple(sorted(_line(sorted(labels), properties) for labels, properties in store.values(NODES))),
        tuple(sorted(
            _line(type_, _end(starts, start), _end(ends, end), properties)
            for type_, starts, start, ends, end, properties in store.values(LINKS)
        )),
    )


def _end(labels: Sequence[str], id_: str) -> str:
    return "/".join(key_of(labels, id_))


def _line(*parts: Any) -> str:
    return json.dumps(parts, ensure_ascii=False, sort_keys=True)
