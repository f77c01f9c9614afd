# Strategy: two documents of numbered sentences are written into a folder and read back as predictions; the
# sentences' numbers and texts must fit what was given, and groups must not be in it.
from __future__ import annotations

import json
from pathlib import Path

import pytest

from errors import DamagedError, EmptyTextError
from ingest.extractor import Extractor
from ingest.numbered import lay_out, read_numbered
from ingest.predict import predict

ROW = {
    "id": "one",
    "title": "Agile at the council",
    "byline": ["Ann Lee", "Ben Ode"],
    "date": "2024-01-02",
    "publisher": "Example Council",
    "licence": "CC0",
    "blocks": ["heading", "para", "para+", "item"],
    "sentences": [
        "Agile at the council",
        "Agile teams helped Leeds City Council.",
        "A tenant told us that agile works.",
        "They cut waiting times.",
    ],
}


def test_layout() -> None:
    document = lay_out(ROW)
    assert [document.text[s.start : s.end] for s in document.sentences] == ROW["sentences"]
    assert [(b.kind, document.text[b.start : b.end]) for b in document.blocks] == [
        ("heading", "Agile at the council"),
        ("paragraph", "Agile teams helped Leeds City Council. A tenant told us that agile works."),
        ("item", "They cut waiting times."),
    ]
    assert [author.name for author in document.metadata.authors] == ["Ann Lee", "Ben Ode"]


def test_predictions(extractor: Extractor, tmp_path: Path) -> None:
    folder = tmp_path / "sentences"
    folder.mkdir()
    (folder / "one.json").write_text(json.dumps(ROW), "utf-8")
    (folder / "two.json").write_text(json.dumps(ROW | {"id": "two", "byline": []}), "utf-8")
    assert predict(extractor, folder, tmp_path / "out.jsonl") == 2
    one, two = (json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines())
    assert (one["id"], two["id"]) == ("one", "two")
    for mention in one["mentions"]:
        assert mention["text"] in ROW["sentences"][mention["s"]]
        assert mention["type"] != "Group"
        assert ("idea" in mention) == (mention["type"] == "Idea")
    assert {"s": 1, "text": "Leeds City Council", "type": "Organisation"} in one["mentions"]
    marks = [(m["s"], m["text"], m["type"]) for m in one["mentions"]]
    assert len(marks) == len(set(marks))
    agile = [e["contributor"] for e in one["evidence"] if e["idea"] == "agile-delivery" and e["role"] == "author"]
    assert agile == ["Ann Lee", "Ben Ode"]
    assert {e["contributor"] for e in two["evidence"] if e["role"] == "author"} == {"Example Council"}
    assert all(0 <= s < 4 for e in one["evidence"] for s in e["s"])


def test_a_file_of_another_form_is_named(extractor: Extractor, tmp_path: Path) -> None:
    (tmp_path / "bad.json").write_text('{"id": "x"}', "utf-8")
    with pytest.raises(DamagedError, match=r"bad\.json"):
        read_numbered(tmp_path / "bad.json")
    (tmp_path / "bad.json").write_text(json.dumps(ROW | {"blocks": ["para"]}), "utf-8")
    with pytest.raises(DamagedError, match="4 sentences but 1 blocks"):
        read_numbered(tmp_path / "bad.json")


def test_an_empty_folder_is_said(extractor: Extractor, tmp_path: Path) -> None:
    with pytest.raises(EmptyTextError):
        predict(extractor, tmp_path, tmp_path / "out.jsonl")
