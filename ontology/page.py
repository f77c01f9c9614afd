"""Writes ``docs/ontology.md`` from the Turtle, so that the page cannot say anything else."""
from __future__ import annotations

from collections.abc import Iterator

from ontology import model, terms
from ontology.model import LabelInfo, Ontology, PropertyInfo, RelationInfo

PATH = model.FOLDER.parent / "docs" / "ontology.md"

BEGINNING = """# The ontology

Written from `ontology/reform.ttl` and `ontology/thesaurus.ttl` by `python -m ontology page`. Change those, not this
page.

A **document** is read. Its **mentions** refer to **things**: contributors, places and concepts. A **statement** is
made by one contributor in one to four **passages** of one document. It is either **evidence** about an idea, or a
**relation** between two things. The plain relationships between things (delivers, leads to and so on) are derived from
such statements and carry counts. Nothing is in the graph that these pages do not name: what does not fit is refused
before it is written (`ontology/gate.py`).

Labels are in `PascalCase`, relationship types in `UPPER_SNAKE`, properties in `lower_snake`. In RDF the prefix `reg:`
stands for <{reg}>, and a relationship type is a property in
camel case: `MADE_BY` is `reg:madeBy`.
"""

EXTENDING = """## How to extend it

- **A property, label or relationship type.** Add it to `ontology/reform.ttl` with label, definition and example (and
  the wording from the other end for a relationship); add the name to `ontology/terms.py` and the constraint to
  `ontology/shapes.ttl`. The tests fail until all three agree. Run `python -m ontology page`. A new constraint or index
  needs a migration in `graph/schema.py`; then `python -m graph rebuild` derives the graph again.
- **A word for an idea.** Add a `skos:altLabel` in `ontology/thesaurus.ttl`, or a `skos:hiddenLabel` where the word
  often means something else. `python -m ontology check` refuses a label that two ideas share.
- **An idea or heading.** Add a concept with id, label, definition and scheme. Ids never change and are never used
  again; labels and definitions may change.
- **A public body or place.** Add a row to a file in `ontology/gazetteer/`. Aliases hold wherever they stand, so give
  only those that mean this body alone; acronyms are matched in their case. `python -m ontology check` names file and
  line of what does not fit.
- Such changes alter the ontology's hash, which each extraction run keeps. `python -m ingest reextract` reads the stored
  texts again with the new words.
"""


def page(ontology: Ontology) -> str:
    """The whole page, in Markdown."""
    parts = [BEGINNING.format(reg=terms.REG), *classes(ontology), *relationships(ontology), *values(ontology),
             *database(ontology), *thesaurus(ontology), EXTENDING]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def classes(ontology: Ontology) -> Iterator[str]:
    yield "## Labels"
    for info in ontology.labels.values():
        yield f"### {info.label}"
        yield described(info)
        carried = " ".join(f"`:{label}`" for label in ontology.labels_of(info.label))
        rows = [f"- Labels on its nodes: {carried}" if not info.abstract else
                f"- Its nodes are {listed(narrower(ontology, info.label), 'or')}."]
        rows += [f"- Starts: {row}" for row in starts(ontology, info)]
        rows += [f"- Ends: {row}" for row in ends(ontology, info)]
        rows += [f"- Fits: {', '.join(info.alignments)}"] if info.alignments else []
        yield "\n".join(rows)
        own = [p for name, p in info.properties.items()
               if not any(name in ontology.labels[parent].properties for parent in info.parents)]
        if own:
            yield property_table(own)


def described(info: LabelInfo | RelationInfo) -> str:
    return f"{info.definition} *Example: {info.example.rstrip('.')}{'' if info.example.endswith('”') else '.'}*"


def narrower(ontology: Ontology, label: str) -> list[str]:
    return [info.label for info in ontology.labels.values() if label in info.parents]


def starts(ontology: Ontology, info: LabelInfo) -> Iterator[str]:
    """Relationships that name this class at their start."""
    for relation in ontology.relations.values():
        if info.label in relation.domain:
            fewest, most = info.cardinalities.get(relation.type, (0, None))
            yield f"`{relation.type}` → {listed(relation.range, 'or')}{times(fewest, most)}"


