"""``python -m ingest read``: what the parsers find in files, one JSON line a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

import settings as settings_module
from errors import DocumentError
from ingest.read import read_bytes, read_file


def read_files(files: Sequence[str], output: str) -> int:
    """Write a line for each file to ``output``, say each failure on the error stream; 1 if there was one, else 0."""
    settings = settings_module.load()
    failed = 0
    with Path(output).open("w", encoding="utf-8") as stream:
        for file in files:
            row: dict[str, object] = {
                "file": file,
                "title": "",
                "authors": [],
                "publisher": "",
                "date": "",
                "text": "",
                "error": "",
            }
            try:
                reading = read_file(Path(file).name, read_bytes(Path(file), settings), settings)
            except DocumentError as problem:
                failed += 1
                row["error"] = problem.reason
                click.echo(str(problem), err=True)
            else:
                found = reading.metadata
                row |= {
                    "title": found.title,
                    "authors": [author.name for author in found.authors],
                    "publisher": found.publisher,
                    "date": found.date,
                    "text": reading.text,
                }
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    click.echo(f"{len(files) - failed} of {len(files)} files read, {failed} failed: {output}", err=True)
    return 1 if failed else 0
