"""What the pages say about the seed's collection, against what the seed holds."""
from __future__ import annotations

import re

import flask
import pytest

from tests.web import seed
from tests.web.client import Client
from tests.web.site import Site
from web.explorer import PATHS

# The sectors of the seed's statements on co-production.
HEARD = {"local-government", "citizens-and-service-users", "academia", "health-and-care", "think-tank",
         "central-government"}


def test_home_counts_what_was_read(site: Site, client: Client) -> None:
    page = client.json("/home.json")
    documents = [each.document_id for each in site.records.documents()]
    assert page["documents"] == len(documents) >= len(site.documents)
    assert page["statements"] == sum(len(site.records.snapshot(id_).statement_ids) for id_ in documents)
    counts = {line["kind"]: line["count"] for line in page["kinds"]}
    kinds = [who.kind for key, who in seed.WHO.items() if key not in ("merged", "retyped")]
    assert counts["Person"] == kinds.count("Person")
    assert counts["Organisation"] == kinds.count("Organisation")
    assert counts["Intervention"] == kinds.count("Intervention") + 1  # one retyped
    assert counts["Idea"] == 52
    assert len(page["all_ideas"]) == 52
    words = client.get("/").words("main")
    assert f"{len(documents)} documents" in words
    assert page["specimen"]["quotes"][0]["quote"] in words


def test_an_idea_says_who_was_heard_and_who_was_not(client: Client) -> None:
    page = client.json("/ideas/co-production.json")
    sectors = {line["sector"]["id"]: line["sources"] for line in page["sectors"]}
    assert {sector for sector, sources in sectors.items() if sources} == HEARD
    assert len(sectors) == 12
    html = client.get("/ideas/co-production")
    finding = html.words("p", class_="finding")
    assert finding.startswith("6 of 12 sectors are heard. Not heard in the documents read: ")
    absent = [s["label"] for s in page["line"]["not_heard"]]
    assert len(absent) == 6
    assert all(label.lower() in finding.lower() for label in absent)
    assert len(html.all("tr", class_="absent")) == 6


def test_each_statement_has_contributor_passage_and_source(site: Site, client: Client) -> None:
    page = client.get("/ideas/co-production")
    rows = page.all("article", class_="ev")
    said = [s for sample in seed.SAMPLES for s in sample.said if s.idea == "co-production"]
    assert len(rows) == len(said)
    text = "".join("".join(row.itertext()) for row in rows)
    for key in {s.who for s in said} - {"merged"}:
        assert seed.WHO[key].name in text
    for row in rows:
        links = [e.get("href") or "" for e in row.iter() if e.get("href")]
        assert any(link.startswith(("/people/", "/organisations/", "/groups/")) for link in links)
        assert any(re.match(r"/documents/\w+\?statement=\w+#p\d+$", link) for link in links)
        assert [e for e in row.iter() if str(e.tag).endswith("}mark")]


def test_passages_are_quoted_letter_by_letter(site: Site, client: Client) -> None:
    """Offsets count code points: texts with characters outside the basic plane before the passage too."""
    for filename, id_ in site.documents.items():
        text = site.records.text(id_).text
        for statement in client.json(f"/documents/{id_}.json")["statements"]:
            for quote in statement["quotes"]:
                assert text[quote["start"]:quote["end"]] == quote["quote"], filename
                around = " ".join((quote["before"] + quote["quote"] + quote["after"]).replace("…", "").split())
                assert around in " ".join(text.split()), filename


def test_a_merged_contributor_speaks_as_the_one_it_was_merged_into(site: Site, client: Client) -> None:
    page = client.json("/ideas/co-production.json")
    names = {s["statement"]["voice"]["contributor"]["name"] if "statement" in s else s["voice"]["contributor"]["name"]
             for section in page["sections"] for bundle in section["bundles"] for s in bundle["statements"]}
    assert "Wexmoor University" not in names
    assert "University of Wexmoor" in names


def test_statements_of_one_source_are_counted_once_with_the_reason(client: Client) -> None:
    page = client.json("/ideas/co-production.json")
    assert page["line"]["statements"] == 13
    assert page["line"]["sources"] == 7
    group = next(g for g in page["groups"] if {c["name"] for c in g["contributors"]} == {
        "Rowan Ashby", "Quillfield Institute"})
    assert group["statements"] == 2
    assert any("fellowship" in reason for reason in group["reasons"])
    assert "Counted once" in client.get("/ideas/co-production").words("div", class_="same")


