"""A corpus of any size, put together from the paragraphs of the sample documents."""
from __future__ import annotations

import random
from pathlib import Path

import frontmatter
import yaml

SOURCES = Path(__file__).resolve().parents[1] / "samples" / "sources"
FIRST = ("Amara", "Bethan", "Callum", "Devika", "Elin", "Farid", "Greta", "Hamish", "Ines", "Jonah", "Kirsty", "Leon")
LAST = ("Abbott", "Bello", "Carrow", "Drummond", "Ekwueme", "Fairley", "Gunn", "Hallam", "Iqbal", "Jessop", "Kerr")
BODIES = ("Quillfield Institute", "Department for Civic Services", "Office for Service Standards", "Eastmarch First",
          "University of Wexmoor", "Saltmarsh Borough Council", "Brightwater Digital", "Wexmoor Carers' Network")


def paragraphs() -> list[str]:
    """All paragraphs of the samples' sources, headings left out."""
    found = []
    for path in sorted(SOURCES.glob("*.md")):
        blocks = frontmatter.load(str(path)).content.split("\n\n")
        found += [" ".join(block.split()) for block in blocks if len(block.split()) > 15 and not block.startswith("#")]
    return found


def write(path: Path, number: int, chance: random.Random, words: int = 900, edition: int = 1) -> None:
    """One document of about so many words. ``edition`` changes its text and keeps its address."""
    pieces, length = [], 0
    stock = paragraphs()
    while length < words:
        piece = chance.choice(stock)
        pieces.append(piece)
        length += len(piece.split())
    header = {
        "title": f"Notes on service reform, number {number}",
        "authors": [f"{chance.choice(FIRST)} {chance.choice(LAST)}"],
        "publisher": chance.choice(BODIES),
        "date": f"{2010 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}",
        "url": f"https://notes.example.org/{number}",
    }
    body = "\n\n".join([*pieces, f"This is edition {edition} of note {number}."])
    path.write_text(f"---\n{yaml.safe_dump(header, allow_unicode=True, sort_keys=False)}---\n\n{body}\n", "utf-8")


def generate(folder: Path, count: int, seed: int = 1, words: int = 900) -> None:
    """A folder of ``count`` documents; the same seed gives the same documents."""
    chance = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        write(folder / f"note-{number:04}.md", number, chance, words)
