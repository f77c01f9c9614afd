"""The gazetteer: the reader refuses what is wrong, by file and line, and the files of this checkout are right.

Strategy: small files written for each fault; the real files for counts, sectors and well-known names.
"""
from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from errors import OntologyError
from ontology import gazetteer
from ontology.gazetteer import COLUMNS, Body, load, read

SECTORS = ("local-government", "think-tank")
HEADER = ",".join(COLUMNS)
CAMDEN = "camden-council,London Borough of Camden,local-government,Camden Council|LB Camden,,GB,borough"


def write(folder: Path, *rows: str, name: str = "bodies.csv", header: str = HEADER) -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return path


def test_a_row_is_a_body(tmp_path: Path) -> None:
    bodies = read([write(tmp_path, CAMDEN, "dwp,Work and Pensions,think-tank,,DWP,GB,")], SECTORS)
    assert bodies[0] == Body(
        "camden-council", "London Borough of Camden", "Organisation", "local-government",
        ("Camden Council", "LB Camden"), "GB", (), "borough",
    )
    assert bodies[1].acronyms == ("DWP",)
    assert bodies[0].names == ("London Borough of Camden", "Camden Council", "LB Camden")


def test_an_apostrophe_stands_for_both_kinds(tmp_path: Path) -> None:
    body = read([write(tmp_path, "kings-fund,King's Fund,think-tank,The King's,,GB,")], SECTORS)[0]
    assert body.names == ("King's Fund", "The King's", "King’s Fund", "The King’s")


def test_a_file_of_places_holds_places(tmp_path: Path) -> None:
    assert read([write(tmp_path, "leeds,Leeds,,,,GB,city", name="places-uk.csv")], SECTORS)[0].kind == "Place"


@pytest.mark.parametrize(("rows", "told"), [
    (["x,Name,local-government"], "bodies.csv, line 2: 3 columns instead of 7"),
    (["X Y,Name,local-government,,,GB,"], "bodies.csv, line 2: the id “X Y” is not lower-case words"),
    (["x,,local-government,,,GB,"], "bodies.csv, line 2: x has no name"),
    (["x,Name,councils,,,GB,"], "bodies.csv, line 2: “councils” is not a sector"),
    (["x,Name,,,,GB,"], "bodies.csv, line 2: “” is not a sector"),
    (["x,Name,local-government,a||b,,GB,"], "bodies.csv, line 2: x has an empty alias"),
    (["x,Name,local-government,a| b,,GB,"], "bodies.csv, line 2: x has an empty alias, or one with a space"),
    (["x, Name,local-government,,,GB,"], "bodies.csv, line 2: name begins or ends with a space"),
    (["x,Name,local-government,,,Britain,"], "bodies.csv, line 2: “Britain” is not a country code"),
    ([CAMDEN, CAMDEN], "bodies.csv, line 3: the id camden-council stands already in bodies.csv, line 2"),
    ([CAMDEN, "x,camden council,local-government,,,GB,"],
     "bodies.csv, line 3: the name “camden council” stands already in bodies.csv, line 2"),
    ([CAMDEN, "x,Name,local-government,,LB Camden,GB,"], "the name “LB Camden” stands already in bodies.csv, line 2"),
    (["x,Name,local-government,Name,,GB,"], "the name “Name” stands already in bodies.csv, line 2"),
    (['x,"Name,local-government,,,GB,'], "bodies.csv, line"),
])
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, rows: list[str], told: str) -> None:
    with pytest.raises(OntologyError) as caught:
        read([write(tmp_path, *rows)], SECTORS)
    assert str(caught.value).startswith(told) or told in str(caught.value)


def test_a_place_has_no_sector(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"places.csv, line 2: a place has no sector"):
        read([write(tmp_path, "x,Name,local-government,,,GB,", name="places.csv")], SECTORS)


def test_a_name_may_be_a_place_and_an_organisation(tmp_path: Path) -> None:
    files = [write(tmp_path, "x,Name,local-government,,,GB,"), write(tmp_path, "y,Name,,,,GB,", name="places.csv")]
    assert len(read(files, SECTORS)) == 2


