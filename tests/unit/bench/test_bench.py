# Strategy: the parts of the measurement that can be wrong without anybody noticing: what passes, what is
# watched, what is generated. The figures themselves are measured by `make bench`.
from __future__ import annotations

import json
import os
from pathlib import Path

import settings
from bench import corpus, figures, watch
from bench.figures import Figure
from ingest.provenance import model_folder
from ingest.read import read_file


def test_a_figure_passes_at_its_bar_or_below_it() -> None:
    assert Figure("ratio", 0.5, 0.5).passed and not Figure("ratio", 0.49, 0.5).passed
    assert Figure("memory", 99, 100, at_least=False).passed and not Figure("memory", 100, 100, at_least=False).passed


def test_figures_are_written_and_shown(tmp_path: Path) -> None:
    measured = [Figure("ratio", 0.123456, 0.5, parts={"a": 1}), Figure("memory", 80, 100, at_least=False, unit=" MiB")]
    figures.write(measured, {"words": 3}, tmp_path / "build" / "bench.json")
    content = json.loads((tmp_path / "build" / "bench.json").read_text("utf-8"))
    assert [row["passed"] for row in content["figures"]] == [False, True]
    assert content["about"] == {"words": 3}
    assert [line.split()[-1] for line in figures.table(measured).splitlines()[2:]] == ["FAILED", "passed"]


def test_memory_of_a_command_and_its_child_is_seen() -> None:
    child = "import time; held = bytearray(150 << 20); held[::4096] = b'x' * len(held[::4096]); time.sleep(1)"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); print('done')"
    watched = watch.run(["-c", script], dict(os.environ))
    assert (watched.code, watched.output) == (0, "done\n")
    assert watched.child_bytes > 150 << 20 > watched.main_bytes > 1 << 20
    assert watched.seconds >= 1


def test_a_generated_corpus_is_the_same_each_time_and_can_be_read(tmp_path: Path) -> None:
    corpus.generate(tmp_path / "a", 3, seed=4)
    corpus.generate(tmp_path / "b", 3, seed=4)
    for path in sorted((tmp_path / "a").iterdir()):
        data = path.read_bytes()
        assert data == (tmp_path / "b" / path.name).read_bytes()
        reading = read_file(path.name, data, settings.load(data_folder=tmp_path))
        assert 800 < len(reading.text.split()) < 1400
        assert reading.metadata.address.startswith("https://notes.example.org/")
        assert reading.metadata.authors and reading.metadata.publisher


def test_another_edition_keeps_the_address_and_changes_the_text(tmp_path: Path) -> None:
    import random

    corpus.write(tmp_path / "one.md", 5, random.Random(5))
    corpus.write(tmp_path / "two.md", 5, random.Random(5), edition=2)
    chosen = settings.load(data_folder=tmp_path)
    one, two = (read_file(name, (tmp_path / name).read_bytes(), chosen) for name in ("one.md", "two.md"))
    assert one.metadata == two.metadata and one.text != two.text


def test_the_bare_pipe_counts_all_words(tmp_path: Path) -> None:
    lines = tmp_path / "texts.jsonl"
    lines.write_text('"Three plain words."\n"And four more words."\n', "utf-8")
    folder = model_folder(settings.load(data_folder=tmp_path))
    watched = watch.run(["-m", "bench.bare", str(folder), str(lines), "2"], dict(os.environ))
    assert watched.code == 0, watched.errors
    found = json.loads(watched.output)
    assert found["words"] == 7 and 0 < found["seconds"] < watched.seconds
