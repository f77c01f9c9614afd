"""Dates as documents print them, to ISO 8601 as exact as printed: 2016, 2016-11, 2016-11-05."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?<!version )(?<!v\. )(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form, re.I)
    for form in (
        rf"\b{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)",
        rf"\b{_YEAR}/(?P<month>\d\d)/(?P<day>\d\d)(?!\d)",
        rf"\b{_DAY}(?:\s+of)?[\s-]+{_MONTH},?[\s-]+{_YEAR}\b",
        rf"\b{_MONTH}\s+{_DAY},?\s+{_YEAR}\b",
        rf"\b{_MONTH},?\s+{_YEAR}\b",
        r"\b(?P<a>\d{1,2})[/.](?P<b>\d{1,2})[/.](?P<year>(?:19|20)\d\d)\b",
    )
)
_YEAR_ALONE = re.compile(rf"(?:^|[\s©|(,·•–—-]){_YEAR}(?=$|[\s|).,·•–—])(?![-–/]\d)")
_VALUE = re.compile(r"((?:19|20)\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?$")


def find_date(text: str, year_alone: bool = False) -> str:
    """The first date in a line, as exact as it is printed, or "".

    ``05/08/2019`` is two dates to two readers and gives only its year. A bare year counts only
    when asked for: in prose it is most often not the document's.
    """
    found = [(match.start(), order, match) for order, form in enumerate(_FORMS) if (match := form.search(text))]
    for _, _, match in sorted(found, key=lambda item: item[:2]):
        if iso := _iso(match):
            return iso
    if year_alone and (match := _YEAR_ALONE.search(text)):
        return match["year"] if int(match["year"]) <= _this_year() + 1 else ""
    return ""


def parse_date(value: str) -> str:
    """The date of a metadata field: ISO 8601 whole or partial, with or without a time, or as printed; else ""."""
    value = value.strip()
    if match := _VALUE.match(value):
        year, month, day = match.groups()
        if not month:
            return year
        if not 1 <= int(month) <= 12:
            return year
        return _checked(int(year), int(month), int(day) if day else None)
    return find_date(value, year_alone=True)


def is_date(text: str) -> bool:
    """Whether a line is a date and little else: "Tuesday 5 August 2019", "Version 1, December 1998"."""
    if not find_date(text, year_alone=True):
        return False
    rest = re.sub(r"\b(?:19|20)\d\d\b|\d{1,2}(?:st|nd|rd|th)?|[^\w\s]", " ", text.lower())
    known = {
        *_MONTHS,
        *(month[:3] for month in _MONTHS),
        "sept",
        "of",
        "the",
        "on",
        "version",
        "v",
        "date",
        "dated",
        "published",
        "updated",
        "posted",
        "last",
        "revised",
        "issued",
        "release",
        "spring",
        "summer",
        "autumn",
        "fall",
        "winter",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "edition",
        "final",
        "draft",
    }
    return all(word in known for word in rest.split())


def _iso(match: re.Match[str]) -> str:
    parts = match.groupdict()
    year = int(parts["year"])
    if "a" in parts:
        a, b = int(parts["a"]), int(parts["b"])
        if a > 12 >= b:
            return _checked(year, b, a)
        if b > 12 >= a or a == b:
            return _checked(year, a, b)
        return str(year)
    month = parts["month"]
    number = (
        int(month) if month.isdigit() else next(n for n, m in enumerate(_MONTHS, 1) if m.startswith(month[:3].lower()))
    )
    return _checked(year, number, int(parts["day"]) if parts.get("day") else None)


def _checked(year: int, month: int, day: int | None) -> str:
    if not 1 <= month <= 12:
        return ""
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _this_year() -> int:
    from datetime import UTC, datetime

    return datetime.now(UTC).year
