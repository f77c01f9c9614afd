"""Strategy: a lock of a few small jars and a repository on loopback that serves them, cuts them, spoils them, hangs or
is not there. The fetch itself, jgo and httpx are real; the shipped lock files are read as they are."""
from __future__ import annotations

import hashlib
import http.server
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import settings as settings_module
from errors import GraphUnavailableError, SettingsError
from graph.local import jars
from graph.local.jars import Jar, Lock

CONTENTS = {f"part-{number}": bytes([number]) * (1000 + number) for number in range(12)}


class Repository:
    """A Maven repository on loopback. ``spoil`` changes what is sent for a path, the n-th time it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.spoil: Callable[[str, int, bytes], bytes] = lambda path, times, data: data
        repository = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                repository.asked.append(self.path)
                name = self.path.split("/")[-3]
                data = repository.spoil(self.path, repository.asked.count(self.path), CONTENTS[name])
                self.send_response(200 if data else 404)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/maven"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def repository() -> Iterator[Repository]:
    repository = Repository()
    yield repository
    repository.server.shutdown()
    repository.server.server_close()


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lock:
    entries = tuple(
        Jar("org.example", name, "1.0", "", len(data), hashlib.sha256(data).hexdigest())
        for name, data in CONTENTS.items()
    )
    path = tmp_path / "test.lock.tsv"
    path.write_text("".join(f"{jar.name} {jar.sha256}\n" for jar in entries))
    lock = Lock("2026", "1.0", entries, path)
    monkeypatch.setattr(jars, "read_lock", lambda line: lock)
    monkeypatch.setattr(jars, "REQUEST_SECONDS", 2)
    return lock


def settings_of(tmp_path: Path, repository: Repository | str, **changes: object) -> settings_module.Settings:
    address = repository if isinstance(repository, str) else repository.address
    return settings_module.load(cache_folder=tmp_path / "cache", maven_repository=address, **changes)


def test_fetches_each_jar_once_and_trusts_the_marker(tmp_path: Path, repository: Repository, lock: Lock) -> None:
    settings = settings_of(tmp_path, repository)
    paths = jars.provide(settings)
    assert [path.read_bytes() for path in paths] == list(CONTENTS.values())
    assert sorted(repository.asked) == sorted(
        f"/maven/org/example/{name}/1.0/{name}-1.0.jar" for name in CONTENTS
    )
    assert jars.provide(settings) == paths
    assert len(repository.asked) == len(CONTENTS)
    assert not (tmp_path / "cache/neo4j-1.0/incoming").exists()


def test_counts_bytes_and_files(tmp_path: Path, repository: Repository, lock: Lock) -> None:
    class Counter:
        bytes = files = 0
        mutex = threading.Lock()

        def bytes_came(self, count: int) -> None:
            with self.mutex:
                self.bytes += count

        def jar_came(self) -> None:
            with self.mutex:
                self.files += 1

    counter = Counter()
    jars.fetch(lock, tmp_path, repository.address, counter)
    assert (counter.bytes, counter.files) == (lock.size, len(CONTENTS))


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:100], lambda data: b"x" * len(data), lambda data: data + b"more", lambda data: b""],
    ids=["cut", "other bytes", "too long", "not found"],
)
def test_fetches_again_what_came_damaged(
    tmp_path: Path, repository: Repository, lock: Lock, spoil: Callable[[bytes], bytes]
) -> None:
    repository.spoil = lambda path, times, data: spoil(data) if "part-3" in path and times == 1 else data
    paths = jars.provide(settings_of(tmp_path, repository))
    assert paths[3].read_bytes() == CONTENTS["part-3"]
    assert len(repository.asked) == len(CONTENTS) + 1


def test_keeps_what_is_whole_when_one_never_comes_right(tmp_path: Path, repository: Repository, lock: Lock) -> None:
    repository.spoil = lambda path, times, data: b"x" * len(data) if "part-0/" in path else data
    settings = settings_of(tmp_path, repository)
    with pytest.raises(GraphUnavailableError, match=r"part-0-1\.0\.jar") as caught:
        jars.provide(settings)
    lib = tmp_path / "cache/neo4j-1.0/lib"
    assert not (lib / "part-0-1.0.jar").exists()
    assert not (lib.parent / "complete.json").exists()
    for word in ("REFORM_NEO4J_URI", "docker compose", "REFORM_NEO4J_JARS", str(lock.path)):
        assert word in str(caught.value)
    there = {path.name for path in lib.iterdir()}
    repository.spoil, repository.asked = (lambda path, times, data: data), []
    jars.provide(settings)
    assert {path.rsplit("/", 1)[1] for path in repository.asked} == {jar.name for jar in lock.jars} - there


def test_names_the_other_ways_where_no_repository_answers(tmp_path: Path, lock: Lock) -> None:
    began = time.monotonic()
    with pytest.raises(GraphUnavailableError, match="ConnectError") as caught:
        jars.provide(settings_of(tmp_path, "http://127.0.0.1:9/maven"))
    assert "REFORM_NEO4J_URI" in str(caught.value)
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("damage", ["cut", "deleted", "touched"])
def test_sees_a_jar_that_changed_after_the_fetch(
    tmp_path: Path, repository: Repository, lock: Lock, damage: str
) -> None:
    settings = settings_of(tmp_path, repository)
    path = jars.provide(settings)[5]
    repository.asked.clear()
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:10])
    elif damage == "deleted":
        path.unlink()
    else:
        os.utime(path, (1, 1))
    assert jars.provide(settings)[5].read_bytes() == CONTENTS["part-5"]
    assert len(repository.asked) == (0 if damage == "touched" else 1)


def test_verify_finds_damage_that_size_and_time_hide(tmp_path: Path, repository: Repository, lock: Lock) -> None:
    settings = settings_of(tmp_path, repository)
    path = jars.provide(settings)[5]
    state = path.stat()
    path.write_bytes(b"y" * state.st_size)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert jars.is_complete(lock, tmp_path / "cache/neo4j-1.0")  # that is what makes verify needed
    assert jars.verify(settings) == ["part-5-1.0.jar"]
    assert jars.provide(settings)[5].read_bytes() == CONTENTS["part-5"]
    assert jars.verify(settings) == []


def test_jars_brought_by_hand(tmp_path: Path, lock: Lock) -> None:
    folder = tmp_path / "by hand"
    settings = settings_of(tmp_path, "http://127.0.0.1:9", neo4j_jars=folder)
    with pytest.raises(SettingsError, match="is not a folder"):
        jars.provide(settings)
    folder.mkdir()
    for name, data in CONTENTS.items():
        (folder / f"{name}-1.0.jar").write_bytes(data)
    (folder / "part-1-1.0.jar").unlink()
    (folder / "part-2-1.0.jar").write_bytes(b"other")
    with pytest.raises(SettingsError, match=r"missing \(1 of 12\): part-1-1\.0\.jar; damaged .*: part-2-1\.0\.jar"):
        jars.provide(settings)
    for number in (1, 2):
        (folder / f"part-{number}-1.0.jar").write_bytes(CONTENTS[f"part-{number}"])
    assert {path.parent for path in jars.provide(settings)} == {folder}


SCRIPT = """
import sys, pathlib
sys.path.insert(0, {root!r})
from graph.local import jars
entries = tuple(jars.Jar("org.example", name, "1.0", "", int(size), sha) for name, size, sha in {entries!r})
lock = jars.Lock("2026", "1.0", entries, pathlib.Path({path!r}))
home = pathlib.Path({home!r})
home.mkdir(parents=True, exist_ok=True)
with jars.shared_lock(home / "fetch.lock"):
    if not jars.is_complete(lock, home):
        jars.fetch(lock, home, {address!r})
