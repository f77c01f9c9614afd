# Strategy: the short form of `make soak`, on a server and a data folder of its own, since it kills the server. It runs
# on the first line only: what it tries is ours, not the server's.
from __future__ import annotations

import random
from pathlib import Path

from soak.__main__ import soak
from tests.servers import LINES, settings_for, stop_server


def test_kills_lose_nothing_and_leave_nothing_half_written(tmp_path: Path) -> None:
    settings = settings_for(LINES[0], tmp_path / "data", workers=1)
    try:
        counts, problems = soak(settings, tmp_path / "documents", 3, 1, random.Random(7), lambda _: None)
    finally:
        stop_server(settings)
    assert problems == []
    assert (counts.kills, counts.database_kills) == (3, 1)
    assert counts.acknowledged > 12 and counts.completed >= 2
