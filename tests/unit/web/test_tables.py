"""Strategy: the page dataclasses themselves, with values that spreadsheets would run."""
from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pytest

from web.pages import Reference, Stances, Term, ThingLine, says
from web.tables import columns, safe_cell, to_csv, to_data


def reference(name: str) -> Reference:
    return Reference(kind="Organisation", id="abc", name=name, address="/organisations/abc")


def line(name: str, count: int = 3) -> ThingLine:
    return ThingLine(thing=reference(name), aliases=("X", "Y"), sector=Term(id="academia", label="Academia"),
                     statements=count, documents=1, mentions=7)


def test_the_columns_do_not_depend_on_the_rows() -> None:
    assert columns(ThingLine) == [
        "thing_id", "thing_kind", "thing_name", "aliases", "sector_id", "sector", "statements", "documents", "mentions",
    ]
    empty = list(csv.reader(io.StringIO(to_csv(ThingLine, []).removeprefix("\ufeff"))))
    assert empty == [columns(ThingLine)]


@pytest.mark.parametrize("risky", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_text_is_a_formula(risky: str) -> None:
    assert safe_cell(risky) == "'" + risky
    rows = list(csv.reader(io.StringIO(to_csv(ThingLine, [line(risky)]).removeprefix("\ufeff"), newline="")))
    assert rows[1][2] == "'" + risky


def test_numbers_stay_numbers_and_lists_are_joined() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(ThingLine, [line("A")]).removeprefix("\ufeff"))))
    assert rows[1] == ["abc", "Organisation", "A", "X; Y", "academia", "Academia", "3", "1", "7"]
    assert safe_cell(-3) == -3
    assert safe_cell(None) == ""
    assert safe_cell(True) == "true"


@dataclass(frozen=True, kw_only=True)
class Nested:
    stances: Stances = says("Flat", flat=True)  # noqa: RUF009 (as in web/)
    other: Stances | None = says("Not flat")  # noqa: RUF009
    shape: str = says("Drawn", drawn=True)


def test_nested_parts_have_prefixes_unless_flat_and_drawn_ones_are_left_out() -> None:
    one = Stances(supports=1, challenges=2, discusses=3)
    assert columns(Nested) == [
        "supports", "challenges", "discusses", "other_supports", "other_challenges", "other_discusses",
    ]
    assert to_data(Nested(stances=one, other=None, shape="x")) == {
        "stances": {"supports": 1, "challenges": 2, "discusses": 3}, "other": None,
    }
    rows = list(csv.reader(io.StringIO(to_csv(Nested, [Nested(stances=one, other=None, shape="x")])[1:])))
    assert rows[1] == ["1", "2", "3", "", "", ""]
