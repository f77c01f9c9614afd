"""Strategy: see ``tests/web/site.py``; the tests run on each line of Neo4j that ``NEO4J_LINES`` names."""
from __future__ import annotations

import pytest

from tests.servers import LINES
from tests.web.client import Client
from tests.web.site import Site, close_sites, open_site


@pytest.fixture(scope="session", params=LINES, ids=lambda line: f"neo4j-{line}")
def site(request: pytest.FixtureRequest) -> Site:
    return open_site(str(request.param))


@pytest.fixture
def client(site: Site) -> Client:
    return Client(site.app)


def pytest_sessionfinish() -> None:
    close_sites()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` the tests of one line share one server."""
    for item in items:
        if line := getattr(item, "callspec", None) and item.callspec.params.get("site"):  # type: ignore[attr-defined]
            item.add_marker(pytest.mark.xdist_group(f"explorer-{line}"))
