"""PDF: glyphs by pdfminer.six, everything above them here.

The steps: glyphs to segments (``glyphs``), heads, feet and watermarks out (``furniture``), ruled
tables (``tables``), columns and reading order (``columns``), footnotes (``notes``), paragraphs and
sentences over page ends (``flow``), words broken at line ends (``words``).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from errors import DamagedError, EmptyTextError, EncryptedError, TooLargeError
from ingest.read.byline import is_junk_name
from ingest.read.cover import Claims, Line, read_cover
from ingest.read.draft import Draft
from ingest.read.pdf.columns import Row, arrange
from ingest.read.pdf.flow import Part, parts_of
from ingest.read.pdf.furniture import strip, usual_size
from ingest.read.pdf.glyphs import Page, Segment, read_page
from ingest.read.pdf.notes import mark_notes
from ingest.read.pdf.tables import take_tables
from ingest.read.pdf.words import Hyphens
from ingest.read.title import is_junk_title
from ingest.text import collapse
from records.model import Metadata
from settings import Settings

VERSION = "1"
PAGES = 3000
_STREAM = re.compile(rb"stream\r?\n")
_ENDING = 4096  # bytes at the end in which a whole file has its end mark


def read(name: str, data: bytes, settings: Settings) -> tuple[Draft, Metadata]:
    """Draft and metadata of a PDF.

    Raises EncryptedError, EmptyTextError for pictures of text, TooLargeError for too many pages or
    streams that expand without measure, DamagedError for truncated or broken files.
    """
    if b"%%EOF" not in data[-_ENDING:] and b"startxref" not in data[-_ENDING:]:
        raise DamagedError(name, "it is truncated: the end of the file is missing")
    _check_streams(name, data, 4 * settings.document_mb * 2**20)
    pages, info = _pages(name, data)
    if not pages:
        raise DamagedError(name, "it is damaged: no page can be read")
    draft = Draft()
    _check_text(name, pages, draft)
    lines = [segment.text for page in pages for segment in page.segments]
    hyphens = Hyphens(lines)
    usual = usual_size(pages)
    first = _cover_lines(pages, usual)
    edges, pale = strip(pages, usual)
    rows: list[Row] = []
    for page in pages:
        rows.extend(_rows_of(page, usual, hyphens))
    parts, contents = parts_of(rows, usual, hyphens)
    parts = _without_labels(parts, draft)
    for part in parts:
        draft.add(part.kind, part.text, part.page)
    if edges:
        draft.notes.append("left out: running heads and feet: " + "; ".join(f"“{edge[:60]}”" for edge in edges[:4]))
    if contents:
        draft.notes.append(f"left out: {contents} lines of tables of contents")
    if pale:
        draft.notes.append(f"left out: {pale} pale lines (watermarks)")
    claims = Claims(*_claims(info), tuple(edges))
    return draft, read_cover(first, usual, [piece.text for piece in draft.pieces], claims)


def _pages(name: str, data: bytes) -> tuple[list[Page], list[dict[str, Any]]]:
    import logging

    from pdfminer.converter import PDFPageAggregator
    from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    logging.getLogger("pdfminer").setLevel(logging.ERROR)  # it warns of each odd font
    try:
        document = PDFDocument(PDFParser(BytesIO(data)))
        promised = _promised(document)
        if promised > PAGES:
            raise TooLargeError(name, f"it has {promised:,} pages; at most {PAGES:,} are read")
        manager = PDFResourceManager()
        device = PDFPageAggregator(manager, laparams=None)
        interpreter = PDFPageInterpreter(manager, device)
        pages: list[Page] = []
        for number, pdf_page in enumerate(PDFPage.create_pages(document), 1):
            if number > PAGES:
                raise TooLargeError(name, f"it has over {PAGES:,} pages")
            interpreter.process_page(pdf_page)
            pages.append(read_page(number, device.get_result()))
    except (PDFPasswordIncorrect, PDFEncryptionError) as problem:
        raise EncryptedError(name, "it is locked with a password; save it without one") from problem
    except (DamagedError, TooLargeError, RecursionError, MemoryError):
        raise
    except Exception as problem:  # pdfminer's own errors and those of broken fonts and streams
        raise DamagedError(name, "it is damaged: its pages cannot be read") from problem
    if promised > len(pages):
        raise DamagedError(name, f"it is damaged: only {len(pages)} of its {promised} pages can be read")
    return pages, document.info


def _promised(document: Any) -> int:
    """How many pages the file says that it has; 0 where it does not say."""
    from pdfminer.pdftypes import dict_value, int_value

    try:
        return int(int_value(dict_value(document.catalog["Pages"])["Count"]))
    except Exception:  # the count is only a check
        return 0


def _check_streams(name: str, data: bytes, limit: int) -> None:
    """Inflate each packed stream, counting only. Raises TooLargeError for a bomb."""
    if re.search(rb"/FlateDecode\s*/FlateDecode", data):
        raise TooLargeError(name, "a stream in it is packed twice over, as bombs are")
    total = 0
    for match in _STREAM.finditer(data):
        head = data[max(0, match.start() - 400) : match.start()]
        if b"FlateDecode" not in head[head.rfind(b" obj") :] and b"/Fl" not in head[head.rfind(b" obj") :]:
            continue
        inflater = zlib.decompressobj()
        at = match.end()
        try:
            while at < len(data) and not inflater.eof:
                chunk = data[at : at + (1 << 20)]
                at += len(chunk)
                while chunk:
                    total += len(inflater.decompress(chunk, 1 << 24))
                    chunk = inflater.unconsumed_tail
                    if total > limit:
                        raise TooLargeError(name, f"its streams unpack to more than {limit // 2**20:,} MiB")
        except zlib.error:
            continue  # encrypted or damaged: the parser will say


def _check_text(name: str, pages: Sequence[Page], draft: Draft) -> None:
    """Raises EmptyTextError where the pages hold pictures and no text; notes pages that do."""
    words = [sum(len(segment.text.split()) for segment in page.segments) for page in pages]
    pictured = [
        page.number for page, count in zip(pages, words, strict=True) if count == 0 and (page.images or page.pictures)
    ]
    if sum(words) < 3 or sum(words) < len(pages) / 2:
        if pictured:
            raise EmptyTextError(
                name,
                "it has no text, only pictures of its pages (a scan); character recognition is not part of reading",
            )
        if any(page.rotated for page in pages):
            raise EmptyTextError(name, "it has no upright text")
        raise EmptyTextError(name, "it has no text")
    if len(pictured) > 1 or (pictured and len(pages) < 4):
        draft.notes.append(f"{len(pictured)} pages are pictures without text: {', '.join(map(str, pictured[:20]))}")


def _rows_of(page: Page, usual: float, hyphens: Hyphens) -> list[Row]:
    """The page's rows in reading order, ruled tables where they stand."""

    def join(segments: Sequence[Segment]) -> list[str]:
        parts, _ = parts_of(arrange(segments, page.number), usual, hyphens, cells=True)
        return [text for part in parts if (text := collapse(part.text))]

    tables = take_tables(page, join)
    rows = arrange(page.segments, page.number)
    mark_notes(rows, page, usual)
    zones = max((row.zone for row in rows), default=0)
    for table in tables:
        at = next(
            (
                n
                for n, row in enumerate(rows)
                if row.row is None and row.base < table.base and row.x0 < table.right and row.x1 > table.left
            ),
            len(rows),
        )
        while at < len(rows) and rows[at].row is not None and rows[at].base > table.base:
            at += 1
        table.zone = zones + 1
        rows.insert(at, table)
        for row in rows[at + 1 :]:
            if row.row is None and row.zone <= zones:
                row.zone += 1000  # what follows a table is a new paragraph
    return rows


