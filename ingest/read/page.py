"""A web page's bibliographic facts: what a reader sees on it before what its head and scripts say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.read.byline import add_bios, find_bio, is_junk_name, kind_of, parse_authors, split_byline
from ingest.read.date import find_date, parse_date
from ingest.read.draft import Draft
from ingest.read.title import is_junk_title
from ingest.text import collapse
from records.model import Author, Metadata

_EDGE = 8
_DIVIDER = re.compile(r"\s+[|·•–—»«›:-]{1,2}\s+|\s*\|\s*")
_LICENCES = (
    (re.compile(r"Open Government Licence(?:,? v(?:ersion)? ?\d(?:\.\d)?)?", re.I), None),
    (re.compile(r"Creative Commons [A-Z][\w -]{3,60}?(?:\d\.\d(?: International)?|Licen[cs]e)", re.I), None),
    (re.compile(r"creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", re.I), "CC {0} {1}"),
    (re.compile(r"\bCC[ -]BY(?:[ -](?:SA|NC|ND))*[ -]\d\.\d", re.I), None),
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:(?:19|20)\d\d|present))?,?\s*)(?:by\s+)?"
    r"([A-Z][^.|©\n]{2,60})",
    re.I,
)


def metadata_of(tree: Any, draft: Draft) -> Metadata:
    """Bibliographic facts of a parsed page whose main text is in ``draft``."""
    meta = _meta(tree)
    data = _linked_data(tree)
    site = _site(tree, meta, data)
    title = _title(tree, meta, data, site)
    texts = [piece.text for piece in draft.pieces]
    authors = _authors(tree, meta, data, texts, site)
    language = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    return Metadata(
        title=title,
        authors=add_bios(authors, [*texts[-_EDGE:], *texts[:_EDGE], *_bio_elements(tree)]),
        publisher=site,
        date=_date(tree, meta, data, texts),
        licence=_licence(tree, meta),
        language=language if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", language) else "",
        address=_address(tree, meta),
    )


def _meta(tree: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        key = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
        value = collapse(element.get("content") or "")
        if key and value:
            found.setdefault(key, []).append(value)
    return found


def _first(meta: dict[str, list[str]], *keys: str) -> str:
    return next((meta[key][0] for key in keys if key in meta), "")


def _linked_data(tree: Any) -> dict[str, Any]:
    """The page's article in its JSON-LD, with references inside it resolved; {} where there is none."""
    nodes: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            held = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for entry in held if isinstance(held, list) else [held]:
            if isinstance(entry, dict):
                graph = entry.get("@graph")
                nodes.extend(node for node in (graph if isinstance(graph, list) else [entry]) if isinstance(node, dict))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}

    def kinds(node: dict[str, Any]) -> str:
        return str(node.get("@type", ""))

    article = next(
        (node for node in nodes if re.search(r"Article|Posting|Report|ScholarlyArticle|CreativeWork", kinds(node))),
        None,
    )
    article = article or next((node for node in nodes if "WebPage" in kinds(node)), {})
    return {key: _resolved(value, by_id) for key, value in article.items()}


def _resolved(value: Any, by_id: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, list):
        return [_resolved(entry, by_id) for entry in value]
    if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
        return by_id.get(value["@id"], value)
    return value


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return collapse(value) if isinstance(value, str) else ""


def _texts(tree: Any, path: str) -> Iterator[str]:
    for element in tree.xpath(path):
        if text := collapse(element if isinstance(element, str) else " ".join(element.itertext())):
            yield text


