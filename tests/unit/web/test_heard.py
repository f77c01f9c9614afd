"""Strategy: rows as the query ``idea_evidence`` gives them, grouped by hand."""
from __future__ import annotations

from typing import Any

from web.heard import by_sector, by_year, main_stance, roles_in_words, stances, time_finding
from web.pages import Stances, Term, YearLine


def row(
    sector: str = "academia", stance: str = "supports", role: str = "author", year: int | None = 2020,
) -> dict[str, Any]:
    return {"statement": "s", "sector": sector, "stance": stance, "role": role, "year": year}


SECTORS = [Term(id="academia", label="Academia"), Term(id="regulator", label="Regulator"),
           Term(id="education", label="Education")]


def test_a_source_counts_once_however_much_it_says() -> None:
    groups = [[row(), row(), row(stance="challenges")], [row(stance="challenges")]]
    lines = by_sector(groups, SECTORS, str, lambda sector: f"/{sector}")
    assert [(line.sector.id, line.sources) for line in lines] == [("academia", 2), ("regulator", 0), ("education", 0)]
    assert lines[0].stances == Stances(supports=1, challenges=1, discusses=0)
    assert (lines[0].address, lines[1].address) == ("/academia", "")


def test_a_source_counts_in_each_sector_that_it_speaks_from() -> None:
    lines = by_sector([[row("academia"), row("regulator")]], SECTORS, str, lambda _: "")
    assert [line.sources for line in lines] == [1, 1, 0]


def test_where_no_stance_has_most_the_source_discusses() -> None:
    assert main_stance([row(stance="supports"), row(stance="challenges")]) == "discusses"
    assert main_stance([row(stance="challenges"), row(stance="challenges"), row()]) == "challenges"
    assert stances([[row()], [row(stance="discusses")]]) == Stances(supports=1, challenges=0, discusses=1)


def test_a_source_has_its_strongest_role() -> None:
    groups = [[row(role="cited"), row(role="quoted")], [row(role="author")], [row(role="cited")]]
    assert roles_in_words(groups, str) == "1 author, 1 quoted, 1 cited"


def test_undated_statements_are_in_no_year() -> None:
    lines = by_year([row(year=2020), row(year=None), row(year=2018, stance="challenges")])
    assert [(line.year, line.stances.total) for line in lines] == [(2018, 1), (2020, 1)]


def test_the_heading_of_the_timeline_is_computed() -> None:
    def line(year: int, count: int) -> YearLine:
        return YearLine(year=year, stances=Stances(supports=count, challenges=0, discusses=0))

    assert time_finding([line(2019, 1)]) == "All in 2019"
    assert time_finding([line(2019, 1), line(2021, 4)]) == "From 2019 to 2021; most in 2021, 4 statements"
    assert time_finding([line(2019, 2), line(2021, 2)]) == "From 2019 to 2021"