def ends(ontology: Ontology, info: LabelInfo) -> Iterator[str]:
    for relation in ontology.relations.values():
        if info.label in relation.range:
            yield f"{listed(relation.domain, 'or')} → `{relation.type}`"


def times(fewest: int, most: int | None) -> str:
    if (fewest, most) == (0, None):
        return ""
    if most is None:
        return f" ({fewest} or more)"
    return f" (exactly {fewest})" if fewest == most else f" ({fewest} to {most})"


def listed(names: tuple[str, ...] | list[str], word: str) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"


def property_table(properties: list[PropertyInfo]) -> str:
    rows = ["| property | type | need | what it is |", "| --- | --- | --- | --- |"]
    for info in properties:
        kind = f"list of {info.type}" if info.many else info.type
        need = "required" if info.required else "counted" if info.derived else ""
        rows.append(f"| `{info.name}` | {kind} | {need} | {info.definition} |")
    return "\n".join(rows)


def relationships(ontology: Ontology) -> Iterator[str]:
    groups = (
        ("## Relationships", [r for r in ontology.relations.values() if not r.derived]),
        ("## Relationships derived from statements", [r for r in ontology.relations.values() if r.derived]),
    )
    for heading, relations in groups:
        yield heading
        for info in relations:
            yield f"### {info.type}"
            yield described(info)
            rows = [f"- {listed(info.domain, 'or')} → {listed(info.range, 'or')}",
                    f"- On pages: “{info.title}”; from the other end: “{info.inverse_title}”"]
            rows += [f"- Carries: {', '.join(f'`{name}`' for name in info.properties)}"] if info.properties else []
            rows += [f"- Fits: {', '.join(info.alignments)}"] if info.alignments else []
            yield "\n".join(rows)


def values(ontology: Ontology) -> Iterator[str]:
    yield "## Values"
    for each in ontology.values.values():
        rows = [f"### {each.title}", f"{each.definition} Property `{each.property}` of {each.label}.", ""]
        rows[1:1] = [""]
        rows += ["| value | on pages | meaning | example |", "| --- | --- | --- | --- |"]
        rows += [f"| `{v.id}` | {v.label} | {v.definition} | {v.example} |" for v in each.values.values()]
        yield "\n".join(rows)


def database(ontology: Ontology) -> Iterator[str]:
    yield "## In the database"
    unique = ", ".join(label for label, _ in ontology.uniqueness)
    plain = ", ".join(f"{label}.{name}" for label, name in ontology.indexes)
    rows = [f"- `id` is unique under: {unique}.", f"- Plain indexes: {plain}."]
    rows += [
        f"- Full-text index `{index.name}`: {', '.join(index.properties)} of {listed(index.labels, 'and')}."
        for index in ontology.full_text_indexes.values()
    ]
    properties = [each for label in ontology.labels.values() for each in label.properties.values()]
    left_out = sorted({each.name for each in properties if not each.exported})
    rows.append(f"- Left out of the RDF export: {', '.join(f'`{name}`' for name in left_out)}, and all properties of "
                "relationships.")
    yield "\n".join(rows)


def thesaurus(ontology: Ontology) -> Iterator[str]:
    yield "## Thesaurus"
    yield "### Ideas"
    rows = ["| id | idea | what it is | not to be confused |", "| --- | --- | --- | --- |"]
    rows += [f"| `{i.id}` | {i.label} | {i.definition} | {i.scope_note} |" for i in ontology.ideas.values()]
    yield "\n".join(rows)
    for title, concepts in (("Sectors", ontology.sectors), ("Positions", ontology.positions)):
        rows = [f"### {title}", "", "| id | label | what it is |", "| --- | --- | --- |"]
        rows += [f"| `{c.id}` | {c.label} | {c.definition} |" for c in concepts.values()]
        yield "\n".join(rows)
    yield "### Headings"
    for kind in ontology.values["heading_kinds"].values:
        rows = [f"**{ontology.labels[kind].plural}**", ""]
        for heading in ontology.headings.values():
            if heading.kind == kind and not heading.broader:
                rows.append(f"- {heading.label}: {heading.definition}")
                rows += [f"  - {narrow.label}: {narrow.definition}" for narrow in ontology.headings.values()
                         if narrow.broader == heading.id]
        yield "\n".join(rows)