def test_an_id_is_unique_across_files(tmp_path: Path) -> None:
    files = [write(tmp_path, "x,One,local-government,,,GB,"), write(tmp_path, "x,Two,,,,GB,", name="places.csv")]
    with pytest.raises(OntologyError, match=r"places.csv, line 2: the id x stands already in bodies.csv, line 2"):
        read(files, SECTORS)


def test_another_header_or_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OntologyError, match=r"bodies.csv, line 1: the columns must be id, name, sector"):
        read([write(tmp_path, CAMDEN, header="id,name")], SECTORS)
    path = tmp_path / "latin.csv"
    path.write_bytes(HEADER.encode() + "\nx,Café,local-government,,,GB,\n".encode("latin-1"))
    with pytest.raises(OntologyError, match=r"latin.csv cannot be read"):
        read([path], SECTORS)


# The files of this checkout


def test_there_are_enough_of_every_sector() -> None:
    bodies = [body for body in load() if body.kind == "Organisation"]
    assert len(bodies) >= 900
    assert sum(body.kind == "Place" for body in load()) >= 300
    sectors = {body.sector for body in bodies}
    assert sectors == {
        "central-government", "local-government", "health-and-care", "police-and-justice", "education", "regulator",
        "academia", "think-tank", "voluntary-and-community", "private-firm", "citizens-and-service-users",
        "elected-politicians",
    }


def test_names_are_plain_text() -> None:
    for body in load():
        for name in body.names:
            assert name == unicodedata.normalize("NFC", name), name
            assert name.isprintable() and "  " not in name and "_" not in name, name


def test_aliases_are_not_bare_acronyms() -> None:
    """An alias matches in any case of letters, so a short word of capitals among them would match common words."""
    for body in load():
        for acronym in body.acronyms:
            assert any(c.isupper() for c in acronym), acronym
        for alias in body.aliases:
            assert not (alias.isupper() and len(alias) <= 6), f"{body.id}: {alias} belongs among the acronyms"
            assert len(alias) >= 3, f"{body.id}: {alias}"
            assert not alias.startswith("The "), f"{body.id}: {alias} begins with an article"


@pytest.mark.parametrize(("name", "id_", "sector"), [
    ("Camden Council", "camden-council", "local-government"), ("Nesta", "nesta", "think-tank"),
    ("DWP", "department-for-work-and-pensions", "central-government"), ("18F", "18f", "central-government"),
    ("King’s Fund", "kings-fund", "think-tank"), ("Ofsted", "ofsted", "regulator"),
    ("Kent Police", "kent-police", "police-and-justice"),
    ("University of Birmingham", "university-of-birmingham", "academia"),
    ("Barnardo's", "barnardos", "voluntary-and-community"),
    ("Capita", "capita", "private-firm"), ("OECD", "oecd", "central-government"),
    ("Greater Manchester Combined Authority", "greater-manchester-combined-authority", "local-government"),
    ("NHS England", "nhs-england", "health-and-care"), ("GDS", "government-digital-service", "central-government"),
    ("Birmingham City Council", "birmingham-city-council", "local-government"),
])
def test_well_known_bodies_are_found(name: str, id_: str, sector: str) -> None:
    found = [body for body in load() if name in body.names and body.kind == "Organisation"]
    assert [(body.id, body.sector) for body in found] == [(id_, sector)]


@pytest.mark.parametrize(("name", "country"), [
    ("Scotland", "GB"), ("Greater Manchester", "GB"), ("Sheffield", "GB"), ("Kent", "GB"), ("UK", "GB"),
    ("California", "US"), ("Ontario", "CA"), ("Germany", "DE"), ("New South Wales", "AU"),
])
def test_well_known_places_are_found(name: str, country: str) -> None:
    found = [body for body in load() if name in body.names and body.kind == "Place"]
    assert [body.country for body in found] == [country]


def test_the_command_of_the_reader_is_cached() -> None:
    assert gazetteer.load() is gazetteer.load()
