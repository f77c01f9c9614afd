"""What a person at a terminal sees of a run: a bar with counts and the current file, and a line for each bad one."""
from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from errors import DocumentError

NAME = 40  # characters of a file's name beside the bar


class Bar:
    """Draws on the error stream. Where that is no terminal only the lines are written, no bar.

    ``quiet``: no bar; bad files are still said. ``verbose``: also a line for each
    good one once the records have it, and what was noted about it.
    """

    def __init__(self, quiet: bool = False, verbose: bool = False, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True, highlight=False, soft_wrap=True)
        self.verbose = verbose
        self.words = 0
        self.failures = 0
        self.began = time.monotonic()
        self.bar = RichProgress(
            TextColumn("{task.fields[words]}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TextColumn("{task.fields[failed]}", style="red"), TextColumn("{task.description}", markup=False),
            console=self.console, transient=True, disable=quiet or not self.console.is_terminal,
        )
        self.task: TaskID | None = None

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bar.stop()

    def begin(self, total: int) -> None:
        self.began = time.monotonic()
        self.task = self.bar.add_task("", total=total, words="", failed="")

    def done(self, name: str, what: str, words: int) -> None:
        self.words += words
        if self.verbose:
            self._say(f"{name}: {what}", "dim")
        self._advance(name)

    def failed(self, problem: DocumentError) -> None:
        self.failures += 1
        self._say(str(problem), "red")
        self._advance(problem.name)

    def note(self, name: str, text: str) -> None:
        if self.verbose:
            self._say(f"{name}: {text}", "dim")

    def _say(self, line: str, style: str) -> None:
        # A name may hold anything, so it is never read as markup, and control characters are shown.
        shown = "".join(char if char.isprintable() else repr(char)[1:-1] for char in line)
        self.console.print(Text(shown, style=style))

    def _advance(self, name: str) -> None:
        if self.task is None or self.bar.disable:
            return
        seconds = time.monotonic() - self.began
        speed = f"{self.words / seconds:,.0f} words/s" if self.words and seconds else ""
        self.bar.update(
            self.task, advance=1, description=name if len(name) <= NAME else "…" + name[1 - NAME:], words=speed,
            failed=f"{self.failures} failed" if self.failures else "",
        )
