# Strategy: real folders made by each test.
from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

import settings
from errors import AddressError, DamagedError, TooLargeError
from ingest.sources import Source, collect


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a.html", "sub/c.PDF", "sub/deep/d.txt", ".hidden/e.md", ".f.md", "g.csv", "sub/h.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path


def test_folders_are_walked_in_order_and_say_what_they_pass_over(folder: Path) -> None:
    found = collect([str(folder)])
    assert [Path(source.name).relative_to(folder).as_posix() for source in found.wanted] == [
        "a.html", "b.md", "sub/c.PDF", "sub/deep/d.txt"]
    assert [Path(name).name for name in found.passed_over] == ["g.csv", "h.png"]
    assert found.missing == ()


def test_a_file_that_is_named_is_wanted_whatever_it_is(folder: Path) -> None:
    found = collect([str(folder / "g.csv"), str(folder / ".f.md")])
    assert [source.path for source in found.wanted] == [folder / "g.csv", folder / ".f.md"]


def test_each_file_comes_once(folder: Path) -> None:
    (folder / "link.md").symlink_to(folder / "b.md")
    (folder / "sub" / "loop").symlink_to(folder)
    found = collect([str(folder / "b.md"), str(folder), str(folder / "sub")])
    assert len(found.wanted) == 4
    assert found.wanted[0].name == str(folder / "b.md")


def test_what_is_not_there_is_an_error_and_the_rest_stays(folder: Path) -> None:
    found = collect([str(folder / "nothing.md"), str(folder / "b.md"), "ftp://example.org/x"])
    assert [type(problem) for problem in found.missing] == [DamagedError, AddressError]
    assert "no such file" in str(found.missing[0])
    assert len(found.wanted) == 1


def test_addresses_are_kept_as_given() -> None:
    found = collect(["https://example.org/a", "HTTP://example.org/b", "https://example.org/a"])
    assert [source.address for source in found.wanted] == ["https://example.org/a", "HTTP://example.org/b"]


def test_digest_and_bytes_agree(folder: Path) -> None:
    chosen = settings.load(data_folder=folder)
    source = Source("b.md", folder / "b.md")
    loaded = source.load(chosen)
    assert loaded.sha256 == source.digest(chosen) == hashlib.sha256(b"b.md").hexdigest()
    assert (loaded.filename, loaded.address) == ("b.md", "")
    assert loaded.source_address == source.source_address == f"file:{folder / 'b.md'}"


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(200 << 20)
    chosen = settings.load(data_folder=tmp_path, document_mb=100)
    for act in (Source("large.txt", tmp_path / "large.txt").digest, Source("large.txt", tmp_path / "large.txt").load):
        with pytest.raises(TooLargeError, match=r"large\.txt: it has 200 MiB; files up to 100 MiB"):
            act(chosen)


def test_a_file_that_vanished_or_is_none_is_said(tmp_path: Path) -> None:
    chosen = settings.load(data_folder=tmp_path)
    with pytest.raises(DamagedError, match="gone: there is no such file"):
        Source("gone", tmp_path / "gone").load(chosen)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(DamagedError, match="pipe: it is not a file"):
        Source("pipe", tmp_path / "pipe").digest(chosen)
