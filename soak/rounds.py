"""Rounds of the soak: change some documents, ingest, kill something at a random moment, look."""
from __future__ import annotations

import hashlib
import os
import queue
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bench import corpus
from graph.local.connection import ask_supervisor
from records.store import Records
from settings import ROOT, Settings

WORDS = 250  # of a document: small, so that many commits fall into one run
ADDED, CHANGED = 12, 4  # documents of each round
NEAR = 0.25  # seconds after an acknowledgement within which half of the kills fall: between the two stores' commits
MOST_SECONDS = 300.0  # that one run may take


@dataclass(slots=True)
class Counts:
    """What the soak did and what it found."""

    kills: int = 0  # of the ingest process, while it ran
    database_kills: int = 0
    runs: int = 0
    completed: int = 0  # runs that ended with 0
    acknowledged: int = 0  # documents that a run said it had taken in
    lost: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # runs that should have completed and did not


class Field:
    """A data folder, a folder of documents that grows and changes, and the runs over it."""

    def __init__(self, settings: Settings, folder: Path, chance: random.Random) -> None:
        self.settings = settings
        self.folder = folder
        self.chance = chance
        self.counts = Counts()
        self.editions: dict[int, int] = {}
        self.environment = os.environ | {
            "REFORM_DATA_FOLDER": str(settings.data_folder), "REFORM_NEO4J_URI": "", "REFORM_WORKERS": "1",
            "REFORM_NEO4J_LINE": settings.neo4j_line,
        }
        if settings.java_home is not None:
            self.environment["REFORM_JAVA_HOME"] = str(settings.java_home)
        folder.mkdir(parents=True, exist_ok=True)

    def change_documents(self) -> None:
        """New documents, and new editions of old ones."""
        known = sorted(self.editions)
        for number in self.chance.sample(known, min(CHANGED, len(known))):
            self._write(number, self.editions[number] + 1)
        for number in range(len(known), len(known) + ADDED):
            self._write(number, 1)

    def _write(self, number: int, edition: int) -> None:
        self.editions[number] = edition
        corpus.write(self.folder / f"note-{number:04}.md", number, random.Random(number), WORDS, edition)

    def hash_of(self, path: Path) -> str:
        """Under which the records know a document as it is now."""
        return hashlib.sha256(path.read_bytes()).hexdigest()

    def kill_ingest(self, longest: float) -> None:
        """A run that is killed at a random moment of the first ``longest`` seconds, or soon after a document."""
        run = Run(self)
        if self.chance.random() < 0.5:
            ended = run.wait(self.chance.uniform(0.0, longest))
        else:
            run.wait_for_documents(self.chance.randint(1, ADDED))
            ended = run.wait(self.chance.uniform(0.0, NEAR))
        if not ended:
            run.kill()
            self.counts.kills += 1
        self.end(run)

    def kill_database(self, longest: float) -> None:
        """A run under which the database is killed at a random moment; it must go on or say that it could not."""
        run = Run(self)
        if self.chance.random() < 0.5:
            run.wait(self.chance.uniform(0.0, longest))
        else:
            run.wait_for_documents(self.chance.randint(1, ADDED))
            run.wait(self.chance.uniform(0.0, NEAR))
        account = ask_supervisor(self.settings.neo4j_folder.absolute(), "status")
        if account is not None and account["state"] == "running":
            os.kill(account["pid"], signal.SIGKILL)
            self.counts.database_kills += 1
        run.wait(MOST_SECONDS)
        self.end(run)

    def complete(self) -> float:
        """A run that nothing disturbs: it must end with 0. Gives its seconds."""
        began = time.monotonic()
        run = Run(self)
        if not run.wait(MOST_SECONDS):
            run.kill()
        self.end(run)
        if run.code != 0:
            self.counts.refused.append(f"a run that nothing disturbed ended with {run.code}:\n{run.said()}")
        return time.monotonic() - began

    def end(self, run: Run) -> None:
        """What a run acknowledged must be in the records, in the edition that it read."""
        run.finish()
        self.counts.runs += 1
        self.counts.completed += run.code == 0
        with Records.open(self.settings) as records:
            known = records.known_versions()
            for name in run.acknowledged():
                self.counts.acknowledged += 1
                if run.hashes[name] not in known:
                    self.counts.lost.append(name)


class Run:
    """One ``python -m ingest add`` as a process, and what it says while it runs."""

    def __init__(self, field: Field) -> None:
        self.hashes = {str(path): field.hash_of(path) for path in sorted(field.folder.glob("*.md"))}
        self.lines: list[str] = []
        self.told: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ingest", "add", "--verbose", str(field.folder)], cwd=ROOT, env=field.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.code: int | None = None

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))
            if self._name(line):
                self.told.put(line)
        self.told.put("")

    def _name(self, line: str) -> str:
        """The document that a line acknowledges; "" for any other line."""
        name, _, what = line.strip().rpartition(": ")
        return name if name in self.hashes and what in ("new document", "new version", "unchanged") else ""

    def acknowledged(self) -> list[str]:
        return [name for line in self.lines if (name := self._name(line))]

    def wait(self, seconds: float) -> bool:
        """Wait so long; True when the run has ended."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def wait_for_documents(self, count: int) -> None:
        """Until so many documents have been taken in anew, or the run has ended."""
        while count:
            line = self.told.get(timeout=MOST_SECONDS)
            if not line:
                return
            count -= not line.rstrip().endswith("unchanged")

    def kill(self) -> None:
        """Kill -9, of the process alone: its own processes must notice by themselves."""
        self.process.kill()

    def finish(self) -> None:
        self.code = self.process.wait(MOST_SECONDS)
        self.reader.join(MOST_SECONDS)  # its extraction processes hold the other end: they must have ended too
        assert self.process.stderr is not None
        self.process.stderr.close()

    def said(self) -> str:
        return "\n".join(self.lines[-30:])
