"""What a read gives: plain values only, so that pages and files need not know the driver."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import neo4j.graph
import neo4j.spatial
import neo4j.time


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a read. ``truncated``: there were more rows than the cap. ``seconds``: how long it took."""

    columns: tuple[str, ...]
    rows: list[dict[str, Any]] = field(default_factory=list)
    truncated: bool = False
    seconds: float = 0.0


def plain(value: Any) -> Any:
    """A value of the driver as numbers, texts, lists and maps.

    A node becomes ``{labels, properties}``, a relationship ``{type, start, end, properties}`` with the ends' own ids
    (None where the answer does not hold the end's properties), a path the list of both in order. Times become ISO 8601.
    """
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, neo4j.graph.Node):
        return {"labels": sorted(value.labels), "properties": plain(dict(value.items()))}
    if isinstance(value, neo4j.graph.Relationship):
        start, end = value.nodes
        return {
            "type": value.type, "start": None if start is None else start.get("id"),
            "end": None if end is None else end.get("id"), "properties": plain(dict(value.items())),
        }
    if isinstance(value, neo4j.graph.Path):
        steps: list[Any] = [plain(value.nodes[0])]
        for relationship, node in zip(value.relationships, value.nodes[1:], strict=True):
            steps += [plain(relationship), plain(node)]
        return steps
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (neo4j.time.Date, neo4j.time.Time, neo4j.time.DateTime, neo4j.time.Duration)):
        return value.iso_format()
    if isinstance(value, neo4j.spatial.Point):
        return {"srid": value.srid, "coordinates": list(value)}
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, Iterable):
        return [plain(each) for each in value]
    return str(value)
