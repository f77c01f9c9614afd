"""The compose file: every command and variable that it names is one of the product's."""
# Strategy: read the file; ask the commands themselves which options they take, and the settings which keys.
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from settings import PREFIX, Settings

ROOT = Path(__file__).resolve().parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))["services"]
COMMANDS = [
    line[1:] for service in SERVICES.values()
    for line in (service.get("command", []), service.get("healthcheck", {}).get("test", [])[1:])
    if line[:2] == ["python", "-m"]
]


def test_there_are_database_explorer_and_worker_each_with_a_health_check() -> None:
    assert set(SERVICES) == {"neo4j", "web", "worker"}
    assert all("healthcheck" in service for service in SERVICES.values())
    assert len(COMMANDS) == 3


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_is_one_of_ours(command: list[str]) -> None:
    told = subprocess.run(
        [sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True,
    )
    for option in (word for word in command if word.startswith("--")):
        assert option in told.stdout


def test_each_variable_is_a_setting() -> None:
    variables = [name for service in SERVICES.values() for name in service.get("environment", {})]
    named = {name for name in variables if name.startswith(PREFIX)}
    assert named >= {PREFIX + "NEO4J_URI", PREFIX + "NEO4J_PASSWORD", PREFIX + "DATA_FOLDER", PREFIX + "HOST"}
    assert {name.removeprefix(PREFIX).lower() for name in named} <= set(Settings.model_fields)


def test_the_explorer_is_reached_from_this_machine_only() -> None:
    assert SERVICES["web"]["ports"] == ["127.0.0.1:8000:8000"]
    assert "ports" not in SERVICES["neo4j"]