@pytest.mark.parametrize(("query", "shown"), [
    ("", 13), ("sector=academia", 4), ("role=quoted", 2), ("kind=finding", 7), ("stance=challenges", 5),
    ("from=2023", 9), ("to=2019", 3), ("from=2020&to=2022", 1), ("checked=yes", 1), ("checked=no", 12),
    ("sector=regulator", 0), ("sector=academia&role=quoted&stance=challenges", 1),
])
def test_filters_let_through_what_they_say(client: Client, query: str, shown: int) -> None:
    page = client.json(f"/ideas/co-production.json?{query}")
    assert page["shown"] == shown
    assert len(client.csv(f"/ideas/co-production.csv?{query}")) == shown
    html = client.get(f"/ideas/co-production?{query}")
    assert f"{shown} of 13 statements." in html.words("p", class_="applied")
    chips = html.all("span", class_="chip")
    assert len(chips) == (query.count("=") if query else 0)
    if not shown:
        assert "No statement matches these filters." in html.words("main")


def test_a_filter_that_cannot_be_is_an_error_beside_its_field(client: Client) -> None:
    page = client.get("/ideas/co-production?from=abc")
    assert "From year: enter a year" in page.words("div", role="alert")
    field = page.all("input", id="f-from")[0]
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == "abc"
    assert not page.all("article", class_="ev")


def test_the_timeline_has_the_same_figures_as_its_table(client: Client) -> None:
    page = client.get("/ideas/co-production")
    blocks = [e for e in page.all("svg", class_="timeline")[0] if str(e.tag).endswith("}rect")]
    cells = [int("".join(e.itertext())) for e in page.all("table", class_="years")[0].iter()
             if str(e.tag).endswith("}td")]
    assert len(blocks) == sum(cells) == 13
    assert "From 2019 to 2024" in page.words("h2")


def test_an_idea_without_statements_says_so(client: Client) -> None:
    words = client.get("/ideas/volunteering").words("main")
    assert "none found" in words
    assert "0 of 12 sectors are heard. Not heard in the documents read:" in words


def test_the_page_of_each_kind_of_thing(site: Site, client: Client) -> None:
    for key, who in seed.WHO.items():
        if key in ("merged", "retyped") or who.kind == "Idea":
            continue
        page = client.get(site.path(key))
        assert " ".join(who.name.replace("&amp;", "&amp;").split()) in page.words("h1")
        for other in who.names:
            assert other in page.words("main")
    words = client.get(site.path("imogen")).words("main")
    assert "speaking for Ashdale Community Health Trust" in words
    assert "works or speaks for" in words


def test_the_drawing_and_its_table_hold_the_same_links(site: Site, client: Client) -> None:
    for key in ("panels", "northbridge", "satisfaction", "imogen", "ashdale"):
        page = client.get(site.path(key))
        drawn = page.all("path", class_="link")
        data = client.json(site.path(key) + ".json")
        assert len(drawn) == len(data["links"]) + len(data["among"])
        ids = {r["id"] for link in (*data["links"], *data["among"]) for r in (link["start"], link["end"])}
        assert len([e for e in page.all("use") if (e.get("class") or "").startswith("t-") and e.get("x")]) == len(ids)
    data = client.json(site.path("panels") + ".json")
    found = {(link["words"], link["end"]["name"], link["direction"]) for link in data["links"]}
    assert ("leads to", "repeat repair calls", "decreases") in found
    assert ("leads to", "missed appointments", "no_change") in found
    assert ("is aimed at", "loneliness", "") in found
    assert ("is located in", "Saltmarsh", "") in found
    among = client.json(site.path("ashdale") + ".json")["among"]
    assert [(link["start"]["name"], link["words"], link["end"]["name"]) for link in among] == [
        ("Imogen Tarrant", "delivers", "family-written ward plans")]


def test_things_that_moved_lead_on_to_where_they_are(site: Site, client: Client) -> None:
    merged, whole = seed.identity_id("merged"), seed.identity_id("wexmoor")
    for form in ("", ".json", ".csv", "/links.csv"):
        response = client.raw(f"/organisations/{merged}{form}")
        assert response.status_code == 308
        assert response.location == f"/organisations/{whole}{form}"
    retyped = seed.identity_id("retyped")
    response = client.raw(f"/organisations/{retyped}?said=2")
    assert (response.status_code, response.location) == (308, f"/interventions/{retyped}?said=2")
    assert client.raw(f"/people/{whole}").location == f"/organisations/{whole}"
    client.get(f"/interventions/{retyped}")


