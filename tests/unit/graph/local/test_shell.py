"""Strategy: texts and the parts they are split into; the shell over a server is in ``tests/neo4j/local``."""
from __future__ import annotations

import io

import pytest

from graph.local.shell import split, statements


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("RETURN 1; RETURN 2", ["RETURN 1", " RETURN 2"]),
        ("RETURN 'a;b'; x", ["RETURN 'a;b'", " x"]),
        ("RETURN 'it\\'s;'; x", ["RETURN 'it\\'s;'", " x"]),
        ('RETURN "a\\";b"; x', ['RETURN "a\\";b"', " x"]),
        ("MATCH (n:`a;b`); x", ["MATCH (n:`a;b`)", " x"]),
        ("RETURN 1 // no; end\n; x", ["RETURN 1 // no; end\n", " x"]),
        ("RETURN 1 /* a;\nb; */; x", ["RETURN 1 /* a;\nb; */", " x"]),
        ("RETURN 'open; ", ["RETURN 'open; "]),
        ("RETURN 'open;\\", ["RETURN 'open;\\"]),
        ("", [""]),
    ],
)
def test_split(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_statements_of_a_text() -> None:
    source = io.StringIO("RETURN 1;\n\n;RETURN 'a\n;b';  RETURN 3;; MATCH (n)\nRETURN n")
    assert list(statements(source)) == ["RETURN 1", "RETURN 'a\n;b'", "RETURN 3", "MATCH (n)\nRETURN n"]
