"""The ontology's terms as Python names. A misspelt term is an AttributeError, never a new label.

``reform.ttl`` is the source; a test fails where this module and the Turtle disagree, either
way. The members are strings, so they go into rows, parameters and JSON as they are.
"""
from __future__ import annotations

from enum import StrEnum
from typing import Final

BASE: Final = "https://w3id.org/reform-evidence-graph/"
REG: Final = BASE + "ontology#"
META: Final = BASE + "meta#"


class Label(StrEnum):
    """Node labels."""

    DOCUMENT = "Document"
    PASSAGE = "Passage"
    MENTION = "Mention"
    STATEMENT = "Statement"
    EVIDENCE = "Evidence"
    RELATION = "Relation"
    THING = "Thing"
    CONTRIBUTOR = "Contributor"
    PERSON = "Person"
    ORGANISATION = "Organisation"
    GROUP = "Group"
    PLACE = "Place"
    CONCEPT = "Concept"
    ISSUE = "Issue"
    INTERVENTION = "Intervention"
    OUTCOME = "Outcome"
    IDEA = "Idea"
    HEADING = "Heading"
    SECTOR = "Sector"
    POSITION = "Position"
    STUDY = "Study"
    EXTRACTION_RUN = "ExtractionRun"
    DECISION = "Decision"
    MERGED = "Merged"
    GRAPH_STATE = "GraphState"


class Relation(StrEnum):
    """Relationship types."""

    MADE_BY = "MADE_BY"
    IN_PASSAGE = "IN_PASSAGE"
    ABOUT = "ABOUT"
    SUBJECT = "SUBJECT"
    OBJECT = "OBJECT"
    FROM_SECTOR = "FROM_SECTOR"
    FROM_POSITION = "FROM_POSITION"
    FROM_AFFILIATION = "FROM_AFFILIATION"
    RESTS_ON = "RESTS_ON"
    EXTRACTED_BY = "EXTRACTED_BY"
    PART_OF = "PART_OF"
    IN_DOCUMENT = "IN_DOCUMENT"
    REFERS_TO = "REFERS_TO"
    MENTIONS = "MENTIONS"
    WRITTEN_BY = "WRITTEN_BY"
    PUBLISHED_BY = "PUBLISHED_BY"
    SAME_TEXT_AS = "SAME_TEXT_AS"
    IN_SECTOR = "IN_SECTOR"
    UNDER = "UNDER"
    MERGED_INTO = "MERGED_INTO"
    DECIDED_ON = "DECIDED_ON"
    AFFILIATED_WITH = "AFFILIATED_WITH"
    DELIVERS = "DELIVERS"
    ADDRESSES = "ADDRESSES"
    LEADS_TO = "LEADS_TO"
    LOCATED_IN = "LOCATED_IN"
    CONTRIBUTED_TO = "CONTRIBUTED_TO"


class Role(StrEnum):
    """As what a contributor makes a statement."""

    AUTHOR = "author"
    QUOTED = "quoted"
    CITED = "cited"


class Stance(StrEnum):
    """Which side evidence takes about its idea."""

    SUPPORTS = "supports"
    CHALLENGES = "challenges"
    DISCUSSES = "discusses"


class Kind(StrEnum):
    """On what evidence rests."""

    FINDING = "finding"
    CASE = "case"
    ARGUMENT = "argument"
    RECOMMENDATION = "recommendation"


class Predicate(StrEnum):
    """How a statement relates two things."""

    AFFILIATED_WITH = "affiliated_with"
    DELIVERS = "delivers"
    ADDRESSES = "addresses"
    LEADS_TO = "leads_to"
    LOCATED_IN = "located_in"


class Direction(StrEnum):
    """Which way the thing named by the object of leads_to is said to change."""

    INCREASES = "increases"
    DECREASES = "decreases"
    NO_CHANGE = "no_change"
    MIXED = "mixed"


class State(StrEnum):
    """Whether an editor has checked a statement."""

    MACHINE = "machine"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    SOURCE_CHANGED = "source_changed"


class DocumentState(StrEnum):
    """Whether a document is in use."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class MentionKind(StrEnum):
    """What kind of thing a mention refers to: the most specific label of that thing."""

    PERSON = "Person"
    ORGANISATION = "Organisation"
    GROUP = "Group"
    PLACE = "Place"
    ISSUE = "Issue"
    INTERVENTION = "Intervention"
    OUTCOME = "Outcome"
    IDEA = "Idea"


class HeadingKind(StrEnum):
    """What a heading of the thesaurus gathers."""

    ISSUE = "Issue"
    INTERVENTION = "Intervention"
    OUTCOME = "Outcome"


UNKNOWN: Final = "unknown"  # id of the sector and of the position of whom no text says more

# The lists of values, by the local name of their scheme in reform.ttl.
VALUES: Final[dict[str, type[StrEnum]]] = {
    "roles": Role,
    "stances": Stance,
    "kinds": Kind,
    "predicates": Predicate,
    "directions": Direction,
    "states": State,
    "document_states": DocumentState,
    "mention_kinds": MentionKind,
    "heading_kinds": HeadingKind,
}
