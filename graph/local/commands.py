"""The commands ``start``, ``stop``, ``status`` and ``shell`` of ``python -m graph``."""
from __future__ import annotations

import sys
import time

import click
import neo4j
from neo4j.exceptions import DriverError, Neo4jError

import settings as settings_module
from errors import GraphUnavailableError, ReformError
from graph.local import shell as cypher_shell
from graph.local.connection import ask_supervisor, connect, find_supervisor
from graph.local.home import Home

STOP_SECONDS = 60


def fail(problem: ReformError) -> None:
    """Ends the command with the error's sentence and exit code."""
    click.echo(f"error: {problem}", err=True)
    sys.exit(problem.exit_code)


@click.command()
def start() -> None:
    """Start the local server and keep it running until `stop`."""
    try:
        settings = settings_module.load()
        began = time.monotonic()
        with connect(settings) as connection:
            if connection.is_local:
                ask_supervisor(settings.neo4j_folder.absolute(), "keep")
                click.echo(f"Neo4j answers at {connection.uri} (after {time.monotonic() - began:.1f} s).")
            else:
                click.echo(f"The setting neo4j_uri names your own server, {connection.uri}; there is nothing to start.")
    except ReformError as problem:
        fail(problem)


@click.command()
def stop() -> None:
    """Stop the local server, even when other processes use it."""
    try:
        settings = settings_module.load()
        folder = settings.neo4j_folder.absolute()
        account = ask_supervisor(folder, "stop")
        if account is None:
            click.echo("No local server runs.")
            return
        if account["clients"]:
            click.echo(f"warning: {account['clients']} clients lose their connection.", err=True)
        home, until = Home(folder), time.monotonic() + STOP_SECONDS
        while find_supervisor(home) is not None:
            if time.monotonic() > until:
                click.echo(f"error: it did not stop within {STOP_SECONDS} seconds; see {home.supervisor_log}", err=True)
                sys.exit(1)
            time.sleep(0.05)
        click.echo("Stopped.")
    except ReformError as problem:
        fail(problem)


@click.command()
def status() -> None:
    """Say whether the local server runs, where, and for how many; exit code 1 when it does not run."""
    try:
        settings = settings_module.load()
        if settings.neo4j_uri:
            tell_own(settings)
            return
        account = ask_supervisor(settings.neo4j_folder.absolute(), "status")
        if account is None:
            click.echo("No local server runs.")
            sys.exit(1)
        click.echo(f"state     {account['state']}" + (", kept until stop" if account["kept"] else ""))
        if account.get("uri"):
            click.echo(f"uri       {account['uri']}")
            click.echo(f"version   {account['version']}")
            click.echo(f"pid       {account['pid']} (supervisor {account['supervisor']})")
            click.echo(f"uptime    {account['server_uptime']:.0f} s")
            click.echo(f"memory    {account['memory'] / 2**20:.0f} MiB resident")
        click.echo(f"clients   {account['clients']}")
    except ReformError as problem:
        fail(problem)


def tell_own(settings: settings_module.Settings) -> None:
    """Asks one's own server for its version; exit code 1 when it does not answer."""
    with connect(settings) as connection:
        click.echo(f"uri       {connection.uri} (your own server)")
        try:
            with neo4j.GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver:
                click.echo(f"version   {driver.get_server_info().agent}")
        except (DriverError, Neo4jError) as problem:
            raise GraphUnavailableError(f"{connection.uri} does not answer: {problem}") from problem


@click.command()
@click.option("--write", is_flag=True, help="Allow statements that write (the local server only).")
def shell(write: bool) -> None:
    """Ask the database in Cypher; reads statements from standard input where that is no terminal."""
    try:
        settings = settings_module.load()
        with connect(settings) as connection:
            sys.exit(cypher_shell.run(connection, settings, write))
    except ReformError as problem:
        fail(problem)


COMMANDS = (start, stop, status, shell)
