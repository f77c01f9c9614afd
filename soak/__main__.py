"""``python -m soak``: kills, completes, checks, counts. Exit code 1 when anything is lost or half-written."""
from __future__ import annotations

import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import click

import settings as settings_module
from graph.store import Store
from records.store import Records
from settings import Settings
from soak.check import check, check_documents
from soak.rounds import Counts, Field

COMPLETE_CHANCE = 0.4  # of an undisturbed run after a kill; else the next kill falls on what this one has left
CHECK_EVERY = 10  # kills, between checks of every document


@click.command()
@click.option("--kills", default=50, show_default=True, help="Kill -9 of the ingest process.")
@click.option("--database-kills", default=20, show_default=True, help="Kill -9 of the database server.")
@click.option("--seed", type=int, help="Of all random choices; the chosen one is printed.")
def main(kills: int, database_kills: int, seed: int | None) -> None:
    """Kill the ingest and the database at random moments, and see that nothing is lost or half-written."""
    seed = random.SystemRandom().randrange(1 << 32) if seed is None else seed
    click.echo(f"Seed {seed}")
    with tempfile.TemporaryDirectory(prefix="soak-") as temporary:
        settings = settings_module.load(data_folder=Path(temporary, "data"), neo4j_uri="")
        counts, problems = soak(
            settings, Path(temporary, "documents"), kills, database_kills, random.Random(seed), click.echo)
    click.echo(tell(counts))
    click.echo("Nothing is lost, nothing is half-written." if not problems else "\n".join(problems))
    sys.exit(1 if problems else 0)


def soak(
    settings: Settings, folder: Path, kills: int, database_kills: int, chance: random.Random,
    say: Callable[[str], object],
) -> tuple[Counts, list[str]]:
    """The counts, and in plain words all that should not be."""
    problems: list[str] = []
    with Store.open(settings) as store:  # keeps the server's supervisor running between the runs
        field = Field(settings, folder, chance)
        field.change_documents()
        longest = field.complete()
        counts = field.counts
        while counts.kills < kills or counts.database_kills < database_kills:
            left, database_left = kills - counts.kills, database_kills - counts.database_kills
            field.change_documents()
            if chance.randrange(left + database_left) < left:
                field.kill_ingest(longest)
            else:
                field.kill_database(longest)
            if chance.random() < COMPLETE_CHANCE:
                longest = field.complete()
            if (counts.kills + counts.database_kills) % CHECK_EVERY == 0:
                field.complete()
                with Records.open(settings) as records:
                    problems += check_documents(records, store)
            say(tell(counts))
        field.complete()
        with Records.open(settings) as records:
            known = records.known_versions()
            problems += [f"{path.name} is not in the records" for path in sorted(folder.glob("*.md"))
                         if field.hash_of(path) not in known]
            problems += check(records, store)
    problems += [f"{name} was acknowledged and is not in the records" for name in counts.lost]
    problems += counts.refused
    return counts, problems


def tell(counts: Counts) -> str:
    return (
        f"{counts.kills} kills of the ingest, {counts.database_kills} of the database; {counts.runs} runs, "
        f"{counts.completed} of them completed; {counts.acknowledged:,} documents acknowledged, {len(counts.lost)} lost"
    )


if __name__ == "__main__":
    main()
