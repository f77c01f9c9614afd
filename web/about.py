"""How the collection is made, what its words mean, and the forms in which its pages are given as data."""
from __future__ import annotations

import dataclasses
import types
import typing
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, current_app

from web.explorer import PATHS, explorer
from web.pages import says
from web.respond import SHOWN, ListForm, Page, page
from web.tables import columns, unwrap

about = Blueprint("about", __name__)


@dataclass(frozen=True, kw_only=True)
class AboutPage(Page):
    """How the collection is made, and its limits."""

    template: ClassVar[str] = "about.html"
    section: ClassVar[str] = "About"

    documents: int = says("Documents read")
    statements: int = says("Statements found in them")
    sequence: int = says("Number of the last change of the records that the pages show")
    ontology_hash: str = says("Hash of ontology, thesaurus and gazetteer")
    read_seconds: float = says("Time after which a query is stopped")
    read_rows: int = says("Rows after which an answer is cut, and says so")


@dataclass(frozen=True, kw_only=True)
class Word:
    """A type, relationship or value of the ontology."""

    id: str = says("Its id: label, relationship type or value")
    title: str = says("Its word on the pages")
    definition: str = says("What it means")
    example: str = says("An example")
    under: str = says("What it is a kind of, or what it relates")
    count: int | None = says("How many there are, for types of thing")


@dataclass(frozen=True, kw_only=True)
class OntologyPage(Page):
    """The words of the pages, from the ontology."""

    template: ClassVar[str] = "ontology.html"
    section: ClassVar[str] = "About"
    lists: ClassVar[tuple[ListForm, ...]] = (
        ListForm("types", "Types", "types", Word), ListForm("links", "Links", "links", Word),
        ListForm("values", "Values", "values", Word), ListForm("sectors", "Sectors", "sectors", Word),
    )

    version: str = says("Version of the ontology")
    types: tuple[Word, ...] = says("Types of what the graph holds")
    links: tuple[Word, ...] = says("Relationship types")
    values: tuple[Word, ...] = says("Values of closed lists: roles, stances, kinds, directions, states")
    sectors: tuple[Word, ...] = says("Sectors")
    positions: tuple[Word, ...] = says("Positions")
    headings: int = says("Headings of the thesaurus")
    ideas: int = says("Ideas of the thesaurus")


@dataclass(frozen=True, kw_only=True)
class FormField:
    """A field of a JSON form."""

    name: str = says("Its name")
    type: str = says("Its type")
    meaning: str = says("What it says")


@dataclass(frozen=True, kw_only=True)
class Form:
    """The JSON form of a page, or of a part of pages."""

    name: str = says("Its name")
    meaning: str = says("What it holds")
    addresses: tuple[str, ...] = says("Where it is given; nothing for a part")
    fields: tuple[FormField, ...] = says("Its fields")
    tables: tuple[FormField, ...] = says("Its lists as CSV: address, what it is, its columns")


@dataclass(frozen=True, kw_only=True)
class DataPage(Page):
    """The forms in which pages are given as data."""

    template: ClassVar[str] = "data.html"
    section: ClassVar[str] = "About"

    pages: tuple[Form, ...] = says("The pages")
    parts: tuple[Form, ...] = says("The parts that they are made of")


@page(about, "/about", AboutPage)
def show() -> AboutPage:
    web = explorer()
    collection = web.collection()
    return AboutPage(
        title="How it is made", documents=collection.documents, statements=collection.statements,
        sequence=collection.sequence, ontology_hash=web.ontology.hash, read_seconds=web.settings.read_seconds,
        read_rows=web.settings.read_rows,
    )