"""


def fetcher(lock: Lock, home: Path, address: str) -> subprocess.Popen[bytes]:
    """Another process that fetches."""
    script = SCRIPT.format(
        root=str(settings_module.ROOT), entries=[(jar.artifact, jar.size, jar.sha256) for jar in lock.jars],
        path=str(lock.path), home=str(home), address=address,
    )
    return subprocess.Popen([sys.executable, "-c", script])


def test_goes_on_after_kill_9_and_two_processes_do_not_clash(
    tmp_path: Path, repository: Repository, lock: Lock
) -> None:
    home = tmp_path / "cache/neo4j-1.0"
    hung = threading.Event()

    def hang(path: str, times: int, data: bytes) -> bytes:
        if "part-0/" in path and times == 1:
            hung.wait(30)
        return data

    repository.spoil = hang
    first = fetcher(lock, home, repository.address)
    until = time.monotonic() + 30
    while len(list(home.glob("lib/*.jar"))) < len(CONTENTS) - 1:
        assert time.monotonic() < until
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait()
    hung.set()
    repository.asked.clear()
    both = [fetcher(lock, home, repository.address) for _ in range(2)]
    assert [process.wait(30) for process in both] == [0, 0]
    assert repository.asked == ["/maven/org/example/part-0/1.0/part-0-1.0.jar"]
    assert jars.is_complete(lock, home)


@pytest.mark.parametrize(("line", "version", "count"), [("2026", "2026.08.1", 161), ("5", "5.26.30", 152)])
def test_shipped_lock_files(line: str, version: str, count: int) -> None:
    lock = jars.read_lock(line)
    assert (lock.version, len(lock.jars)) == (version, count)
    assert len({jar.name for jar in lock.jars}) == count
    assert {jar.artifact for jar in lock.jars} >= {"neo4j", "neo4j-server", "neo4j-consistency-check", "zstd-jni"}
    assert "://" not in lock.path.read_text("utf-8")


def test_a_bad_row_of_a_lock_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "__file__", str(tmp_path / "jars.py"))
    (tmp_path / "neo4j-9.lock.tsv").write_text("# head\norg.neo4j\tneo4j\t9\t-\tmany\tabc\n")
    with pytest.raises(ValueError, match=r"neo4j-9\.lock\.tsv, line 2"):
        jars.read_lock("9")
