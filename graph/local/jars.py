"""The jars of Neo4j Community: which ones (a lock file a line), where they lie, and how they get there.

The lock files name every jar by coordinates, size and SHA-256; nothing is resolved on the user's machine. The
jars are fetched by ``jgo`` into the user's cache folder, or taken from a folder of jars brought by hand.
A jar is moved into its place only after its size and hash agreed, so whatever lies there is whole, and a fetch
that was killed goes on where it stopped.
"""
from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from errors import GraphUnavailableError, SettingsError
from settings import Settings

log = logging.getLogger(__name__)

FETCHERS = 8
TRIES = 3
REQUEST_SECONDS = 15
CHUNK = 1 << 17
OTHER_WAYS = (
    "Three other ways: set REFORM_NEO4J_URI to a server of your own; run `docker compose up`; or bring the jars by "
    "hand and name their folder in REFORM_NEO4J_JARS (the list with sizes and hashes is {lock})."
)


@dataclass(frozen=True, slots=True)
class Jar:
    """One line of a lock file; ``size`` in bytes, ``sha256`` in hexadecimal."""

    group: str
    artifact: str
    version: str
    classifier: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """File name, as the repository spells it."""
        classifier = f"-{self.classifier}" if self.classifier else ""
        return f"{self.artifact}-{self.version}{classifier}.jar"


@dataclass(frozen=True, slots=True)
class Lock:
    """All jars of one line (``2026`` or ``5``) and the server's exact version."""

    line: str
    version: str
    jars: tuple[Jar, ...]
    path: Path

    @property
    def size(self) -> int:
        """Bytes of all jars together."""
        return sum(jar.size for jar in self.jars)

    @property
    def digest(self) -> str:
        """SHA-256 over the lock file: changes with any jar."""
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


class Progress(Protocol):
    """What a fetch tells: it is called from several threads."""

    def bytes_came(self, count: int) -> None: ...

    def jar_came(self) -> None: ...


@cache
def read_lock(line: str) -> Lock:
    """The lock file of a line. Raises ValueError where a row is not as it should be."""
    path = Path(__file__).with_name(f"neo4j-{line}.lock.tsv")
    jars = []
    for number, row in enumerate(path.read_text("utf-8").splitlines(), 1):
        if row.startswith("#"):
            continue
        cells = row.split("\t")
        if len(cells) != 6 or not cells[4].isdigit() or len(cells[5]) != 64:
            raise ValueError(f"{path.name}, line {number}: not a jar of the lock")
        group, artifact, version, classifier, size, sha256 = cells
        jars.append(Jar(group, artifact, version, "" if classifier == "-" else classifier, int(size), sha256))
    version = next(jar.version for jar in jars if (jar.group, jar.artifact) == ("org.neo4j", "neo4j"))
    return Lock(line, version, tuple(jars), path)


def provide(settings: Settings) -> tuple[Path, ...]:
    """Paths of all jars of ``settings.neo4j_line``, each verified against the lock; fetched where needed.

    Shows a bar of bytes and files on standard error where that is a terminal.
    Raises GraphUnavailableError where they cannot be had, SettingsError where a folder brought by hand lacks some.
    """
    lock = read_lock(settings.neo4j_line)
    if settings.neo4j_jars is not None:
        return check_folder(lock, settings.neo4j_jars, settings.cache_folder)
    home = settings.cache_folder / f"neo4j-{lock.version}"
    if not is_complete(lock, home):
        home.mkdir(parents=True, exist_ok=True)
        with shared_lock(home / "fetch.lock"):
            if not is_complete(lock, home):
                fetch(lock, home, settings.maven_repository)
    return tuple(home / "lib" / jar.name for jar in lock.jars)


def verify(settings: Settings) -> list[str]:
    """Hashes every jar again and removes the damaged ones from the cache; gives their names.

    For the case that the server does not start: a disk fault leaves size and time as they were.
    """
    lock = read_lock(settings.neo4j_line)
    folder = settings.neo4j_jars or settings.cache_folder / f"neo4j-{lock.version}" / "lib"
    damaged = [jar for jar in lock.jars if not agrees(folder / jar.name, jar)]
    if damaged and settings.neo4j_jars is not None:
        marker_of_folder(lock, folder, settings.cache_folder).unlink(missing_ok=True)  # the next check tells which
    elif damaged:
        (folder.parent / "complete.json").unlink(missing_ok=True)
        for jar in damaged:
            (folder / jar.name).unlink(missing_ok=True)
    return [jar.name for jar in damaged]


