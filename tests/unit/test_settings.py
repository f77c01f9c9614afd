"""Settings: defaults < file < environment; nothing unknown, no secret in the file."""
# Strategy: real files and a real environment, changed for one test at a time.
from __future__ import annotations

from pathlib import Path

import pytest

import settings
from errors import SettingsError


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in list(os.environ):
        if name.startswith(settings.PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.setattr(settings, "ROOT", tmp_path)  # no reform.toml of the checkout


def write(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_file_wins_over_defaults_and_environment_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert settings.load().port == 8000
    write(tmp_path / "reform.toml", "port = 8100\nread_rows = 50\n")
    assert settings.load().port == 8100
    monkeypatch.setenv("REFORM_PORT", "8200")
    assert (settings.load().port, settings.load().read_rows) == (8200, 50)
    assert settings.load(port=0).port == 0


@pytest.mark.parametrize("text", ["prot = 8000\n", "[web]\nport = 8000\n"])
def test_an_unknown_key_in_the_file_is_an_error(tmp_path: Path, text: str) -> None:
    write(tmp_path / "reform.toml", text)
    with pytest.raises(SettingsError, match="is not a setting"):
        settings.load()


def test_an_unknown_variable_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFORM_PROT", "1")
    with pytest.raises(SettingsError, match="REFORM_PROT is not a setting"):
        settings.load()


def test_a_value_that_does_not_fit_names_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFORM_PORT", "http")
    with pytest.raises(SettingsError, match="setting port"):
        settings.load()


@pytest.mark.parametrize("line", [
    'neo4j_password = "hunter2"', 'records_url = "postgresql://reform:hunter2@db.example/records"',
])
def test_a_secret_in_the_file_is_refused(tmp_path: Path, line: str) -> None:
    write(tmp_path / "reform.toml", line + "\n")
    with pytest.raises(SettingsError, match="secret"):
        settings.load()


def test_an_address_without_a_password_may_stand_in_the_file(tmp_path: Path) -> None:
    write(tmp_path / "reform.toml", 'records_url = "postgresql://db.example:5432/records"\n')
    assert settings.load().records_address == "postgresql://db.example:5432/records"


def test_a_named_file_must_exist(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REFORM_SETTINGS", str(tmp_path / "no.toml"))
    with pytest.raises(SettingsError, match="does not exist"):
        settings.load()


def test_a_secret_comes_from_the_environment_and_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFORM_NEO4J_PASSWORD", "hunter2")
    loaded = settings.load()
    assert loaded.password() == "hunter2"
    assert "hunter2" not in repr(loaded)


def test_a_secrets_file_must_be_its_owners_alone(tmp_path: Path) -> None:
    secret = write(tmp_path / "password", "hunter2\nsecond line\n")
    secret.chmod(0o644)
    loaded = settings.load(neo4j_password_file=secret)
    with pytest.raises(SettingsError, match="mode 600"):
        loaded.password()
    secret.chmod(0o600)
    assert loaded.password() == "hunter2"


def test_the_page_of_settings_is_current(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ROOT", settings.PAGE.parents[1])
    assert settings.PAGE.read_text("utf-8") == settings.describe()
    assert all(f"`{name}`" in settings.describe() for name in settings.Settings.model_fields)
