"""Figures, each with its bar, as a table and as JSON."""
from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value, its bar, and what it was made of."""

    name: str
    value: float
    bar: float
    at_least: bool = True  # else the value must stay below the bar
    unit: str = ""
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        return self.value >= self.bar if self.at_least else self.value < self.bar

    def as_row(self) -> dict[str, Any]:
        return {
            "name": self.name, "value": round(self.value, 4), "bar": self.bar, "unit": self.unit,
            "direction": "at least" if self.at_least else "below", "passed": self.passed, "parts": self.parts,
        }


def write(figures: list[Figure], about: dict[str, Any], path: Path) -> None:
    """All figures and what they were measured on, as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"about": about, "figures": [figure.as_row() for figure in figures]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")


def table(figures: list[Figure]) -> str:
    """The figures for a terminal."""
    rows = [("figure", "value", "bar", "")]
    for figure in figures:
        sign = "≥" if figure.at_least else "<"
        rows.append((
            figure.name, f"{figure.value:,.2f}{figure.unit}", f"{sign} {figure.bar:g}{figure.unit}",
            "passed" if figure.passed else "FAILED",
        ))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])