def test_a_document_shows_its_text_with_passages_and_mentions(site: Site, client: Client) -> None:
    address = site.document("panels.html")
    page = client.get(address)
    text = site.records.text(site.documents["panels.html"])
    shown = [" ".join("".join(e.itertext()).split()) for e in page.all("div", class_="para")]
    assert len(shown) == len(text.blocks)
    plain = " ".join(re.sub(r"\s+", " ", text.text[b.start:b.end]) for b in text.blocks)
    marks = [e for e in page.all("a", class_="ref") if (e.get("id") or "").startswith("r")]
    assert [e.get("href") for e in marks] == [f"#n{n}" for n in range(1, 7)]
    bare = " ".join(re.sub(r"^\d+", "", t) for t in shown)
    assert re.sub(r"\d|\s", "", bare) == re.sub(r"\d|\s", "", plain)
    assert len(page.all("div", class_="sidenote")) == 6
    mentions = {(e.get("href"), "".join(e.itertext())) for e in page.all("a", class_="m")}
    assert (site.path("tenants"), "a tenant") in mentions
    assert (site.path("satisfaction"), "Tenants’ satisfaction") in mentions


def test_the_reader_leads_from_statement_to_statement(site: Site, client: Client) -> None:
    id_ = site.documents["panels.html"]
    third = site.statement("panels.html", 2)
    page = client.get(f"/documents/{id_}?statement={third}")
    hop = page.words("nav", class_="hop")
    assert hop.startswith("Statement 3 of 6 from the trace of Co-production")
    second, fourth = site.statement("panels.html", 1), site.statement("panels.html", 3)
    links = [link for link in page.links if "statement=" in link]
    assert f"/documents/{id_}?statement={second}#p3" in links
    assert f"/documents/{id_}?statement={fourth}#p5" in links
    assert "".join(page.all("mark")[0].itertext()).startswith("After two years, ")
    relation = client.get(f"/documents/{id_}?statement={site.statement('panels.html', 8)}")
    assert "".join("".join(e.itertext()) for e in relation.all("mark")) == "Missed appointments did not change."


def test_a_long_document_is_shown_in_parts(site: Site, client: Client) -> None:
    address = site.document("long.docx")
    first, second = client.get(address), client.get(address + "?part=2")
    assert (len(first.all("div", class_="para")), len(second.all("div", class_="para"))) == (400, 50)
    last = site.statement("long.docx", 1)
    assert client.get(f"{address}?statement={last}").all("div", id="p450")
    assert "401 to 450 of 450 paragraphs" in second.words("main")
    assert "This source was withdrawn." in first.words("main")
    assert "Source withdrawn" in client.get("/ideas/open-working").words("main")


def test_a_statement_tells_how_it_came_to_be_here(site: Site, client: Client) -> None:
    id_ = site.statement("panels.html", 2)
    page = client.get(f"/statements/{id_}")
    words = page.words("main")
    assert "Checked by an editor" in words
    assert "Accepted" in words
    assert "seed 1" in words
    assert "written for a test" in words
    assert "0.94" in words
    assert f"/statements/{id_}" in page.words("p", class_="citation")
    assert "14 March 2024, paragraph 4" in page.words("p", class_="citation")
    disputed = client.get("/statements/" + site.statement("twelve.txt", 0)).words("main")
    assert "Disputed" in disputed
    counted = client.json("/statements/" + site.statement("equal.md", 0) + ".json")
    assert [s["voice"]["contributor"]["name"] for s in counted["counted_with"]] == ["Quillfield Institute"]


@pytest.mark.parametrize(("query", "kind", "name"), [
    ("panel", "Intervention", "neighbourhood panels"), ("NBC", "Organisation", "Northbridge Borough Council"),
    ("loneliness", "Issue", "loneliness"), ("saltm", "Place", "Saltmarsh"), ("rowan", "Person", "Rowan Ashby"),
    ("co-production", "Idea", "Co-production"), ("tenants satisfaction", "Outcome", "tenants’ satisfaction"),
    ("nurses", "Group", "nurses on the ward"), ("bedside", "Document", "Plans made at the bedside"),
    ("“nobody’s diary”", "Document", "The price of partnership"),
])
def test_search_finds_by_type(client: Client, query: str, kind: str, name: str) -> None:
    hits = [(hit["type"], hit["name"]) for hit in client.json(f"/search.json?q={query}")["hits"]]
    assert (kind, name) in hits
    only = client.json(f"/search.json?q={query}&type={kind}")["hits"]
    assert {hit["type"] for hit in only} == {kind}
    assert name in [hit["name"] for hit in only]


def test_search_marks_the_words_in_a_snippet(client: Client) -> None:
    page = client.json("/search.json?q=diary&type=Document")
    assert "nobody’s diary was cut" in page["documents"][0]["snippet"]
    html = client.get("/search?q=diary&type=Document")
    assert "diary" in ["".join(e.itertext()) for e in html.all("mark")]
    assert "Nothing holds all of these words." in client.get("/search?q=diary+unheardofword").words("main")
    passages = client.json("/search.json?q=weekday+mornings&type=Passage")["passages"]
    assert [s["quotes"][0]["quote"] for s in passages] == ["panels held on weekday mornings shut out carers"]