def _without_labels(parts: Sequence[Part], draft: Draft) -> list[Part]:
    """The parts without what stands in drawings: numbers on axes, and lone words in pictures."""
    kept = [part for part in parts if any(char.isalpha() for char in part.text) or part.ruled]
    if len(kept) < len(parts):
        draft.notes.append(f"left out: {len(parts) - len(kept)} numbers that stand alone (on axes and in drawings)")
    return kept


def _cover_lines(pages: Sequence[Page], usual: float) -> list[Line]:
    """The lines of the first pages that have text, as a title page is read."""
    lines: list[Line] = []
    for page in [page for page in pages if page.segments][:4]:
        rows = arrange(page.segments, page.number)[:60]
        gaps = [
            rows[n - 1].base - row.base if n and rows[n - 1].zone == row.zone else 1e6 for n, row in enumerate(rows)
        ]
        for number, row in enumerate(rows):
            text = collapse(row.text)
            if any(char.isalnum() for char in text):
                gap = gaps[number]
                apart = gap > 1.9 * max(row.size, rows[number - 1].size) or gap < 0
                lines.append(
                    Line(text, row.size, row.bold, apart, page.number, prose=_in_prose(rows, gaps, number, usual))
                )
    return lines


def _in_prose(rows: Sequence[Row], gaps: Sequence[float], number: int, usual: float) -> bool:
    """Whether a line stands in a paragraph of running text: three close lines or more, long ones."""
    size = rows[number].size
    start = end = number
    while start and abs(rows[start - 1].size - size) < 0.3 and 0 < gaps[start] < 2 * size:
        start -= 1
    while end + 1 < len(rows) and abs(rows[end + 1].size - size) < 0.3 and 0 < gaps[end + 1] < 2 * size:
        end += 1
    lines = rows[start : end + 1]
    words = " ".join(line.text for line in lines).split()
    small = sum(word[:1].islower() and "@" not in word for word in words)
    return size <= 1.15 * usual and len(lines) >= 3 and len(words) > 5 * len(lines) and small > 0.6 * len(words)


def _claims(info: Sequence[dict[str, Any]]) -> tuple[str, str]:
    """Title and author of the file's properties, "" for what is junk."""
    from pdfminer.utils import decode_text

    found = []
    for key in ("Title", "Author"):
        value = next((entry[key] for entry in info if key in entry), b"")
        if isinstance(value, bytes):
            value = value.decode("utf-8") if _is_utf8(value) else decode_text(value)
        found.append(collapse(value) if isinstance(value, str) else "")
    title, author = found
    return ("" if is_junk_title(title) else title), ("" if is_junk_name(author) else author)


def _is_utf8(value: bytes) -> bool:
    """Whether bytes are UTF-8 with more than ASCII in it: not foreseen by the standard, but written by some."""
    try:
        return not value.decode("utf-8").isascii()
    except UnicodeDecodeError:
        return False
