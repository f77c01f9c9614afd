"""The explorer while the graph is behind the records, or does not answer."""
from __future__ import annotations

import pytest

from errors import QueryLimitError
from graph.project import bring_up_to_date
from graph.store import Store
from tests.web import seed
from tests.web.client import Client
from tests.web.site import Site
from web.application import create_app

FILE = "file:/samples/equal.md"
LATE = seed.Sample(
    "late.txt", "A late arrival", "<1>Prevention paid for itself within three years.</1>",
    (seed.Said((1,), "lantern", "author", "prevention", "supports", "finding"),), authors=("lantern",), date="2025",
)


@pytest.fixture
def late(site: Site, monkeypatch: pytest.MonkeyPatch) -> str:
    """A document that the records have and the graph has not."""
    monkeypatch.setitem(seed.WHO, "prevention", seed.Who("Idea", "Prevention and early intervention"))
    return seed.take_in(site.records, [LATE])["late.txt"]


def test_a_page_that_is_behind_says_so(site: Site, client: Client, late: str) -> None:
    before = client.raw("/ideas/prevention")
    assert "This page is behind by 1 document." in client.get("/ideas/prevention").words("main")
    assert client.get(f"/documents/{late}", status=404)
    bring_up_to_date(site.records, site.store)
    after = client.get("/ideas/prevention")
    assert "behind by" not in after.words("main")
    assert "Prevention paid for itself" in after.words("main")
    stale = client.raw("/ideas/prevention", headers={"If-None-Match": before.headers["ETag"]})
    assert stale.status_code == 200, "a page that has changed was taken for the one that the browser has"
    line = next(i for i in client.json("/home.json")["all_ideas"] if i["idea"]["id"] == "prevention")
    assert line["statements"] == 1, "what is kept was not worked out anew"


def test_a_document_that_was_read_again_marks_nothing_that_is_not_there(site: Site, client: Client) -> None:
    """The reader takes the text from the records and the passages from the graph, which may be behind."""
    changed = seed.Sample("equal.md", "Equal partners", "Everything was rewritten. \U0001f9ed\n\nNothing stayed.", (),
                          publisher="Quillfield Institute", date="2019-10-09")
    reading, extraction = seed.parse(changed)
    site.records.take_in(reading, b"rewritten", "equal.md", FILE, extraction, seed.INFO, seed.resolve)
    page = client.get(site.document("equal.md"))
    assert "The source has changed since these statements were taken from it." in page.words("main")
    assert not page.all("span", class_="said")
    assert "Everything was rewritten." in page.words("article", class_="reader")
    reading, extraction = seed.parse(next(s for s in seed.SAMPLES if s.filename == "equal.md"))
    site.records.take_in(reading, b"and back", "equal.md", FILE, extraction, seed.INFO, seed.resolve)
    bring_up_to_date(site.records, site.store)
    assert len(client.get(site.document("equal.md")).all("div", class_="sidenote")) == 3


def test_without_a_graph_the_answer_is_a_plain_sentence(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    store = Store.open(site.settings)
    store.close()
    client = Client(create_app(site.settings, site.records, store))
    page = client.get("/ideas/co-production", status=503)
    assert page.words("h1") == "The graph does not answer"
    assert "bolt" not in page.text.lower()
    assert client.raw("/").headers["Retry-After"] == "10"
    assert client.json("/home.json", status=503)["error"] == "The graph does not answer"
    assert client.raw("/static/style.css").status_code == 200


def test_a_query_that_was_stopped_is_said_on_the_page(site: Site) -> None:
    app = create_app(site.settings, site.records, site.store)

    def slow() -> str:
        raise QueryLimitError("The query took longer than 10 seconds and was stopped.")

    app.add_url_rule("/slow", "slow", slow)
    page = Client(app).get("/slow", status=408)
    assert page.words("h1") == "The query took too long"
    assert "was stopped" in page.words("main")
