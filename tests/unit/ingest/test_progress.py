# Strategy: the bar writes into a string; what a person would read is compared.
from __future__ import annotations

from collections import Counter
from io import StringIO

from rich.console import Console

from errors import DamagedError
from ingest.progress import Bar
from ingest.summary import Summary
from records.model import Contributor, Entity, Extraction, Mention, Span, Statement


def said(terminal: bool, quiet: bool = False, verbose: bool = False) -> str:
    stream = StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120, highlight=False, soft_wrap=True)
    with Bar(quiet, verbose, console) as bar:
        bar.begin(3)
        bar.done("folder/one.md", "new document", 400)
        bar.failed(DamagedError("two [red]\x1b[2J\nx.pdf", "it is truncated"))
        bar.note("folder/three.md", "its comments were left out")
        bar.done("folder/three.md", "unchanged", 0)
    return stream.getvalue()


def test_without_a_terminal_only_bad_files_are_said() -> None:
    assert said(terminal=False) == "two [red]\\x1b[2J\\nx.pdf: it is truncated\n"
    assert said(terminal=True, quiet=True).count("\n") == 1


def test_verbose_says_each_document_and_what_was_noted() -> None:
    assert said(terminal=False, verbose=True).splitlines() == [
        "folder/one.md: new document", "two [red]\\x1b[2J\\nx.pdf: it is truncated",
        "folder/three.md: its comments were left out", "folder/three.md: unchanged"]


def test_a_terminal_sees_counts_failures_and_the_file() -> None:
    text = said(terminal=True)
    assert "3/3" in text and "1 failed" in text and "three.md" in text and "words/s" in text


def test_the_summary_counts_by_type() -> None:
    entities = (Entity("Person", "A", ("person:a",)), Entity("Idea", "B", ("idea:b",)))
    mentions = (Mention(0, 1, "Person", 0, 1.0), Mention(2, 3, "Idea", 1, 1.0), Mention(4, 5, "Idea", 1, 1.0))
    by = Contributor(0, "author")
    statements = (Statement(by, (Span(0, 5),), 1.0, idea=1, stance="supports", kind="case"),
                  Statement(by, (Span(0, 5),), 1.0, subject=0, predicate="delivers", object=1))
    summary = Summary(new=1, failures=[DamagedError("x", "y")], passed_over=("a.csv",))
    summary.add(1200, Extraction(entities, mentions, statements))
    summary.seconds = 2.0
    assert summary.mentions == Counter(Idea=2, Person=1)
    assert summary.lines() == [
        "Documents:  1 new, 0 changed, 0 unchanged, 1 failed; 1 files passed over",
        "Words:      1,200 in 2.0 s (600 a second)",
        "Mentions:   3 (2 Idea, 1 Person)",
        "Statements: 2 (1 delivers, 1 evidence)"]
    assert Summary(unchanged=4).lines() == ["Documents:  0 new, 0 changed, 4 unchanged, 0 failed"]
