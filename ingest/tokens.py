"""Plain lists of a Doc's annotations, read once, so that rules run over lists and not over objects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.attrs import DEP, ENT_IOB, ENT_TYPE, HEAD, IDX, LEMMA, LENGTH, LOWER, ORTH, POS, SENT_START, TAG
from spacy.tokens import Doc

_ATTRIBUTES = [ORTH, LOWER, LEMMA, POS, TAG, DEP, HEAD, IDX, LENGTH, ENT_TYPE, ENT_IOB, SENT_START]


@dataclass(slots=True)
class Tokens:
    """Token ``i`` of a Doc is ``text[i]``, its head ``head[i]``, its characters ``start[i]:end[i]`` of the Doc."""

    source: str  # the Doc's text
    text: list[str]
    lower: list[str]
    lemma: list[str]  # lower case
    pos: list[str]
    tag: list[str]
    dep: list[str]
    head: list[int]
    start: list[int]
    end: list[int]
    entity_type: list[str]
    entity_begins: list[bool]
    sentences: list[tuple[int, int]]  # token ranges, in order, none crosses a block
    sentence_of: list[int]
    left: list[int] = field(default_factory=list)  # first token of the subtree
    right: list[int] = field(default_factory=list)  # last token of the subtree
    children: list[list[int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.text)

    def span(self, first: int, last: int) -> str:
        """The text of tokens ``first:last``."""
        return self.source[self.start[first] : self.end[last - 1]]

    def path(self, i: int) -> Iterator[int]:
        """The heads above token ``i``, nearest first."""
        while (up := self.head[i]) != i:
            yield up
            i = up


def read_tokens(doc: Doc) -> Tokens:
    """The lists of a parsed Doc."""
    strings, n = doc.vocab.strings, len(doc)
    rows = doc.to_array(_ATTRIBUTES) if n else None
    if rows is None:
        return Tokens("", [], [], [], [], [], [], [], [], [], [], [], [], [])
    known: dict[int, str] = {0: ""}

    def words(column: int) -> list[str]:
        result = []
        for value in rows[:, column].tolist():
            if (word := known.get(value)) is None:
                word = known[value] = strings[value]
            result.append(word)
        return result

    offsets = rows[:, 6].astype("int64").tolist()
    head = [i + offset for i, offset in enumerate(offsets)]
    start, length = rows[:, 7].tolist(), rows[:, 8].tolist()
    starts = rows[:, 11].astype("int64").tolist()
    borders = [i for i in range(n) if i == 0 or starts[i] == 1]
    sentences = list(zip(borders, [*borders[1:], n], strict=True))
    sentence_of = [0] * n
    for number, (first, last) in enumerate(sentences):
        sentence_of[first:last] = [number] * (last - first)
    left, right = list(range(n)), list(range(n))
    children: list[list[int]] = [[] for _ in range(n)]
    for i in range(n):
        if head[i] != i:
            children[head[i]].append(i)
        j = i
        while head[j] != j:
            j = head[j]
            if i < left[j]:
                left[j] = i
            if i > right[j]:
                right[j] = i
    return Tokens(
        source=doc.text,
        text=words(0),
        lower=words(1),
        lemma=[word.lower() for word in words(2)],
        pos=words(3),
        tag=words(4),
        dep=words(5),
        head=head,
        start=start,
        end=[s + m for s, m in zip(start, length, strict=True)],
        entity_type=words(9),
        entity_begins=[value == 3 for value in rows[:, 10].tolist()],
        sentences=sentences,
        sentence_of=sentence_of,
        left=left,
        right=right,
        children=children,
    )