@page(about, "/about/ontology", OntologyPage)
def ontology() -> OntologyPage:
    web = explorer()
    known, counts = web.ontology, {**web.collection().counts, "Document": web.collection().documents,
                                   "Statement": web.collection().statements}
    label_types = tuple(
        Word(id=i.label, title=i.title, definition=i.definition, example=i.example,
             under=", ".join(known.labels[p].title for p in i.parents), count=counts.get(i.label))
        for i in known.labels.values()
    )
    links = tuple(
        Word(id=i.type, title=i.title, definition=i.definition, example=i.example, count=None,
             under=f"{' or '.join(known.labels[d].title for d in i.domain)} → "
                   f"{' or '.join(known.labels[r].title for r in i.range)}")
        for i in known.relations.values()
    )
    values = tuple(
        Word(id=v.id, title=v.label, definition=v.definition, example=v.example, under=each.title, count=None)
        for each in known.values.values() if each.name not in ("mention_kinds", "heading_kinds")
        for v in each.values.values()
    )
    return OntologyPage(
        title="What the words mean", version=known.version, types=label_types, links=links, values=values,
        sectors=tuple(Word(id=s.id, title=s.label, definition=s.definition, example="", under="", count=None)
                      for s in known.sectors.values()),
        positions=tuple(Word(id=p.id, title=p.label, definition=p.definition, example="", under="", count=None)
                        for p in known.positions.values()),
        headings=len(known.headings), ideas=len(known.ideas),
    )


@page(about, "/about/data", DataPage)
def data() -> DataPage:
    shown, parts = forms()
    return DataPage(title="Data", pages=shown, parts=parts)


# -------------------------------------------------------------------------------------------- forms, from the classes

def page_classes() -> dict[type[Page], list[str]]:
    """The page classes, each with the addresses of its JSON form, as the application has them registered."""
    found: dict[type[Page], list[str]] = {}
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint.endswith(":json"):
            found.setdefault(SHOWN[rule.endpoint.partition(":")[0]], []).append(address_form(rule.rule))
    return found


def address_form(rule: str) -> str:
    """A rule as a reader writes it: ``/ideas/<id>.json``."""
    rule = rule.replace("<id_>", "<id>")
    head, bracket, tail = rule.partition("<any(")
    if not bracket:
        return rule
    return head + "{" + " | ".join(sorted(PATHS.values())) + "}" + tail.partition(">")[2]


def forms() -> tuple[tuple[Form, ...], tuple[Form, ...]]:
    """The JSON forms of all pages, and of the parts that they are made of."""
    classes = page_classes()
    parts: dict[type, None] = {}
    pages = tuple(form_of(cls, tuple(sorted(addresses)), parts) for cls, addresses in
                  sorted(classes.items(), key=lambda item: item[0].__name__))
    described: list[Form] = []
    done: set[type] = set()
    while waiting := [cls for cls in parts if cls not in done]:
        for cls in waiting:
            done.add(cls)
            described.append(form_of(cls, (), parts))
    return pages, tuple(sorted(described, key=lambda form: form.name))


def form_of(cls: type, addresses: tuple[str, ...], parts: dict[type, None]) -> Form:
    """The form of a dataclass; adds the dataclasses of its fields to ``parts``."""
    resolved = typing.get_type_hints(cls)
    fields = tuple(
        FormField(name=each.name, type=type_words(resolved[each.name], parts), meaning=each.metadata.get("says", ""))
        for each in dataclasses.fields(cls) if not each.metadata.get("drawn")
    )
    tables: list[FormField] = []
    for place, each in enumerate(getattr(cls, "lists", ())):
        address = addresses[0].removesuffix(".json") + (".csv" if place == 0 else f"/{each.name}.csv")
        tables.append(FormField(name=address, type=", ".join(columns(each.rows)), meaning=each.label))
    return Form(name=cls.__name__, meaning=" ".join((cls.__doc__ or "").split()), addresses=addresses, fields=fields,
                tables=tuple(tables))


def type_words(hint: Any, parts: dict[type, None]) -> str:
    """A type in words: "text", "list of Statement", "number or nothing"."""
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        return f"{type_words(unwrap(hint), parts)} or nothing"
    if origin is tuple:
        return f"list of {type_words(typing.get_args(hint)[0], parts)}"
    if dataclasses.is_dataclass(hint):
        parts[typing.cast(type, hint)] = None
        return str(getattr(hint, "__name__", hint))
    if origin is not None:
        return "numbers by name"
    return {str: "text", int: "number", float: "number", bool: "true or false"}.get(hint, str(hint))
