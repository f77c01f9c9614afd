"""Footnotes: small type at the foot of a page or column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.read.pdf.columns import Row
from ingest.read.pdf.glyphs import Page

_MARKED = re.compile(r"^(?:\d{1,3}|[*†‡§])[.)]?\s*(?=[^\W\d_]|[“\"‘'(\[]|https?:)")


def mark_notes(rows: Sequence[Row], page: Page, usual: float) -> None:
    """Give the rows of a page's footnotes the kind "note".

    A note is set smaller than the running text, has no running text below it in its column, and
    begins with a mark or stands under a short rule; small lines that follow belong to it.
    """
    small = [row for row in rows if row.row is None and row.size <= 0.93 * usual]
    text = [row for row in rows if row.row is None and row.size > 0.93 * usual and len(row.text) > 3]
    rules = [(y0 + y1) / 2 for x0, y0, x1, y1, _ in page.boxes if y1 - y0 < 3 and 25 < x1 - x0 < 0.6 * page.width]
    noted: list[Row] = []
    for row in sorted(small, key=lambda row: (row.zone, -row.base)):
        below = any(other.base < row.base and other.x0 < row.x1 and other.x1 > row.x0 for other in text)
        if below or row.base > 0.75 * page.height:
            continue
        follows = bool(noted) and noted[-1].zone == row.zone and 0 <= noted[-1].base - row.base < 3 * row.size
        ruled = any(row.base < y < row.base + 4 * row.size for y in rules) and row.base < 0.6 * page.height
        if row.led or _MARKED.match(row.text) or follows or ruled:
            row.kind = "note"
            noted.append(row)
