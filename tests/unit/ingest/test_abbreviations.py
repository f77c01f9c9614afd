# Strategy: sentences made for each rule; a bracket that abbreviates nothing must give nothing.
from __future__ import annotations

import pytest

from ingest.abbreviations import find_abbreviations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The Government Digital Service (GDS) wrote it.", {"GDS": "Government Digital Service"}),
        ("He works for the Department for Education (“DfE”).", {"DfE": "Department for Education"}),
        ("An agreement, a local strategic partnership (LSP), helped.", {"LSP": "local strategic partnership"}),
        ("We saw many people (NHS) there.", {}),
        ("Some people (about half) came.", {}),
        ("First Child Support Agency (CSA). Later Civil Service Academy (CSA).", {"CSA": "Child Support Agency"}),
        ("It ended. New Economics Foundation (NEF) said so.", {"NEF": "New Economics Foundation"}),
    ],
)
def test_pairs(text: str, found: dict[str, str]) -> None:
    assert find_abbreviations(text) == found