def test_lists_are_sorted_filtered_and_paged(site: Site, client: Client) -> None:
    names = [line["thing"]["name"] for line in client.json("/organisations.json?sort=name")["things"]]
    assert names == sorted(names, key=str.lower)
    down = [line["thing"]["name"] for line in client.json("/organisations.json?sort=name&order=down")["things"]]
    assert down == names[::-1]
    counts = [line["statements"] for line in client.json("/organisations.json")["things"]]
    assert counts == sorted(counts, reverse=True)
    assert [line["thing"]["name"] for line in client.json("/organisations.json?q=dlr")["things"]] == [
        "Department for Local Renewal"]
    academia = client.json("/organisations.json?sector=academia")
    assert [line["thing"]["name"] for line in academia["things"]] == ["University of Wexmoor"]
    assert academia["span"]["total"] == 1
    assert len(client.csv("/organisations.csv")) == academia["all"] == len(names)
    dates = [line["date"] for line in client.json("/documents.json")["documents"]]
    assert dates == sorted(dates, reverse=True)
    mentioning = client.json(f"/documents.json?thing={seed.identity_id('panels')}")
    assert [line["document"]["name"] for line in mentioning["documents"]] == [seed.SAMPLES[0].title]
    assert not client.json("/people.json?page=9")["things"]


def test_the_json_of_a_page_is_what_the_data_page_says(site: Site, client: Client) -> None:
    forms = {address: {f["name"] for f in form["fields"]} for form in client.json("/about/data.json")["pages"]
             for address in form["addresses"]}
    things = "/{" + " | ".join(sorted(PATHS.values())) + "}"
    for pattern, address in {
        "/home.json": "/home.json", "/ideas.json": "/ideas.json", "/ideas/<id>.json": "/ideas/co-production.json",
        things + ".json": "/groups.json", things + "/<id>.json": site.path("panels") + ".json",
        "/documents.json": "/documents.json", "/documents/<id>.json": site.document("price.pdf") + ".json",
        "/statements/<id>.json": "/statements/" + site.statement("equal.md", 0) + ".json",
        "/search.json": "/search.json?q=panels", "/about.json": "/about.json", "/about/data.json": "/about/data.json",
        "/about/ontology.json": "/about/ontology.json",
    }.items():
        assert set(client.json(address)) == forms.pop(pattern), address
    assert not forms


def test_csv_has_the_columns_that_the_data_page_says(site: Site, client: Client) -> None:
    tables = {table["name"]: table["type"].split(", ") for form in client.json("/about/data.json")["pages"]
              for table in form["tables"]}
    assert list(client.csv("/ideas/co-production.csv")[0]) == tables["/ideas/<id>.csv"]
    assert list(client.csv(site.document("panels.html") + "/mentions.csv")[0]) == tables["/documents/<id>/mentions.csv"]
    assert len(tables) == 19


def test_json_by_the_accept_header(client: Client) -> None:
    page = client.json("/ideas/co-production", headers={"Accept": "application/json"})
    assert page == client.json("/ideas/co-production.json")
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.raw("/", headers={"Accept": browser}).mimetype == "text/html"
    assert "Accept" in client.raw("/").headers["Vary"]


def test_a_page_is_sent_once_while_nothing_changes(client: Client) -> None:
    first = client.raw("/ideas/co-production")
    again = client.raw("/ideas/co-production", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.raw("/ideas/co-production.json", headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
    style = re.search(r'href="(/static/style\.css\?v=\w+)"', first.text)
    assert style
    assert "max-age=31536000" in client.raw(style[1]).headers["Cache-Control"]


@pytest.mark.parametrize(("address", "most"), [
    ("/", 4), ("/ideas", 2), ("/ideas/co-production", 3), ("/organisations", 3), ("/documents", 3),
    ("/statements/{statement}", 5), ("{panels}", 8), ("{northbridge}", 8), ("{document}", 5), ("/search?q=panels", 6),
    ("/about", 1),
])
def test_a_page_takes_few_queries_whatever_it_shows(site: Site, address: str, most: int) -> None:
    address = address.format(
        statement=site.statement("panels.html", 2), panels=site.path("panels"), northbridge=site.path("northbridge"),
        document=site.document("panels.html"),
    )
    with site.app.test_client() as http:
        assert http.get(address).status_code == 200
        queries = flask.g.queries
    assert len(queries) <= most, [name for name, _, _ in queries]
    assert len({name for name, _, _ in queries}) >= len(queries) - 1  # none is asked in a loop
    assert not flask.has_request_context()
