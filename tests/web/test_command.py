"""``python -m web`` as a person runs it, on the data folder of the tests' site."""
from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.web.site import Site

ROOT = Path(__file__).resolve().parents[2]


def start(site: Site, *arguments: str, **changes: str) -> subprocess.Popen[str]:
    variables = {name: value for name, value in os.environ.items() if not name.startswith("REFORM_")}
    variables |= {
        "REFORM_DATA_FOLDER": str(site.settings.data_folder), "REFORM_NEO4J_LINE": site.settings.neo4j_line,
        **({"REFORM_JAVA_HOME": str(site.settings.java_home)} if site.settings.java_home else {}), **changes,
    }
    return subprocess.Popen([sys.executable, "-m", "web", *arguments], cwd=ROOT, env=variables, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_end(site: Site, end: signal.Signals) -> None:
    with start(site, "--port", "0") as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.fullmatch(r"The explorer is at (http://localhost:\d+/)\n", said)
        assert found, said + (process.stderr.read() if process.stderr and process.poll() is not None else "")
        with urllib.request.urlopen(found[1], timeout=60) as answer:
            assert answer.status == 200
            assert "Server" not in answer.headers
            assert b"Who said what" in answer.read()
        process.send_signal(end)
        _, problems = process.communicate(timeout=60)
    assert process.returncode == 0, problems
    assert problems == ""


def test_what_is_wrong_with_the_settings_is_said_in_one_line(site: Site) -> None:
    with start(site, REFORM_PORT="many") as process:
        said, problems = process.communicate(timeout=60)
    assert process.returncode == 2
    assert said == ""
    assert problems.count("\n") == 1
    assert "port" in problems
