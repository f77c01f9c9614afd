"""Strategy: the explorer over the seed of ``tests/web``, served as the product serves it, in a real Chromium.

The browser is ``/usr/bin/chromium`` or what ``CHROMIUM`` names. One that is missing fails the tests, it never skips
them. Pictures of the pages go to ``build/screens``.
"""
from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.servers import LINES
from tests.web.site import Site, close_sites, open_site, served

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
SCREENS = Path(__file__).resolve().parents[2] / "build" / "screens"


@pytest.fixture(scope="session")
def site() -> Site:
    return open_site(LINES[0])


@pytest.fixture(scope="session")
def address(site: Site) -> Iterator[str]:
    with served(site.app) as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: install Chromium, or name it in CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def screens() -> Path:
    SCREENS.mkdir(parents=True, exist_ok=True)
    return SCREENS


def pytest_sessionfinish() -> None:
    close_sites()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` these tests share one server and one browser."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(f"explorer-{LINES[0]}"))
