"""Headers, hosts, and texts that would like to be more than texts."""
from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web import seed
from tests.web.client import Client
from tests.web.site import Site
from web.security import POLICY, host_name

LATE = ("spacy", "trafilatura", "pyshacl", "pyvis", "ingest", "torch", "distributed")


def test_the_policy_allows_nothing_but_our_own_style_and_images() -> None:
    assert POLICY.split("; ") == [
        "default-src 'none'", "style-src 'self'", "img-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ]


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io:80", ""])
def test_other_host_names_get_no_page(client: Client, host: str) -> None:
    response = client.raw("/", headers={"Host": host}, base_url=None)
    assert response.status_code == 421
    assert response.mimetype == "text/plain"
    assert "Ideas" not in response.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "localhost."])
def test_listed_host_names_do(client: Client, host: str) -> None:
    assert client.raw("/about", headers={"Host": host}).status_code == 200


def test_host_names_are_read_without_their_port() -> None:
    assert [host_name(h) for h in ("A:1", "[::1]:80", "b.", "")] == ["a", "[::1]", "b", ""]


def test_hostile_text_stays_text(site: Site, client: Client) -> None:
    """Tags, template marks, quotes and direction marks in a title, a name, a publisher and a passage."""
    for address in (site.document("hostile.html"), site.path("hostile"), "/ideas/open-working", "/documents",
                    "/organisations", "/search?q=alert", "/statements/" + site.statement("hostile.html", 0)):
        page = client.get(address)
        assert not [e for e in page.root.iter() if str(e.tag).endswith("}script")], address
        assert "<script>alert(1)</script>" in "".join(page.root.itertext()), address
        assert "{{ 7*7 }}" in "".join(page.root.itertext()), address
        assert "49 " not in page.words("h1"), address
    title = client.get(site.path("hostile")).words("title")
    assert "\u202e" not in title
    assert title.startswith("<script>alert(1)</script> {{ 7*7 }}")


def test_hostile_text_is_whole_in_json(site: Site, client: Client) -> None:
    assert client.json(site.path("hostile") + ".json")["title"] == seed.HOSTILE
    page = client.json(site.document("hostile.html") + ".json")
    assert page["statements"][0]["quotes"][0]["quote"] == seed.HOSTILE
    assert "address_of_original" not in page


def test_an_address_that_is_no_web_address_is_no_link(site: Site, client: Client) -> None:
    page = client.get(site.document("hostile.html"))
    assert not [link for link in page.links if "javascript" in link]
    assert client.json(site.document("hostile.html") + ".json")["source_address"] in ("", "javascript:alert(1)")


def test_no_cell_of_a_csv_file_is_a_formula(client: Client) -> None:
    rows = client.csv("/organisations.csv")
    names = [row["thing_name"] for row in rows]
    assert "'" + seed.FORMULA in names
    statements = client.csv("/ideas/open-working.csv")
    assert any(row["quotes"].startswith("'+1 for =HYPERLINK") for row in statements)
    for row in (*rows, *statements):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


@pytest.mark.parametrize("query", [
    "<script>", "\"><img src=x onerror=alert(1)>", "{{7*7}}", "a AND (", "title:x~ ^2 [* TO *] \\", "/.*/ || &&",
    "\u202e\x00\ufffe", "'; MATCH (n) DETACH DELETE n //", "*:*", "NOT", "\U0001f9ed",
])
def test_a_search_takes_any_text(client: Client, query: str) -> None:
    from urllib.parse import quote

    page = client.get("/search?q=" + quote(query))
    assert not [e for e in page.root.iter() if str(e.tag).endswith("}img")]
    assert client.json("/search.json?q=" + quote(query))["total"] >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(min_size=1, max_size=40))
def test_a_search_takes_random_text(client: Client, query: str) -> None:
    from urllib.parse import quote

    assert client.json("/search.json?q=" + quote(query.encode("utf-8", "replace")))["total"] >= 0


def test_long_and_odd_parameters_do_no_harm(client: Client) -> None:
    assert "at most" in client.get("/search?q=" + "x" * 5000).words("main")
    client.get("/organisations?page=99999999999999999999&sort=nonsense&order=sideways")
    client.get("/organisations?page=-1&page=2&q=%00")
    client.get("/people?page=10000")
    assert "Nothing was filtered" in client.get("/organisations?sector=martians").words("main")
    assert "choose one of the list" in client.get("/ideas/co-production?stance=%3Cscript%3E").words("main")


def test_the_explorer_starts_without_what_it_does_not_need() -> None:
    code = f"import sys, web.__main__; print([m for m in {LATE!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


def test_errors_are_plain_sentences_in_the_form_asked_for(site: Site, client: Client) -> None:
    page = client.get("/ideas/no-such-idea", status=404)
    assert page.words("h1") == "There is no such page"
    assert page.all("form", role="search")
    assert client.json("/ideas/no-such-idea.json", status=404) == {
        "error": "There is no such page", "reason": "No idea has that address.",
    }
    assert client.json("/nowhere", status=404, headers={"Accept": "application/json"})["error"]
    for address in ("/people/none", "/documents/none", "/statements/none", "/martians", "/ideas/none.csv", "/x/y/z"):
        assert client.raw(address).status_code == 404, address


def test_what_fails_is_logged_and_not_shown(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    from web.application import create_app

    app = create_app(site.settings, site.records, site.store)

    def broken() -> str:
        raise RuntimeError("secret detail")

    app.add_url_rule("/broken", "broken", broken)
    response = app.test_client().get("/broken")
    assert response.status_code == 500
    assert "secret detail" not in response.text
    assert "log" in response.text
    assert "secret detail" in caplog.text
    assert json.loads(app.test_client().get("/broken", headers={"Accept": "application/json"}).text)["error"]
