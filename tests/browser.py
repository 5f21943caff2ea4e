"""Which browser the browser tests drive, and how to start it.

In this order: the program that ``HULEI_CHROMIUM`` names, the one that the set-up unpacked into
``build/chromium``, the system's. ``launch(playwright)`` gives a running headless browser.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

UNPACKED = Path(__file__).resolve().parent.parent / "build" / "chromium"
_SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

_WORDS = (
    "--no-sandbox",  # refuses to run as root otherwise; it visits only our own pages
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # no calls home: the tests use no network
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def executable() -> Path | None:
    """The browser's program, or None where there is none."""
    named = os.environ.get("HULEI_CHROMIUM")
    if named:
        return Path(named)
    if sys.platform == "linux" and (UNPACKED / "chromium").exists():
        return UNPACKED / "chromium"
    found = next(filter(None, map(shutil.which, _SYSTEM)), None)
    return Path(found) if found else None


def environment(program: Path) -> dict[str, str | float | bool]:
    """What the browser's process needs: the unpacked one brings its libraries and fonts along."""
    ours: dict[str, str | float | bool] = dict(os.environ)
    if program.parent == UNPACKED:
        before = os.environ.get("LD_LIBRARY_PATH", "")
        ours["LD_LIBRARY_PATH"] = os.pathsep.join(filter(None, [str(UNPACKED / "lib"), before]))
        ours["FONTCONFIG_PATH"] = str(UNPACKED)
    return ours


def launch(playwright: Any) -> Any:
    """A headless browser, or a skipped test that says why."""
    program = executable()
    if program is None:
        pytest.skip("no Chromium: run make setup on x86_64 Linux, install one, or set HULEI_CHROMIUM")
    return playwright.chromium.launch(
        executable_path=program, args=list(_WORDS), env=environment(program), headless=True
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One browser for all tests of a run; import this fixture where it is needed."""
    # Playwright's event loop makes Django think that it is called asynchronously.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()
