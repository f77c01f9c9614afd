"""What a run of the ingest did, counted."""
from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from errors import DocumentError
from records.model import Extraction


@dataclass(slots=True)
class Summary:
    """Documents by what became of them, and what was found in those that were taken in."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failures: list[DocumentError] = field(default_factory=list)
    passed_over: tuple[str, ...] = ()
    words: int = 0
    mentions: Counter[str] = field(default_factory=Counter)  # by kind
    statements: Counter[str] = field(default_factory=Counter)  # "evidence", or the predicate
    documents: list[str] = field(default_factory=list)  # ids of those that are in the records now
    projected: int = 0  # documents written to the graph
    began: float = field(default_factory=time.monotonic)
    seconds: float = 0.0

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def words_per_second(self) -> float:
        return self.words / self.seconds if self.seconds else 0.0

    def add(self, words: int, extraction: Extraction) -> None:
        """Count what was found in one document."""
        self.words += words
        self.mentions.update(mention.kind for mention in extraction.mentions)
        self.statements.update(statement.predicate or "evidence" for statement in extraction.statements)

    def end(self) -> None:
        """Note how long it took."""
        self.seconds = time.monotonic() - self.began

    def lines(self) -> list[str]:
        """The summary for a person."""
        lines = [
            f"Documents:  {self.new} new, {self.changed} changed, {self.unchanged} unchanged, {self.failed} failed"
            + (f"; {len(self.passed_over)} files passed over" if self.passed_over else "")
        ]
        if self.words:
            lines.append(f"Words:      {self.words:,} in {self.seconds:.1f} s ({self.words_per_second:,.0f} a second)")
            lines.append(f"Mentions:   {_counts(self.mentions)}")
            lines.append(f"Statements: {_counts(self.statements)}")
        return lines


def _counts(counter: Counter[str]) -> str:
    if not counter:
        return "none"
    ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    parts = ", ".join(f"{count:,} {kind}" for kind, count in ordered)
    return f"{counter.total():,} ({parts})"
