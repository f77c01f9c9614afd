"""The guard before user-written Cypher: it reads the plan that the database makes of a statement, not its words.

A statement passes where the database says that it only reads, and where its plan holds nothing but operators and
procedures that are known to read this graph. The lists name what is allowed, so that an operator of a version to come
is refused until somebody has looked at it. Before that the text is measured, since making the plan is itself not
bounded by the database's time limit: a few hundred brackets, signs or conditions keep it busy for minutes.

What passes may still run long or grow large: it runs in a READ transaction with a time limit, under the watchdog
(``Store.read(watch=True)``), under the server's memory cap, and is cut at a number of rows.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from errors import QueryRefusedError
from graph.store import Store

LONGEST = 5_000  # characters
DEEPEST = 50  # brackets within brackets
RELATIONSHIPS = 12
# How many of each kind of token, at most: from each of these on, making the plan takes seconds.
MOST: Mapping[str, tuple[int, re.Pattern[str]]] = {
    "brackets": (300, re.compile(r"[(\[{]")),
    "AND, OR, XOR, NOT": (50, re.compile(r"(?i)\b(?:and|or|xor|not)\b|!(?!=)")),
    "signs of arithmetic": (80, re.compile(r"[+*/%^-]|\|\|")),
    "comparisons": (80, re.compile(r"(?i)<=|>=|<>|!=|=~|[<>=]|\b(?:in|is|starts|ends|contains)\b")),
    "alternatives": (60, re.compile(r"[|&]")),
    "full stops": (200, re.compile(r"\.")),
    "commas": (300, re.compile(",")),
    "UNION": (20, re.compile(r"(?i)\bunion\b")),
    "clauses": (50, re.compile(r"(?i)\b(?:match|with|unwind|call|return|let|filter|next|when|search|case|use)\b")),
}
RELATIONSHIP = re.compile(r"-\s*[\[-]")
# Strings, quoted names and comments, as the database tells them from code
QUIET = re.compile(
    r"""'(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" | `(?:[^`]|``)*` | //[^\n\r]* | /\*.*?\*/""", re.VERBOSE | re.DOTALL
)
ESCAPE = re.compile(r"\\u", re.IGNORECASE)
PLAN_SECONDS = 5.0

OPERATORS = frozenset({
    # Where rows begin
    "AllNodesScan", "Argument", "DirectedAllRelationshipsScan", "DirectedRelationshipByElementIdSeek",
    "DirectedRelationshipByIdSeek", "DirectedRelationshipIndexContainsScan", "DirectedRelationshipIndexEndsWithScan",
    "DirectedRelationshipIndexScan", "DirectedRelationshipIndexSeek", "DirectedRelationshipIndexSeekByRange",
    "DirectedRelationshipTypeScan", "DirectedUnionRelationshipTypesScan", "DynamicDirectedRelationshipTypeLookup",
    "DynamicLabelNodeLookup", "DynamicUndirectedRelationshipTypeLookup", "EmptyRow", "IntersectionNodeByLabelsScan",
    "MultiNodeIndexSeek", "NodeByElementIdSeek", "NodeByIdSeek", "NodeByLabelScan", "NodeCountFromCountStore",
    "NodeIndexContainsScan", "NodeIndexEndsWithScan", "NodeIndexScan", "NodeIndexSeek", "NodeIndexSeekByRange",
    "NodeUniqueIndexSeek", "NodeUniqueIndexSeekByRange", "RelationshipCountFromCountStore",
    "SubtractionNodeByLabelsScan", "UndirectedAllRelationshipsScan", "UndirectedRelationshipByElementIdSeek",
    "UndirectedRelationshipByIdSeek", "UndirectedRelationshipIndexContainsScan",
    "UndirectedRelationshipIndexEndsWithScan", "UndirectedRelationshipIndexScan", "UndirectedRelationshipIndexSeek",
    "UndirectedRelationshipIndexSeekByRange", "UndirectedRelationshipTypeScan",
    "UndirectedUnionRelationshipTypesScan", "UnionNodeByLabelsScan",
    # Along relationships
    "BFSPruningVarLengthExpand", "BidirectionalRepeat", "Expand", "LegacyFindShortestPaths", "OptionalExpand",
    "ProjectEndpoints", "PruningVarLengthExpand", "Repeat", "RepeatOptions", "ShortestPath",
    "ShortestPathVarLengthExpand", "StatefulShortestPath", "Trail", "VarLengthExpand",
    # Together and apart
    "AntiConditionalApply", "AntiSemiApply", "Apply", "AssertSameNode", "AssertSameRelationship", "CartesianProduct",
    "ConditionalApply", "LeftOuterHashJoin", "LetAntiSemiApply", "LetSelectOrAntiSemiApply", "LetSelectOrSemiApply",
    "LetSemiApply", "NodeHashJoin", "NodeLeftOuterHashJoin", "NodeRightOuterHashJoin", "Optional", "OrderedUnion",
    "RightOuterHashJoin", "RollUpApply", "SelectOrAntiSemiApply", "SelectOrSemiApply", "SemiApply", "TriadicBuild",
    "TriadicFilter", "TriadicSelection", "Union", "ValueHashJoin",
    # Rows and values
    "CacheProperties", "Distinct", "Eager", "EagerAggregation", "Filter", "Limit", "OrderedAggregation",
    "OrderedDistinct", "PartialSort", "PartialTop", "ProduceResults", "Projection", "Skip", "Sort", "Top",
    "Top1WithTies", "Unwind",
    # See PROCEDURES
    "ProcedureCall",
})