def _title(tree: Any, meta: dict[str, list[str]], data: dict[str, Any], site: str) -> str:
    whole = next(_texts(tree, "//head/title"), "")
    headings = [text for text in _texts(tree, "//h1") if len(text) < 300]
    claimed = _first(meta, "og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title") or _name(
        data.get("headline")
    )
    for heading in headings:
        if (
            len(heading) > 3
            and heading.casefold() != site.casefold()
            and _plain(heading) in _plain(f"{whole} {claimed}")
        ):
            return heading
    if claimed and not is_junk_title(claimed):
        return _without_site(claimed, site)
    if len(headings) == 1 and headings[0].casefold() != site.casefold():
        return headings[0]
    whole = _without_site(whole, site)
    if whole and not is_junk_title(whole):
        return whole
    return headings[0] if headings else ""


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _without_site(title: str, site: str) -> str:
    parts = _DIVIDER.split(title)
    if len(parts) < 2:
        return title
    for at, part in ((-1, parts[-1]), (0, parts[0])):
        if site and _plain(part) in (_plain(site), _plain(site.partition(" - ")[0])):
            kept = title[: title.rindex(part)] if at else title[title.index(part) + len(part) :]
            return kept.strip(" |·•–—»«›:-")
    return title


def _site(tree: Any, meta: dict[str, list[str]], data: dict[str, Any]) -> str:
    """Who publishes the page: the site's name as its head or its foot says it."""
    for value in (
        _first(meta, "og:site_name"),
        _name(data.get("publisher")),
        _first(
            meta, "citation_publisher", "dc.publisher", "dcterms.publisher", "publisher", "dcterms.creator.organisation"
        ),
        _name(data.get("isPartOf")),
        _first(meta, "application-name"),
    ):
        if value and not value.startswith("http") and len(value) < 120:
            return value
    for text in _texts(
        tree, "//footer//text() | //*[@id='footer']//text() | //*[contains(@class,'copyright')]//text()"
    ):
        if match := _COPYRIGHT.search(text):
            holder = re.split(r"\s*(?:all rights|\||,\s*all)", match[1], flags=re.I)[0].strip(" ,.-")
            if holder and not re.match(r"(?:crown )?copyright$", holder, re.I):
                return holder
    whole = next(_texts(tree, "//head/title"), "")
    headings = {_plain(text) for text in _texts(tree, "//h1")}
    parts = _DIVIDER.split(whole)
    if len(parts) > 1 and _plain(parts[0]) in headings and len(parts[-1]) < 60:
        return parts[-1].strip()
    return next(
        (
            text
            for text in _texts(
                tree, "//*[contains(@class,'site-title') or contains(@class,'site-name') or @id='site-title']"
            )
            if len(text) < 80
        ),
        "",
    )


def _authors(
    tree: Any, meta: dict[str, list[str]], data: dict[str, Any], texts: list[str], site: str
) -> tuple[Author, ...]:
    seen = (
        "//article//*[@rel='author'] | //main//*[@rel='author']",
        "//*[@itemprop='author']",
        "//*[contains(concat(' ', @class, ' '), ' byline ') or contains(@class,'author-name') or "
        "contains(@class,'post-author') or "
        "contains(concat(' ', @class, ' '), ' author ') or contains(@class,'entry-author')]",
        "//*[@rel='author']",
    )
    for path in seen:
        found: list[Author] = []
        for text in _texts(tree, path):
            if len(text) < 200 and not is_junk_name(text):
                found.extend(parse_authors(split_byline(text) or text, site))
        if found:
            return tuple(dict.fromkeys(found))[:20]
    for text in _lines(tree, texts):
        who = split_byline(text)
        if who and (authors := parse_authors(who, site)):
            return authors
    claimed = data.get("author") or data.get("creator")
    names = [_name(entry) for entry in (claimed if isinstance(claimed, list) else [claimed])]
    for key in (
        "citation_author",
        "author",
        "dc.creator",
        "dcterms.creator",
        "parsely-author",
        "article:author",
        "twitter:data1",
    ):
        names = [name for name in names if name] or meta.get(key, [])
    authors = tuple(
        author
        for name in names
        if name and not name.startswith("http") and not is_junk_name(name)
        for author in (parse_authors(_reversed(name), site) or (Author(name, kind=kind_of(name, site)),))
    )
    if authors:
        return tuple(dict.fromkeys(authors))[:20]
    return tuple(bio for text in texts[-3:] if (bio := find_bio(text)))


