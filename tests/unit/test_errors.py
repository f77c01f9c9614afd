"""The error tree: every error has a status and an exit code, is in the docstring, and survives a process border."""
# Strategy: walk the tree itself, so that a new error cannot be forgotten.
from __future__ import annotations

import pickle
import re
from collections.abc import Iterator

import pytest

import errors


def walk(root: type[errors.ReformError]) -> Iterator[type[errors.ReformError]]:
    if root.__module__ == errors.__name__:  # a module may refine an error for its own use
        yield root
    for child in root.__subclasses__():
        yield from walk(child)


TREE = list(walk(errors.ReformError))
DOCUMENTED = {
    name: (int(status), int(code))
    for name, status, code in re.findall(r"^ +(\w+Error) +(\d{3}) +(\d)", errors.__doc__ or "", re.M)
}


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_the_docstring_tells_status_and_exit_code(kind: type[errors.ReformError]) -> None:
    assert DOCUMENTED[kind.__name__] == (kind.status, kind.exit_code)


def test_the_docstring_names_no_error_that_is_not_there() -> None:
    assert set(DOCUMENTED) == {kind.__name__ for kind in TREE}


@pytest.mark.parametrize("kind", list(walk(errors.DocumentError)), ids=lambda kind: kind.__name__)
def test_a_document_error_names_the_file_and_the_reason_in_another_process_too(
    kind: type[errors.DocumentError],
) -> None:
    error = pickle.loads(pickle.dumps(kind("minutes.pdf", "it is locked with a password")))
    assert type(error) is kind
    assert str(error) == "minutes.pdf: it is locked with a password"
    assert (error.name, error.reason) == ("minutes.pdf", "it is locked with a password")
