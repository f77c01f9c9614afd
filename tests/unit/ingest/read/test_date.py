"""Dates as printed."""

from __future__ import annotations

import pytest

from ingest.read.date import find_date, is_date, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 August 2019", "2019-08-05"),
        ("Monday, 5th of August, 2019", "2019-08-05"),
        ("August 5, 2019", "2019-08-05"),
        ("Aug. 5th, 2019", "2019-08-05"),
        ("Sept 2019", "2019-09"),
        ("November 2016", "2016-11"),
        ("2022-04-22", "2022-04-22"),
        ("Version 1 December 1998", "1998-12"),
        ("A project write-up - October 2024", "2024-10"),
        ("31/12/2010", "2010-12-31"),
        ("12/31/2010", "2010-12-31"),
        ("02/03/2010", "2010"),
        ("05/05/2010", "2010-05-05"),
        ("31 February 2010", "2010-02"),
        ("in 2019", ""),
        ("2014-15", ""),
        ("May I ask", ""),
        ("We met in May 2010 and on 5 June 2011", "2010-05"),
    ],
)
def test_dates_in_lines(text: str, expected: str) -> None:
    assert find_date(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018 | https://a.example", "2018"),
        ("© 2018 Northfield", "2018"),
        ("2009-10", ""),
        ("room 2018b", ""),
        ("1850", ""),
        ("The year 2090 plan", ""),
    ],
)
def test_years_alone(text: str, expected: str) -> None:
    assert find_date(text, year_alone=True) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2016", "2016"),
        ("2016-11", "2016-11"),
        ("2016-11-05", "2016-11-05"),
        ("2016-11-05T08:00:00Z", "2016-11-05"),
        ("2016-13-01", "2016"),
        ("2016-02-31", ""),
        ("5 Nov 2016", "2016-11-05"),
        ("", ""),
        ("soon", ""),
    ],
)
def test_fields(value: str, expected: str) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tuesday 5 August 2019", True),
        ("Version 1, December 1998", True),
        ("Published: May 2016", True),
        ("A write-up - October 2024", False),
        ("Northfield", False),
    ],
)
def test_lines_that_are_dates(text: str, expected: bool) -> None:
    assert is_date(text) is expected