def _reversed(name: str) -> str:
    """ "Lee, Ann" of citation metadata as "Ann Lee"."""
    last, comma, first = name.partition(", ")
    return (
        f"{first} {last}"
        if comma and re.fullmatch(r"[A-Z][\w.'-]*(?: [A-Z][\w.]*)?", first) and " " not in last
        else name
    )


def _lines(tree: Any, texts: list[str]) -> list[str]:
    """The first lines that a reader sees under the title, line breaks inside paragraphs kept apart."""
    lines: list[str] = []
    wanted = set(texts[:_EDGE])
    for element in tree.iter("p", "div", "span", "li"):
        if len(lines) > 40:
            break
        if element.find(".//br") is not None and collapse(" ".join(element.itertext())) in wanted:
            inside = element.text or ""
            for child in element.iterdescendants():
                inside += "\n" if child.tag == "br" else (child.text or "")
                inside += child.tail or ""
            lines.extend(collapse(line) for line in inside.split("\n"))
    return [*lines, *texts[:_EDGE]]


def _date(tree: Any, meta: dict[str, list[str]], data: dict[str, Any], texts: list[str]) -> str:
    """The date of publication: marked in the page, in its head, in its linked data, or printed near the title."""
    for path in (
        "//time[@itemprop='datePublished' or @pubdate or contains(@class,'published') or "
        "contains(@class,'entry-date')]",
        "//*[@itemprop='datePublished']",
        "//article//time",
        "//header//time",
        "//main//time",
    ):
        for element in tree.xpath(path):
            date = parse_date(
                element.get("datetime") or element.get("content") or collapse(" ".join(element.itertext()))
            )
            if date:
                return date
    date = parse_date(
        _first(
            meta,
            "article:published_time",
            "citation_publication_date",
            "citation_date",
            "dc.date.issued",
            "dcterms.issued",
            "dcterms.created",
            "dc.date",
            "date",
            "pubdate",
            "datepublished",
            "og:published_time",
            "parsely-pub-date",
        )
    )
    if date or (date := parse_date(str(data.get("datePublished") or ""))):
        return date
    for text in _texts(
        tree,
        "//*[contains(concat(' ', @class, ' '), ' date ') or contains(@class,'entry-date') or "
        "contains(@class,'post-date') or "
        "contains(@class,'published') or contains(@class,'entry-meta') or contains(@class,'post-meta')]",
    ):
        if len(text) < 150 and (date := find_date(text)):
            return date
    for text in _lines(tree, texts[:4]):
        if len(text) < 90 and (date := find_date(text)):
            return date
    return ""


def _licence(tree: Any, meta: dict[str, list[str]]) -> str:
    claimed = _first(meta, "dc.rights", "dcterms.license", "dcterms.rights", "licence", "license")
    links = [
        link.get("href") or ""
        for link in tree.xpath("//a[contains(concat(' ', @rel, ' '), ' license ')] | //link[@rel='license']")
    ]
    foot = " ".join(_texts(tree, "//footer | //*[@id='footer'] | //*[contains(@class,'licen')]"))[:5000]
    for place in (foot, claimed, " ".join(links)):
        for form, shape in _LICENCES:
            if match := form.search(place):
                return shape.format(match[1].upper(), match[2]) if shape else match.group()
    return claimed[:200]


def _address(tree: Any, meta: dict[str, list[str]]) -> str:
    links = [link.get("href") or "" for link in tree.xpath("//link[@rel='canonical']")]
    return next(
        (link.strip() for link in [*links, _first(meta, "og:url")] if link.strip().startswith(("http://", "https://"))),
        "",
    )


def _bio_elements(tree: Any) -> list[str]:
    path = (
        "//*[contains(@class,'author-bio') or contains(@class,'author-info') or "
        "contains(@class,'author-description') or contains(@class,'bio')]//p"
    )
    return [text for text in _texts(tree, path) if len(text) < 1000][:10]
