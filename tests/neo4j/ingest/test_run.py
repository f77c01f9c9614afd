# Strategy: the samples (and what each test makes) go through real processes into real stores. What is
# compared is the whole graph by its own ids, and the records' sequence.
from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from errors import DocumentError, GraphError, GraphUnavailableError, WorkerError
from graph.store import Store
from ingest import batch, run
from ingest.pool import Executor
from ingest.run import ingest, reextract
from ingest.sources import collect
from records.store import Records
from settings import ROOT, Settings
from tests.neo4j.ingest.conftest import SAMPLES, Picture

Command = Callable[..., subprocess.CompletedProcess[str]]
Take = Callable[[], Picture]
TEXTS = ("the-same-carer.txt", "thin-ice.md", "town-hall-can.txt", "the-call-that-never-came.md")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four samples."""
    made = tmp_path / "documents"
    made.mkdir()
    for name in TEXTS:
        shutil.copy(SAMPLES / name, made / name)
    return made


def documents_in(store: Store) -> set[str]:
    return {filename for (filename,) in store.values("MATCH (d:Document) RETURN d.filename")}


def test_the_samples_go_from_file_to_graph(
    records: Records, store: Store, settings: Settings, executor: Executor,
) -> None:
    summary = ingest(collect([str(SAMPLES)]), records, store, settings, executor=executor)
    files = {path.name for path in SAMPLES.iterdir()}
    assert len(files) >= 14
    assert (summary.new, summary.changed, summary.unchanged, summary.failures) == (len(files), 0, 0, [])
    assert documents_in(store) == files
    assert store.sequence() == records.sequence()
    assert summary.words == sum(document.words for document in records.documents())
    for kind in ("Person", "Organisation", "Idea"):
        assert summary.mentions[kind] > 0
    (mentions,), = store.values("MATCH (m:Mention) RETURN count(m)")
    assert mentions == summary.mentions.total()
    (statements,), = store.values("MATCH (s:Statement) RETURN count(s)")
    assert statements == summary.statements.total()
    wrong = store.values(
        "MATCH (x)-[:IN_DOCUMENT|PART_OF]->(d:Document) WHERE substring(d.text, x.start, x.end - x.start) <> x.quote "
        "RETURN x.id, x.quote")
    assert wrong == []


def test_twice_is_once(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor, picture: Take,
) -> None:
    ingest(collect([str(folder)]), records, store, settings, executor=executor)
    before, sequence = picture(), records.sequence()
    again = ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert (again.new, again.changed, again.unchanged, again.failed) == (0, 0, len(TEXTS), 0)
    assert records.sequence() == store.sequence() == sequence
    assert picture() == before


def test_the_same_file_under_two_names_is_one_document(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor,
) -> None:
    shutil.copy(folder / "thin-ice.md", folder / "copy-of-thin-ice.md")
    summary = ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert (summary.new, summary.unchanged) == (len(TEXTS), 1)
    assert len(documents_in(store)) == len(TEXTS)


def test_a_changed_document_replaces_only_what_was_derived_from_it(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor, picture: Take,
) -> None:
    ingest(collect([str(folder)]), records, store, settings, executor=executor)
    owned = (
        "MATCH (d:Document) OPTIONAL MATCH (x:Passage|Mention)-[:PART_OF|IN_DOCUMENT]->(d) "
        "RETURN d.filename, d.id, collect(DISTINCT x.id + x.quote + x.start)")
    before = {name: (document_id, sorted(ids)) for name, document_id, ids in store.values(owned)}
    changed = folder / "thin-ice.md"
    text = changed.read_text("utf-8")
    changed.write_text(text.replace("\n\n", "\n\nA council officer, Zebedee Quorn, wrote this line.\n\n", 1), "utf-8")
    summary = ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, len(TEXTS) - 1)
    after = {name: (document_id, sorted(ids)) for name, document_id, ids in store.values(owned)}
    assert after["thin-ice.md"][0] == before["thin-ice.md"][0], "it is still the same document"
    assert after["thin-ice.md"] != before["thin-ice.md"]
    assert {name: after[name] for name in TEXTS if name != "thin-ice.md"} == {
        name: before[name] for name in TEXTS if name != "thin-ice.md"}
    # And back again: what was derived from the line is gone without a trace.
    changed.write_text(text, "utf-8")
    ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert {name: (document_id, sorted(ids)) for name, document_id, ids in store.values(owned)} == before
    assert not [line for line in picture().nodes if "Zebedee" in line]


def make_bad_files(folder: Path) -> dict[str, str]:
    """Bad files of each sort; name -> a word of the reason."""
    (folder / "empty.txt").write_bytes(b"")
    (folder / "blank.md").write_text("\n\n \n")
    (folder / "truncated.pdf").write_bytes((SAMPLES / "equal-partners.pdf").read_bytes()[:700])
    (folder / "not-word.docx").write_text("This is no Word document at all, it only says so.")
    (folder / "half.odt").write_bytes((SAMPLES / "my-own-hands.odt").read_bytes()[:3000])
    (folder / "noise.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "deutsch.txt").write_text(
        "Die Verwaltung muss sich ändern, weil die Bürgerinnen und Bürger zu lange auf ihre Bescheide warten. " * 8)
    with (folder / "large.txt").open("wb") as file:
        file.truncate(200 << 20)
    return {"empty.txt": "empty", "blank.md": "", "truncated.pdf": "", "not-word.docx": "Word", "half.odt": "",
            "noise.txt": "", "deutsch.txt": "German", "large.txt": "MiB"}


def test_bad_files_get_one_line_each_and_the_rest_goes_on(folder: Path, command: Command, store: Store) -> None:
    bad = make_bad_files(folder)
    (folder / "table.csv").write_text("a,b\n1,2\n")
    answer = command("add", folder, folder / "nowhere.txt")
    assert answer.returncode == 1, answer.stderr
    lines = answer.stderr.splitlines()
    for name, reason in (bad | {"nowhere.txt": "no such file"}).items():
        (line,) = [line for line in lines if Path(line.partition(": ")[0]).name == name]
        assert reason in line
    assert "Traceback" not in answer.stderr
    assert any("Passed over 1 file" in line and "table.csv" in line for line in lines)
    assert f"{len(TEXTS)} new, 0 changed, 0 unchanged, {len(bad) + 1} failed; 1 file" in answer.stdout
    assert documents_in(store) == set(TEXTS)
    lonely = store.values("MATCH (x:Passage|Mention|Statement) WHERE NOT (x)--() RETURN x.id")
    assert lonely == []
    again = command("add", folder)
    assert again.returncode == 1
    assert f"0 new, 0 changed, {len(TEXTS)} unchanged, {len(bad)} failed" in again.stdout


def test_all_good_ends_with_0_and_says_what_was_found(folder: Path, command: Command) -> None:
    answer = command("add", folder)
    assert answer.returncode == 0, answer.stderr
    assert answer.stderr == ""
    first, words, mentions, statements = answer.stdout.splitlines()
    assert first == f"Documents:  {len(TEXTS)} new, 0 changed, 0 unchanged, 0 failed"
    assert "a second" in words and "Person" in mentions and "evidence" in statements
    assert command("add", "--quiet", folder).stdout == ""


def test_unchanged_documents_load_no_spacy_and_start_no_process(
    folder: Path, command: Command, environment: dict[str, str],
) -> None:
    assert command("add", folder).returncode == 0
    script = (
        "import sys, multiprocessing.process as processes\n"
        "def refuse(self): raise AssertionError('a process was started')\n"
        "processes.BaseProcess.start = refuse\n"
        "from ingest.commands import add\n"
        f"code = add([{str(folder)!r}], False, False)\n"
        "heavy = {'spacy', 'trafilatura', 'lxml', 'pebble', 'alembic', 'rdflib', 'pdfminer'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "sys.exit(code)\n")
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, text=True, capture_output=True)
    assert answer.returncode == 0, answer.stderr
    assert f"0 new, 0 changed, {len(TEXTS)} unchanged" in answer.stdout


class Cut(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.mark.parametrize("documents", [0, 1, 3])
def test_cut_between_the_stores_the_next_run_completes(
    documents: int, folder: Path, records: Records, store: Store, settings: Settings, executor: Executor,
    picture: Take, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "FOLLOW_SECONDS", 0.0)
    left = documents

    def cut(*arguments: object) -> int:
        nonlocal left
        if left == 0:
            raise Cut
        left -= 1
        return real(*arguments)

    real = run.bring_up_to_date
    with monkeypatch.context() as patched, pytest.raises(Cut):
        patched.setattr(run, "bring_up_to_date", cut)
        ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert store.sequence() < records.sequence(), "one document is in the records and not in the graph"
    ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert store.sequence() == records.sequence()
    assert documents_in(store) == set(TEXTS)
    grown = picture()
    from graph.rebuild import rebuild

    rebuild(records, store)
    assert picture() == grown


def test_cut_inside_the_records_transaction_leaves_nothing_of_the_document(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ingest.resolution as resolution

    real, calls = resolution.resolve, 0

    def cut(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise Cut
        return real(*arguments)

    with monkeypatch.context() as patched, pytest.raises(Cut):
        patched.setattr(resolution, "resolve", cut)
        ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert len(list(records.documents())) == 2
    ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert documents_in(store) == set(TEXTS)


def test_a_fault_of_ours_in_one_document_does_not_cost_the_others(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import ingest.resolution as resolution

    real, calls = resolution.resolve, 0

    def fault(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise KeyError("oops")
        return real(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(resolution, "resolve", fault)
        summary = ingest(collect([str(folder)]), records, store, settings, executor=executor)
    (problem,) = summary.failures
    assert isinstance(problem, WorkerError) and "could not be kept: KeyError" in str(problem)
    assert summary.new == len(TEXTS) - 1
    assert len(documents_in(store)) == len(TEXTS) - 1


def test_a_server_that_is_away_costs_no_document(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> int:
        raise GraphUnavailableError("no server answers")

    monkeypatch.setattr(run, "FOLLOW_SECONDS", 0.0)
    with monkeypatch.context() as patched, pytest.raises(GraphError):
        patched.setattr(run, "bring_up_to_date", away)
        ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert len(list(records.documents())) == len(TEXTS)
    summary = ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert (summary.unchanged, summary.projected) == (len(TEXTS), len(TEXTS))
    assert documents_in(store) == set(TEXTS)


def test_reextract_keeps_the_older_run(
    folder: Path, records: Records, store: Store, settings: Settings, executor: Executor, picture: Take,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from dataclasses import replace

    real = run.current_info(settings)
    with monkeypatch.context() as patched:
        patched.setattr(run, "current_info", lambda _: replace(real, version="0.0.1"))
        ingest(collect([str(folder)]), records, store, settings, executor=executor)
    assert {document.run_id for document in records.documents()} != {run.run_id_of(real)}
    one = next(iter(records.documents()))
    first = reextract([one.document_id], records, store, settings, executor=executor)
    assert (first.changed, first.unchanged) == (1, 0)
    rest = reextract(None, records, store, settings, executor=executor)
    assert (rest.changed, rest.unchanged) == (len(TEXTS) - 1, 1)
    assert {document.run_id for document in records.documents()} == {run.run_id_of(real)}
    versions = store.values("MATCH (:Statement)-[:EXTRACTED_BY]->(r:ExtractionRun) RETURN DISTINCT r.version")
    assert versions == [[real.version]]
    assert store.sequence() == records.sequence()


def test_a_document_that_cannot_be_extracted_fails_alone(
    folder: Path, records: Records, store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The outcome of a lost process reaches the summary as a line with name and reason."""

    def outcomes(executor: object, works: object, total: int) -> object:
        for work in works:  # type: ignore[attr-defined]
            yield work, batch.Outcome(error=WorkerError(work.name, "it needed 2000 MiB of memory"))

    monkeypatch.setattr(batch, "run", outcomes)
    summary = ingest(collect([str(folder)]), records, store, settings)
    assert all(isinstance(problem, DocumentError) for problem in summary.failures)
    assert summary.failed == len(TEXTS)
    assert documents_in(store) == set()


def test_an_interrupted_run_says_so_and_the_next_one_completes(
    folder: Path, command: Command, environment: dict[str, str], store: Store,
) -> None:
    import signal
    import time

    with subprocess.Popen(
        [sys.executable, "-m", "ingest", "add", "--verbose", folder], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "new document" in line:
                break
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        rest = process.stderr.read()
        code = process.wait(60)
    assert time.monotonic() - began < 15
    if code != 0:  # it may have been through already
        assert code == 130
        assert "Interrupted" in rest and "Traceback" not in rest
    assert command("add", folder).returncode == 0
    assert documents_in(store) == set(TEXTS)
