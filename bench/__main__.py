"""``python -m bench``: measures, prints a table, writes ``build/bench.json``. Exit code 1 when a bar is missed."""
from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import click
import psutil

import settings as settings_module
from bench import corpus, figures, watch
from bench.figures import Figure
from bench.graph import measure as graph_writing
from graph.local.connection import ask_supervisor
from graph.store import Store
from ingest.pool import cores
from ingest.provenance import current_info, model_folder
from records.store import Records
from settings import ROOT, Settings

MIB = 1 << 20
GENERATED = 300  # documents of the corpus that is made where none is named
REPEATS = 3  # of the second ingest


@click.command()
@click.option("--corpus", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Documents to ingest; without it some are put together from the samples.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=ROOT / "build" / "bench.json",
              show_default="build/bench.json")
def main(folder: Path | None, output: Path) -> None:
    """Measure ingest, second ingest, memory and graph writing, in a fresh data folder."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        if folder is None:
            folder = Path(temporary, "corpus")
            corpus.generate(folder, GENERATED)
        settings = settings_module.load(data_folder=Path(temporary, "data"), neo4j_uri="")
        environment = os.environ | {"REFORM_DATA_FOLDER": str(settings.data_folder), "REFORM_NEO4J_URI": ""}
        with Store.open(settings) as store:  # the server runs throughout
            measured, about = measure(folder.resolve(), settings, environment, store, Path(temporary))
    figures.write(measured, about, output)
    click.echo(figures.table(measured))
    click.echo(f"{about['documents']:,} documents, {about['words']:,} words; written to {output}")
    sys.exit(0 if all(figure.passed for figure in measured) else 1)


def measure(
    folder: Path, settings: Settings, environment: dict[str, str], store: Store, temporary: Path
) -> tuple[list[Figure], dict[str, Any]]:
    """All figures, and what they were measured on."""
    processes = settings.workers or cores()
    say(f"First ingest of {folder.name} with {processes} processes")
    server = server_process(settings)
    server_cpu = watch.cpu_seconds(server)
    first = watch.run(["-m", "ingest", "add", str(folder)], environment)
    server_cpu = watch.cpu_seconds(server) - server_cpu
    if first.code not in (0, 1):  # 1: some of the corpus could not be read, which is said and measured on
        raise click.ClickException(f"the ingest ended with {first.code}:\n{first.errors[-2000:]}")
    say(first.output.strip())
    say("Second ingest, unchanged")
    again = []
    for _ in range(REPEATS):
        second = watch.run(["-m", "ingest", "add", str(folder)], environment)
        if second.code != first.code or " 0 new, 0 changed" not in second.output:
            raise click.ClickException(f"the second ingest changed something:\n{second.output}{second.errors[-2000:]}")
        again.append(second.seconds)
    with Records.open(settings) as records:
        documents = list(records.documents())
        texts = [records.text(document.document_id).text for document in documents]
    words = sum(len(text.split()) for text in texts)
    lines = temporary / "texts.jsonl"
    lines.write_text("".join(json.dumps(text) + "\n" for text in texts), "utf-8")
    model = current_info(settings).model
    say(f"Bare nlp.pipe of {model} with {processes} processes")
    command = ["-m", "bench.bare", str(model_folder(settings)), str(lines), str(processes)]
    bare = watch.run(command, environment)
    if bare.code:
        raise click.ClickException(f"the bare pipe failed:\n{bare.errors[-2000:]}")
    piped = json.loads(bare.output)
    say("Graph writing")
    written = graph_writing(store)
    most = max(first.child_bytes, first.main_bytes)
    measured = [
        Figure("ingest words/s ÷ bare nlp.pipe words/s", piped["seconds"] / first.seconds, 0.5, parts={
            "ingest_words_per_second": round(words / first.seconds), "ingest_seconds": round(first.seconds, 2),
            "bare_words_per_second": round(words / piped["seconds"]), "bare_seconds": round(piped["seconds"], 2),
            "bare_command_seconds": round(bare.seconds, 2),
            "ratio_of_whole_commands": round(bare.seconds / first.seconds, 3),
            "ingest_cpu_seconds": round(sum(first.cpu.values()), 1), "server_cpu_seconds": round(server_cpu, 1),
            "bare_cpu_seconds": round(sum(bare.cpu.values()), 1),
            "ratio_of_cpu_seconds": round(sum(bare.cpu.values()) / (sum(first.cpu.values()) + server_cpu), 3),
            "note": "ingest: whole command with start and loading; bare: without loading the model. Where other "
                    "programs load the machine, the ratio of processor seconds is the safer one",
        }),
        written,
        Figure("first ingest s ÷ second ingest s", first.seconds / statistics.median(again), 100, parts={
            "first_seconds": round(first.seconds, 2), "second_seconds": [round(each, 2) for each in again],
        }),
        Figure("memory of an ingest process", most / MIB, 1536, at_least=False, unit=" MiB", parts={
            "extraction_process_mib": round(first.child_bytes / MIB), "main_process_mib": round(first.main_bytes / MIB),
        }),
    ]
    about = {
        "documents": len(documents), "words": words, "processes": processes, "model": model,
        "python": platform.python_version(), "machine": platform.machine(), "server": store.verify(),
    }
    return measured, about


def server_process(settings: Settings) -> psutil.Process:
    """The database server, which runs already."""
    account = ask_supervisor(settings.neo4j_folder.absolute(), "status")
    if account is None:
        raise click.ClickException("the database server has gone")
    return psutil.Process(account["pid"])


def say(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    main()