PROCEDURES = frozenset({
    "db.index.fulltext.queryNodes", "db.index.fulltext.queryRelationships", "db.index.vector.queryNodes",
    "db.labels", "db.propertyKeys", "db.relationshipTypes",
})


def check(store: Store, text: str, parameters: Mapping[str, Any] | None = None) -> None:
    """Raises QueryRefusedError, which says why, unless the statement only reads what may be read.

    QueryLimitError where the database takes too long to make a plan of it. Nothing of the statement runs.
    """
    measure(text)
    query_type, plan = store.explain(text, parameters, PLAN_SECONDS)
    if query_type != "r" or plan is None:
        raise QueryRefusedError("The statement does more than read: only statements that read are run here.")
    for operator, details in operators(plan):
        if operator not in OPERATORS:
            raise QueryRefusedError(f"The statement uses {operator}, which is not among what may be used here.")
        if operator == "ProcedureCall" and (name := details.partition("(")[0].strip()) not in PROCEDURES:
            raise QueryRefusedError(f"The statement calls the procedure {name}, which may not be called here.")


def operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and details of each operator of a plan; what stands in brackets after a name is left out."""
    waiting = [plan]
    while waiting:
        each = waiting.pop()
        name = str(each.get("operatorType", "")).partition("@")[0]
        yield name.partition("(")[0].strip(), str((each.get("args") or {}).get("Details", ""))
        waiting.extend(each.get("children") or ())


def measure(text: str) -> None:
    """Raises QueryRefusedError for a text that is too long, too deep or holds too many of something."""
    if len(text) > LONGEST:
        raise QueryRefusedError(f"The statement has {len(text):,} characters; {LONGEST:,} are allowed.")
    if not text.strip():
        raise QueryRefusedError("There is no statement.")
    if ESCAPE.search(text):
        raise QueryRefusedError(r"The statement holds \u: write the character itself, or give it as a parameter.")
    if any(ord(character) < 32 and character not in "\t\n\r" for character in text):
        raise QueryRefusedError("The statement holds a control character.")
    code = QUIET.sub(" ", text)
    if (deepest := depth(code)) > DEEPEST:
        raise QueryRefusedError(f"Brackets stand {deepest} deep in the statement; {DEEPEST} are allowed.")
    if (number := len(RELATIONSHIP.findall(code))) > RELATIONSHIPS:
        raise QueryRefusedError(f"The statement has {number} relationships; {RELATIONSHIPS} are allowed.")
    for name, (most, pattern) in MOST.items():
        if (number := len(pattern.findall(code))) > most:
            raise QueryRefusedError(f"The statement has {number} {name}; {most} are allowed.")


def depth(code: str) -> int:
    """How deep brackets stand in brackets; closing ones that nothing opened do not count."""
    deepest = level = 0
    for character in code:
        if character in "([{":
            level += 1
            deepest = max(deepest, level)
        elif character in ")]}":
            level = max(level - 1, 0)
    return deepest