def agrees(path: Path, jar: Jar) -> bool:
    """Whether a file has a jar's size and SHA-256."""
    try:
        if path.stat().st_size != jar.size:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == jar.sha256
    except FileNotFoundError:
        return False


def stamps(folder: Path, lock: Lock) -> dict[str, list[int]]:
    """Size and time of change (ns) of each jar that is there: cheap to compare, where a hash costs a second."""
    found = {}
    for jar in lock.jars:
        try:
            state = (folder / jar.name).stat()
        except OSError:
            continue
        found[jar.name] = [state.st_size, state.st_mtime_ns]
    return found


def is_complete(lock: Lock, home: Path) -> bool:
    """Whether the marker of a whole fetch is there and no jar has been touched since."""
    return is_marked(lock, home / "complete.json", home / "lib")


def is_marked(lock: Lock, marker: Path, folder: Path) -> bool:
    try:
        written = json.loads(marker.read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return bool(written == {"lock": lock.digest, "jars": stamps(folder, lock)})


def mark(lock: Lock, marker: Path, folder: Path) -> None:
    text = json.dumps({"lock": lock.digest, "jars": stamps(folder, lock)})
    temporary = marker.with_name(f"{marker.name}.{os.getpid()}")
    temporary.write_text(text, "utf-8")
    temporary.replace(marker)


def marker_of_folder(lock: Lock, folder: Path, cache_folder: Path) -> Path:
    """Where it is noted that a folder brought by hand was verified: in the cache, since it may be read-only."""
    place = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return cache_folder / f"checked-{lock.line}-{place}.json"


def check_folder(lock: Lock, folder: Path, cache_folder: Path) -> tuple[Path, ...]:
    """Jars brought by hand, verified. Raises SettingsError that lists what is missing or differs."""
    if not folder.is_dir():
        raise SettingsError(f"neo4j_jars: {folder} is not a folder")
    marker = marker_of_folder(lock, folder, cache_folder)
    if not is_marked(lock, marker, folder):
        missing = [jar.name for jar in lock.jars if not (folder / jar.name).is_file()]
        differing = [jar.name for jar in lock.jars if jar.name not in missing and not agrees(folder / jar.name, jar)]
        if missing or differing:
            raise SettingsError(
                f"neo4j_jars: {folder} does not hold Neo4j {lock.version} as {lock.path.name} lists it"
                + (f"; missing ({len(missing)} of {len(lock.jars)}): {', '.join(missing)}" if missing else "")
                + (f"; damaged or of another build: {', '.join(differing)}" if differing else "")
            )
        cache_folder.mkdir(parents=True, exist_ok=True)
        mark(lock, marker, folder)
    return tuple(folder / jar.name for jar in lock.jars)


@contextmanager
def shared_lock(path: Path) -> Iterator[None]:
    """A lock between processes; the system releases it when its holder dies, killed or not."""
    guard = FileLock(path)
    try:
        guard.acquire(timeout=0)
    except Timeout:
        log.info("another process fetches Neo4j; waiting for it")
        guard.acquire()
    try:
        yield
    finally:
        guard.release()


def fetch(lock: Lock, home: Path, repository: str = "", progress: Progress | None = None) -> None:
    """Fetches what is missing of a lock into ``home/lib`` and writes the marker. The caller holds the lock.

    Raises GraphUnavailableError where the repository cannot be reached or gives something else.
    """
    lib, incoming = home / "lib", home / "incoming"
    lib.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(incoming, ignore_errors=True)  # left by a fetch that was killed: cut files among them
    wanted = [jar for jar in lock.jars if not agrees(lib / jar.name, jar)]
    if progress is None:
        with progress_bar(lock, wanted) as progress:
            fetch_jars(lock, wanted, lib, incoming, repository, progress)
    else:
        fetch_jars(lock, wanted, lib, incoming, repository, progress)
    shutil.rmtree(incoming, ignore_errors=True)
    mark(lock, home / "complete.json", lib)
    log.info("fetched %d jars of Neo4j %s into %s", len(wanted), lock.version, lib)


def fetch_jars(
    lock: Lock, wanted: list[Jar], lib: Path, incoming: Path, repository: str, progress: Progress
) -> None:
    """One task a jar, the largest first so that no thread is left alone with one at the end."""
    stop = threading.Event()
    with (
        maven(incoming, repository, wanted, progress) as context,
        ThreadPoolExecutor(FETCHERS, thread_name_prefix="fetch") as pool,
    ):
        tasks: dict[Future[None], Jar] = {
            pool.submit(fetch_jar, context, jar, lib, progress, stop): jar
            for jar in sorted(wanted, key=lambda jar: -jar.size)
        }
        try:
            done, _ = wait(tasks, return_when=FIRST_EXCEPTION)
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
        failed = next((task for task in done if task.exception()), None)
        if failed is not None:
            stop.set()
            pool.shutdown(cancel_futures=True)
            jar, problem = tasks[failed], failed.exception()
            raise GraphUnavailableError(
                f"{jar.name} of Neo4j {lock.version} could not be fetched ({type(problem).__name__}: {problem}). "
                + OTHER_WAYS.format(lock=lock.path)
            ) from problem


@contextmanager
def maven(incoming: Path, repository: str, wanted: list[Jar], progress: Progress) -> Iterator[Any]:
    """The context of ``jgo`` that writes into ``incoming``: its default repository, or the mirror that is set.

    ``jgo``'s own download opens two TLS connections a jar (the second for a SHA-1) and cost 11 s of CPU for all of
    them; over connections that are kept it is 1.2 s. The certificates are httpx's, or those that SSL_CERT_FILE names.
    """
    import httpx
    from jgo.maven import MavenContext, PythonResolver  # costs 0.3 s, and only a fetch needs it

    sizes = {jar.name: jar.size for jar in wanted}

    class Resolver(PythonResolver):
        def download(self, artifact: Any) -> Path | None:
            (address,) = artifact.context.remote_repos.values()
            path: Path = artifact.cached_path
            path.parent.mkdir(parents=True, exist_ok=True)
            came = 0
            with (
                client.stream("GET", f"{address}/{artifact.component.path_prefix.as_posix()}/{path.name}") as answer,
                path.open("wb") as file,
            ):
                answer.raise_for_status()
                for chunk in answer.iter_bytes(CHUNK):
                    came += len(chunk)
                    if came > sizes[path.name]:
                        break  # not the file that is wanted; the hash says so
                    file.write(chunk)
                    progress.bytes_came(len(chunk))
            return path

    mirror = {"mirror": repository.rstrip("/")} if repository else None
    with httpx.Client(
        timeout=REQUEST_SECONDS, follow_redirects=True, limits=httpx.Limits(max_connections=FETCHERS)
    ) as client:
        yield MavenContext(resolver=Resolver(), repo_cache=incoming, local_repos=[], remote_repos=mirror)


def fetch_jar(context: Any, jar: Jar, lib: Path, progress: Progress, stop: threading.Event) -> None:
    """Fetches one jar and moves it into ``lib``. ``jgo`` takes any file under the final name for whole, so each
    is compared with the lock, and removed and fetched again where it differs."""
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact(classifier=jar.classifier)
    for attempt in range(1, TRIES + 1):
        if stop.is_set():
            return
        try:
            path = artifact.resolve()
            if not agrees(path, jar):
                path.unlink()
                raise OSError(f"{jar.name} is not the file that the lock names")
        except Exception as problem:  # jgo passes on whatever requests, urllib3 and the file system raise
            if attempt == TRIES:
                raise
            log.warning("%s: %s; trying again", jar.name, problem)
            if artifact.cached_path.exists():
                artifact.cached_path.unlink()
            stop.wait(attempt)
            continue
        path.replace(lib / jar.name)
        progress.jar_came()
        return


class Bar:
    """Bytes and files, as rich shows them."""

    def __init__(self, lock: Lock, wanted: list[Jar]) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
        from rich.progress import Progress as Display

        console = Console(stderr=True)
        self.display = Display(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
            TextColumn("{task.fields[files]} of {task.fields[all]} files"), TransferSpeedColumn(),
            TimeRemainingColumn(), console=console, disable=not console.is_terminal,
        )
        self.files = 0
        self.mutex = threading.Lock()
        self.task = self.display.add_task(
            f"Fetching Neo4j {lock.version}", total=sum(jar.size for jar in wanted), files=0, all=len(wanted)
        )

    def bytes_came(self, count: int) -> None:
        self.display.update(self.task, advance=count)

    def jar_came(self) -> None:
        with self.mutex:
            self.files += 1
            self.display.update(self.task, files=self.files)


@contextmanager
def progress_bar(lock: Lock, wanted: list[Jar]) -> Iterator[Bar]:
    bar = Bar(lock, wanted)
    with bar.display:
        yield bar
