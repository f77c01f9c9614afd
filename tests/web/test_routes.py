"""Every route, compared with a snapshot, and every page that links lead to.

After a change that is meant: ``UPDATE_SNAPSHOTS=1 pytest tests/web/test_routes.py`` writes the snapshot anew.
"""
from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.test import TestResponse

from tests.web.client import Client, check
from tests.web.site import Site

SNAPSHOT = Path(__file__).with_name("routes.txt")

# Words that the design guide keeps off the readers' pages.
AVOIDED = re.compile(
    r"\b(nodes?|edges?|triples?|entit(y|ies)|insights?|AI-powered|smart|verified|stakeholders?|voiceless|oops|please|"
    r"click here|no evidence exists)\b|!", re.IGNORECASE,
)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, TestResponse]:
    """Every address that links lead to from the front page and the searches of the seed, with its answer."""
    starts = ["/", "/search", "/search?q=panels", "/search?q=panels&type=Passage", "/search?q=nothing-of-the-kind",
              "/search?q=panels+unheardof", "/ideas/co-production?from=1500&to=2020&stance=supports",
              "/ideas/co-production?sector=regulator", "/organisations?q=north&sort=name&order=down",
              site.document("panels.html") + "?statement=" + site.statement("panels.html", 6)]
    return Client(site.app).crawl(starts)


def test_the_routes_are_those_of_the_snapshot(site: Site) -> None:
    found = "".join(sorted(f"{rule.rule}\n" for rule in site.app.url_map.iter_rules()))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(found, "utf-8")
    assert found == SNAPSHOT.read_text("utf-8")


def test_every_link_leads_to_a_page(pages: dict[str, TestResponse]) -> None:
    wrong = {address: r.status_code for address, r in pages.items() if r.status_code != 200}
    assert not wrong
    assert len(pages) > 200


def test_every_route_was_walked(site: Site, pages: dict[str, TestResponse]) -> None:
    adapter = site.app.url_map.bind("localhost")
    walked = {adapter.match(urlsplit(address).path)[0] for address in pages}
    routes = {rule.endpoint for rule in site.app.url_map.iter_rules()}
    assert routes - walked == set()


def test_every_page_answers_get_and_head_only(site: Site) -> None:
    http = site.app.test_client()
    for address in ("/", "/ideas/co-production", site.path("panels"), "/static/style.css", "/search?q=x"):
        head = http.head(address, buffered=True)
        assert (head.status_code, head.data) == (200, b"")
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            response = http.open(address, method=method)
            assert response.status_code == 405, (address, method)
            assert response.headers["Allow"] == "GET, HEAD"


def test_no_page_uses_words_that_readers_should_not_meet(site: Site, pages: dict[str, TestResponse]) -> None:
    ours = 0
    for address, response in pages.items():
        if response.mimetype != "text/html" or urlsplit(address).path in ("/about/ontology", "/about/data"):
            continue
        words = check(address, response.text).words("main")
        words = re.sub("(?i)behavioural insights|Other words for it.*Who was heard", "", words)  # the thesaurus's own
        ours += 1
        assert not AVOIDED.search(words), (address, AVOIDED.search(words))
    assert ours > 60


def test_not_heard_is_always_said_of_the_documents_read(pages: dict[str, TestResponse]) -> None:
    said = 0
    for address, response in pages.items():
        if response.mimetype != "text/html" or not (address == "/" or address.startswith(("/ideas", "/?"))):
            continue
        for found in re.finditer(r"not heard(.{0,60})", check(address, response.text).words("main"), re.IGNORECASE):
            said += 1
            tail = found[1]
            assert "documents read" in tail or tail.startswith(("” means", " means")), (address, found[0])
    assert said > 10
