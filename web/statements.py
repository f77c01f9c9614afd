"""The page of one statement: its contributor, its passage, its source, and how it came to be here."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint, request, url_for

from errors import NotFoundError
from web import evidence, heard
from web.explorer import explorer
from web.pages import Statement, says
from web.respond import Page, page
from web.words import date_words, plain

statements = Blueprint("statements", __name__)

DECISIONS = {
    "accept": "Accepted", "dispute": "Disputed", "reject": "Rejected", "undo": "An earlier decision was undone",
}


@dataclass(frozen=True, kw_only=True)
class Decided:
    """A decision of an editor on the statement. Who decided, and why, stays in the records."""

    kind: str = says("What was decided")
    words: str = says("The same in words")
    at: str = says("When, UTC, ISO 8601")


@dataclass(frozen=True, kw_only=True)
class StatementPage(Page):
    """A statement from its contributor to its source, and how it was found, checked and counted."""

    template: ClassVar[str] = "statement.html"

    statement: Statement = says("The statement")
    reason: str = says("Which rule or model found it")
    extractor: str = says("Name and version of the extractor")
    model: str = says("The language model that it used")
    run: str = says("Id of the run that found it")
    studies: tuple[str, ...] = says("Studies that it rests on")
    decisions: tuple[Decided, ...] = says("What editors decided on it, oldest first")
    counted_with: tuple[Statement, ...] = says("Statements on the same idea that count as one source with it")
    counted_with_more: int = says("How many more of those there are")
    counted_because: tuple[str, ...] = says("Why they count as one")
    citation: str = says("How to cite it")


@page(statements, "/statements/<id_>", StatementPage)
def show(id_: str) -> StatementPage:
    web = explorer()
    found = evidence.statements([id_])
    if not found:
        raise NotFoundError("No statement has that address. An editor may have rejected it.")
    statement = found[0]
    row = web.row("statement_show", id=id_) or {}
    run = row.get("run") or {}
    others, reasons = counted_with(statement)
    shown = others[:5]
    claim = (
        f"{web.label('stances', statement.stance)} {statement.idea.name}" if statement.idea
        else f"on {statement.subject.name}" if statement.subject else ""
    )
    return StatementPage(
        title=plain(f"{statement.voice.contributor.name} {claim}"), statement=statement,
        reason=str(row.get("reason") or ""), run=str(run.get("id") or ""),
        extractor=" ".join(str(run[k]) for k in ("extractor", "version") if run.get(k)),
        model=str(run.get("model") or ""),
        studies=tuple(row.get("studies") or ()),
        decisions=tuple(Decided(kind=d["kind"], words=DECISIONS.get(d["kind"], d["kind"]), at=d["at"])
                        for d in row.get("decisions") or ()),
        counted_with=tuple(evidence.statements(shown)) if shown else (), counted_with_more=len(others) - len(shown),
        counted_because=reasons, citation=citation(statement),
    )


def counted_with(statement: Statement) -> tuple[list[str], tuple[str, ...]]:
    """The other statements of the same independent source on the same idea, and why they count as one."""
    if statement.idea is None:
        return [], ()
    web = explorer()
    sources = heard.gather(web, heard.evidence_on(web, statement.idea.id))
    for group, reasons in zip(sources.groups, sources.reasons, strict=True):
        ids = [row["statement"] for row in group]
        if statement.id in ids and len(ids) > 1:
            return [i for i in ids if i != statement.id], reasons
    return [], ()


def citation(statement: Statement) -> str:
    """The statement as a line to copy: who, the words, where, when, and the statement's address."""
    words = plain(" […] ".join(quote.quote for quote in statement.quotes))
    words = words.removeprefix("“").removesuffix("”").translate({ord("“"): "‘", ord("”"): "’"})
    source = statement.source
    parts = [
        plain(statement.voice.contributor.name), f"“{words}”",
        f"in: {plain(source.document.name)}" + (f" ({plain(source.publisher)})" if source.publisher else ""),
        date_words(source.date) or "no date", statement.quotes[0].place if statement.quotes else "",
    ]
    address = request.host_url.rstrip("/") + url_for("statements.show", id_=statement.id)
    return ", ".join(part for part in parts if part) + f". Reform Evidence Graph, {address}"
