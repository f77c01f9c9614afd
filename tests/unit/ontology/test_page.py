"""The page of the ontology is what the Turtle gives, whole, and the commands work.

Strategy: the page is written again and compared with the file; the commands run in this process.
"""
from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from errors import OntologyError
from ontology import gazetteer
from ontology.__main__ import main
from ontology.model import load
from ontology.page import PATH, page

SAMPLE = Path(__file__).with_name("sample.ttl")


def test_the_page_is_current() -> None:
    assert PATH.read_text("utf-8") == page(load()), "run: python -m ontology page"


def test_the_page_describes_every_term() -> None:
    text, ontology = page(load()), load()
    for info in ontology.labels.values():
        assert f"### {info.label}\n\n{info.definition}" in text
    for relation in ontology.relations.values():
        assert f"### {relation.type}\n\n{relation.definition}" in text
        assert f"“{relation.title}”" in text and f"“{relation.inverse_title}”" in text
    for values in ontology.values.values():
        for value in values.values.values():
            assert f"| `{value.id}` | {value.label} | {value.definition} |" in text
    for concept in (*ontology.ideas.values(), *ontology.sectors.values(), *ontology.positions.values()):
        assert f"| `{concept.id}` | {concept.label} | {concept.definition} |" in text
    for heading in ontology.headings.values():
        assert f"- {heading.label}: {heading.definition}" in text


def test_properties_stand_once_where_they_are_introduced() -> None:
    text = page(load())
    thing, person = (text.partition(f"### {name}\n")[2].partition("\n### ")[0] for name in ("Thing", "Person"))
    assert "| `name` | string | required |" in thing
    assert "| `name` |" not in person


def test_tables_have_no_stray_bars() -> None:
    for line in page(load()).splitlines():
        if line.startswith("| `"):
            assert line.count("|") in (4, 5), line


def test_check_says_what_there_is() -> None:
    done = CliRunner().invoke(main, ["check", str(SAMPLE)])
    assert done.exit_code == 0, done.output
    assert "25 labels, 27 relationship types, 52 ideas" in done.output
    assert "sample.ttl conforms" in done.output


def test_check_refuses_a_graph_that_does_not_conform(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text(SAMPLE.read_text("utf-8").replace('reg:stance "supports"', 'reg:stance "likes"'), "utf-8")
    done = CliRunner().invoke(main, ["check", str(path)])
    assert isinstance(done.exception, OntologyError)
    assert "reg:stance" in str(done.exception)


def test_check_refuses_a_file_that_is_no_graph(tmp_path: Path) -> None:
    path = tmp_path / "wrong.ttl"
    path.write_text("no graph", "utf-8")
    done = CliRunner().invoke(main, ["check", str(path)])
    assert isinstance(done.exception, OntologyError)
    assert "wrong.ttl cannot be read as RDF" in str(done.exception)


def test_check_tells_a_fault_of_the_gazetteer(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OntologyError("bodies.csv, line 3: x has no name")
    monkeypatch.setattr(gazetteer, "load", fail)
    done = CliRunner().invoke(main, ["check"])
    assert "bodies.csv, line 3" in str(done.exception)


def test_page_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ontology.__main__.PATH", tmp_path / "ontology.md")
    done = CliRunner().invoke(main, ["page"])
    assert done.exit_code == 0
    assert (tmp_path / "ontology.md").read_text("utf-8") == page(load())
