"""``python -m web``: runs the explorer on this machine and prints its address."""
from __future__ import annotations

import logging
import signal
import sys
import threading
import webbrowser

import click
import waitress

import settings as all_settings
from errors import ReformError
from graph.project import bring_up_to_date
from graph.store import Store
from records.store import Records
from web.application import create_app

THREADS = 8
log = logging.getLogger("web")


@click.command()
@click.option("--open", "opens", is_flag=True, help="Open the explorer in a browser.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; 0: a free one.")
@click.option("--verbose", is_flag=True, help="Log each request that fails, and why.")
def run(opens: bool, port: int | None, verbose: bool) -> None:
    """Run the explorer until it is interrupted (Ctrl C)."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, format="%(levelname)s %(name)s: %(message)s")
    settings = all_settings.load(**({} if port is None else {"port": port}))
    with Records.open(settings) as records, Store.open(settings) as store:
        app = create_app(settings, records, store)
        server = waitress.create_server(
            app, host=settings.host, port=settings.port, threads=THREADS, ident="", clear_untrusted_proxy_headers=True,
            max_request_body_size=1024, channel_timeout=60,
        )
        name = "localhost" if settings.host in ("127.0.0.1", "::1") else settings.host
        address = f"http://{name}:{server.effective_port}/"
        print(f"The explorer is at {address}", flush=True)
        threading.Thread(target=catch_up, args=(records, store), name="catch-up", daemon=True).start()
        if opens:
            webbrowser.open(address)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        try:
            server.run()  # until Ctrl C, which it takes for a request to end
        finally:
            server.close()
    print("The explorer has stopped.", flush=True)


def catch_up(records: Records, store: Store) -> None:
    """Brings the graph up to date with the records. Until it has, the pages say by how much they are behind."""
    try:
        bring_up_to_date(records, store)
    except ReformError as problem:
        log.warning("The graph could not be brought up to date: %s", problem)


def main() -> None:
    try:
        run.main(standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.Abort:
        sys.exit(130)
    except ReformError as problem:
        print(problem, file=sys.stderr)
        sys.exit(problem.exit_code)


if __name__ == "__main__":
    main()
