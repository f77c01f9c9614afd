"""Web pages: the main text by trafilatura, the metadata by what the page shows and what its head says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from errors import DamagedError, EmptyTextError
from ingest.read.boilerplate import is_furniture, tail_start
from ingest.read.draft import Draft, row_blocks
from ingest.read.page import metadata_of
from ingest.text import decode
from records.model import Metadata
from settings import Settings

VERSION = "1"
DEPTH = 200  # levels of nesting; hand-made and generated pages stay below 60
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.I)
_XML_ENCODING = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.:-]{2,40})", re.I)
_DROPPED = frozenset(
    [
        "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas", "math", "form",
        "button", "select", "input", "textarea", "nav", "footer", "aside", "head", "audio", "video", "map", "datalist",
        "dialog",
    ]
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sharedaddy|social|comments?|respond|related|cookies?|consent|menu|navbar|nav|"
    r"breadcrumbs?|sidebar|"
    r"widget|skip(?:-link)?|pagination|advert|promo|newsletter|subscribe|toc|print-only|visually-?hidden|sr-only|"
    r"screen-reader-text)(?:$|[\s_-])",
    re.I,
)
_BLOCKS = {
    "p": "paragraph",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "h5": "heading",
    "h6": "heading",
    "li": "item",
    "dt": "item",
    "dd": "item",
    "blockquote": "quote",
    "q": "",
    "figcaption": "caption",
    "caption": "caption",
    "tr": "table",
    "div": "",
    "section": "",
    "article": "",
    "main": "",
    "body": "",
    "html": "",
    "header": "",
    "figure": "",
    "ul": "",
    "ol": "",
    "dl": "",
    "table": "",
    "tbody": "",
    "thead": "",
    "tfoot": "",
    "address": "",
    "details": "",
    "summary": "",
    "fieldset": "",
    "hgroup": "",
    "center": "",
    "pre": "paragraph",
    "td": "",
    "th": "",
    "hr": "",
    # trafilatura's own names
    "head": "heading",
    "item": "item",
    "list": "",
    "quote": "quote",
    "row": "table",
    "cell": "",
    "lb": "",
}
_BLOCKS.pop("q")


def read(name: str, data: bytes, settings: Settings, media_type: str = "") -> tuple[Draft, Metadata]:
    """Draft and metadata of a page.

    Raises DamagedError for a page that cannot be parsed or is nested too deeply, EmptyTextError for
    one without running text.
    """
    tree = _parse(name, _decoded(name, data, media_type))
    draft = Draft()
    found = _main_text(tree)
    pieces, cut = [], 0
    for kind, text in found:
        if is_furniture(text):
            cut += 1
        else:
            pieces.append((kind, text))
    end = tail_start([text for _, text in pieces])
    cut += len(pieces) - end
    if cut:
        draft.notes.append(f"cut: {cut} lines of the page's menu, sharing buttons or forms")
    for kind, text in pieces[:end]:
        draft.add(kind, text)
    if not draft.pieces:
        raise EmptyTextError(name, "the page has no running text (only menus, scripts or pictures)")
    return draft, metadata_of(tree, draft)


def fragment_blocks(source: str) -> list[tuple[str, str]]:
    """(kind, text) of each block of a piece of HTML, as it stands in Markdown."""
    from lxml import html

    try:
        root = html.fragment_fromstring(source, create_parent="div")
    except Exception:  # lxml's parser has many ways to say that there is nothing in it
        return []
    return list(_walk(root, filtered=False)) if _depth(root) <= DEPTH else []


def _decoded(name: str, data: bytes, media_type: str) -> str:
    match = _XML_ENCODING.match(data[:200]) or _CHARSET.search(data[:4096])
    charset = media_type.partition("charset=")[2].split(";")[0]
    try:
        return decode(data, charset or (match[1].decode("ascii") if match else "")).text
    except UnicodeDecodeError as problem:
        raise DamagedError(name, "its characters are in no encoding that is known here") from problem


def _parse(name: str, source: str) -> Any:
    from lxml import etree, html

    source = re.sub(r"^\s*<\?xml[^>]*>", "", source.replace("\0", ""), count=1)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, RecursionError) as problem:
        raise DamagedError(name, "it cannot be parsed as HTML") from problem
    if any("depth" in entry.message.lower() for entry in parser.error_log) or _depth(tree) > DEPTH:
        raise DamagedError(name, f"its elements are nested more than {DEPTH} levels deep")
    return tree


def _depth(root: Any) -> int:
    """Levels of nesting, counted without recursion."""
    from lxml import etree

    depth = deepest = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


def _main_text(tree: Any) -> list[tuple[str, str]]:
    """The main text's blocks: trafilatura's, unless it lost most of what the page marks as its main part."""
    from copy import deepcopy

    from trafilatura import bare_extraction

    own = list(_walk(_main_element(tree)))
    try:
        document = bare_extraction(
            deepcopy(tree),
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            with_metadata=False,
        )
    except Exception:  # whatever breaks inside on an odd page: our own walk still reads it
        document = None
    body = getattr(document, "body", None)
    found = list(_walk(body, filtered=False)) if body is not None else []
    words, own_words = (sum(len(text.split()) for _, text in blocks) for blocks in (found, own))
    marked = _main_element(tree).tag not in ("body", "html")
    if words < (0.6 if marked else 0.4) * own_words or words < 20:
        return own
    return found


def _main_element(tree: Any) -> Any:
    """The element that the page marks as its main part, else its body."""
    for path in (
        "//article",
        "//main",
        "//*[@role='main']",
        "//*[@itemprop='articleBody']",
        "//*[contains(@class,'entry-content')]",
        "//*[contains(@class,'post-content')]",
    ):
        found = [element for element in tree.xpath(path) if len(element.text_content().split()) > 40]
        if len(found) == 1:
            return found[0]
    body = tree.find(".//body")
    return tree if body is None else body


def _walk(root: Any, filtered: bool = True) -> Iterator[tuple[str, str]]:
    """(kind, text) of each block under an element, in order. ``filtered``: without what is not running text."""
    held: list[str] = []
    kinds = ["paragraph"]

    def flush() -> Iterator[tuple[str, str]]:
        text = "".join(held).strip()
        held.clear()
        if text:
            yield kinds[-1], text

    stack: list[tuple[Any, str]] = [(root, "open")]
    while stack:
        element, what = stack.pop()
        if what == "tail":
            held.append(element.tail or "")
            continue
        tag = element.tag if isinstance(element.tag, str) else ""
        if what == "close":
            yield from flush()
            kinds.pop()
            continue
        if element is not root:
            stack.append((element, "tail"))
        if not tag or (filtered and element is not root and _is_dropped(element, tag)) or tag in ("script", "style"):
            if tag in _BLOCKS:
                yield from flush()
            continue
        if tag in ("row", "tr"):
            yield from flush()
            yield from _row(element)
            continue
        if tag in ("br", "lb"):
            held.append("\n")
            continue
        if tag in _BLOCKS:
            yield from flush()
            kind = _BLOCKS[tag]
            inside = kinds[-1]
            kinds.append(inside if (kind in ("", "paragraph") and inside in ("item", "quote")) or not kind else kind)
            stack.append((element, "close"))
        held.append(element.text or "")
        stack.extend((child, "open") for child in reversed(element))


def _is_dropped(element: Any, tag: str) -> bool:
    if tag in _DROPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    if element.get("role") in ("navigation", "search", "banner", "contentinfo", "complementary", "dialog"):
        return True
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"
    return marks != " " and tag not in ("body", "main", "article") and _FURNITURE.search(marks) is not None


def _row(element: Any) -> Iterator[tuple[str, str]]:
    cells = [[text for _, text in _walk(cell, filtered=True)] for cell in element if isinstance(cell.tag, str)]
    return iter(row_blocks(cells))
