"""Make the README's pictures from a running demo: ``screenshots.py ADDRESS``.

Start ``hulei demo`` first, with the same data folder (``HULEI_DATA``, else ``var/``): the demo's
passwords are made from its keys. Each picture lands in ``docs/images``; look at it before committing.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hulei.cli.commands.demo_year import password_of  # noqa: E402
from tests.browser import launch  # noqa: E402  (the browser that the set-up made, as the tests use it)

TARGET = ROOT / "docs" / "images"
DESK, PHONE = (1440, 860), (390, 780)
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True)
class Picture:
    """One page as one kind of user sees it. ``language`` is zh or en."""

    file: str
    account: str
    path: str
    language: str = "zh"
    size: tuple[int, int] = DESK


PICTURES = (
    Picture("figures-zh.png", "leader", "/figures/"),
    Picture("figures-en.png", "leader", "/figures/", "en"),
    Picture("today-phone-zh.png", "officer-shitoubu", "/", size=PHONE),
    Picture("today-phone-en.png", "officer-shitoubu", "/", "en", PHONE),
)


def main() -> int:
    """0 when every picture was made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address", help="where the demo is served, such as http://127.0.0.1:8000")
    address = parser.parse_args().address.rstrip("/")
    from playwright.sync_api import sync_playwright

    TARGET.mkdir(parents=True, exist_ok=True)
    for language, locale in LOCALES.items():
        # Date pickers follow the browser's own language, not that of the page.
        os.environ["LANGUAGE"] = locale.replace("-", "_")
        os.environ["LANG"] = f"{locale.replace('-', '_')}.UTF-8"
        with sync_playwright() as playwright:
            browser = launch(playwright)
            for picture in (one for one in PICTURES if one.language == language):
                _take(browser, address, picture)
                print(f"docs/images/{picture.file}")
            browser.close()
    return 0


def _take(browser: Any, address: str, picture: Picture) -> None:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=LOCALES[picture.language],
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    if picture.language == "en":
        page.locator("button[name=language][value=en]").click()
    page.fill("input[name=username]", picture.account)
    page.fill("input[name=password]", password_of(picture.account))
    page.locator("form.form button").click()
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.goto(f"{address}{picture.path}")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.screenshot(path=str(TARGET / picture.file))
    context.close()


if __name__ == "__main__":
    sys.exit(main())
