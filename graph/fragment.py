"""The rows that derivation gives and the store writes: what one document puts into the graph."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Properties = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Node:
    """A node with its own id. ``labels`` are the ontology's, the most specific last."""

    id: str
    labels: tuple[str, ...]
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relationship:
    """A relationship of one document, between nodes named by their own ids."""

    type: str
    start_label: str  # the label under which the start node's id is unique
    start: str
    end_label: str
    end: str
    properties: Properties = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fragment:
    """All that one document contributes. ``owned`` nodes go with the document; ``shared`` ones are
    things, headings, sectors, runs and studies, which other documents may use too."""

    document_id: str
    owned: tuple[Node, ...]
    shared: tuple[Node, ...]
    relationships: tuple[Relationship, ...]
