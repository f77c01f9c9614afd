"""A client that checks each page that it gets (after the pattern of alphagov/notifications-admin's client_request).

HTML must parse without an error (html5lib, strict), have one h1, a title, a language, no double ids, labels for its
fields, the policy header, and no inline style or handler. JSON must parse; CSV must have rows of one length.
"""
from __future__ import annotations

import csv
import io
import json
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import html5lib
from flask import Flask
from werkzeug.test import TestResponse

from web.security import HEADERS

HTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"


class Document:
    """A parsed page."""

    def __init__(self, address: str, text: str) -> None:
        self.address, self.text = address, text
        parser = html5lib.HTMLParser(strict=True, tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=True)
        self.root: ElementTree.Element = parser.parse(text)

    def all(self, name: str, **attributes: str) -> list[ElementTree.Element]:
        """The elements of this name with these attributes (``class_`` for one of the classes)."""
        wanted = attributes.pop("class_", "")
        return [
            e for e in self.root.iter()
            if e.tag in (HTML + name, SVG + name)
            and all(e.get(k.replace("_", "-")) == v for k, v in attributes.items())
            and (not wanted or wanted in (e.get("class") or "").split())
        ]

    def words(self, name: str = "main", **attributes: str) -> str:
        """The text of the elements, with its white space made single."""
        return " ".join(" ".join("".join(e.itertext()) for e in self.all(name, **attributes)).split())

    @property
    def links(self) -> list[str]:
        return [e.get("href") or "" for e in self.root.iter() if e.tag in (HTML + "a", SVG + "a", HTML + "link")]

    @property
    def ids(self) -> list[str]:
        return [e.get("id") or "" for e in self.root.iter() if e.get("id")]


class Client:
    """Gets pages of ``app`` and checks them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def raw(self, address: str, **options: Any) -> TestResponse:
        response = self.http.get(address, buffered=True, **options)
        for name, value in HEADERS.items():
            assert response.headers[name] == value, f"{address}: {name}"
        return response

    def get(self, address: str, status: int = 200, **options: Any) -> Document:
        """The page at an address, checked."""
        response = self.raw(address, **options)
        assert response.status_code == status, f"{address}: {response.status_code} {response.text[:300]}"
        assert response.mimetype == "text/html"
        return check(address, response.text)

    def json(self, address: str, status: int = 200, **options: Any) -> Any:
        response = self.raw(address, **options)
        assert response.status_code == status, f"{address}: {response.status_code}"
        assert response.mimetype == "application/json"
        return json.loads(response.text)

    def csv(self, address: str) -> list[dict[str, str]]:
        """The rows of a CSV file by column."""
        response = self.raw(address)
        assert response.status_code == 200, f"{address}: {response.status_code}"
        assert response.mimetype == "text/csv"
        assert response.headers["Content-Disposition"].startswith("attachment; filename=")
        heads, *rows = csv.reader(io.StringIO(response.data.decode("utf-8-sig"), newline=""))
        assert len(set(heads)) == len(heads), f"{address}: {heads}"
        assert all(len(row) == len(heads) for row in rows), address
        return [dict(zip(heads, row, strict=True)) for row in rows]

    def crawl(self, starts: list[str], most: int = 2000) -> dict[str, TestResponse]:
        """Every page that links lead to from ``starts``, without fragment, each got once."""
        found: dict[str, TestResponse] = {}
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            if address in found:
                continue
            assert len(found) < most, "the pages do not end"
            response = self.raw(address)
            found[address] = response
            if response.mimetype == "text/html" and response.status_code == 200:
                page = check(address, response.text)
                for link in page.links:
                    if internal(link):
                        bare = urlsplit(link)._replace(fragment="").geturl() or address
                        waiting.append(bare)
        return found


def internal(link: str) -> bool:
    parts = urlsplit(link)
    return not parts.scheme and not parts.netloc


def check(address: str, text: str) -> Document:
    """A page that holds to the rules of all pages; fails the test otherwise."""
    page = Document(address, text)
    assert page.root.get("lang") == "en-GB", address
    assert len(page.all("h1")) == 1, f"{address}: {len(page.all('h1'))} h1"
    assert page.words("h1"), f"{address}: an empty h1"
    titles = [e for e in page.all("title") if e.tag == HTML + "title"]
    assert len(titles) == 1, address
    assert (titles[0].text or "").strip(), address
    doubles = {i for i in page.ids if page.ids.count(i) > 1}
    assert not doubles, f"{address}: ids that stand twice: {doubles}"
    ids = set(page.ids)
    for element in page.root.iter():
        for name, value in element.items():
            assert name != "style", f"{address}: an inline style"
            assert not name.lower().startswith("on"), f"{address}: an inline handler {name}"
            assert "javascript:" not in value.strip().lower()[:11] or name not in ("href", "src", "action"), address
            if name in ("aria-labelledby", "aria-describedby", "for"):
                assert set(value.split()) <= ids, f"{address}: {name} names {value}, which is not there"
            if name == "href" and value.startswith("#"):
                assert value[1:] in ids, f"{address}: {value} leads nowhere"
        assert element.tag not in (HTML + "script", HTML + "style", HTML + "iframe", HTML + "object"), address
    labels = {e.get("for") for e in page.all("label")}
    for field in (*page.all("input"), *page.all("select")):
        assert field.get("type") == "hidden" or field.get("id") in labels, f"{address}: a field without a label"
    levels = [int(e.tag[-1]) for e in page.root.iter() if e.tag in {HTML + f"h{n}" for n in range(1, 7)}]
    assert all(low + 1 >= high for low, high in pairwise(levels)), f"{address}: headings {levels}"
    return page
