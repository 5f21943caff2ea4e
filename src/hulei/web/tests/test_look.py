"""Promises of the look that can be read off its files: strict content policy, two languages, contrast."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import FileSystemLoader

from hulei.web.catalogue import GROUPS
from hulei.web.jinja import environment

WEB = Path(__file__).resolve().parents[1]
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
STATIC = WEB / "static" / "hulei"
CHINESE = re.compile("[\u4e00-\u9fff]+")
#: Words that are the same in both languages: the name, and each language's own name.
SAME_IN_BOTH = {"护蕾", "中文"}
#: Text on its ground, by the names of the style sheet; ordinary text needs 4.5 (WCAG 2.2, 1.4.3).
TEXT_ON_GROUND = [
    ("text", "ground"),
    ("text", "surface"),
    ("text", "accent-ground"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "sunk"),
    ("accent-strong", "surface"),
    ("accent-strong", "ground"),
    ("surface", "accent-strong"),
    ("late", "surface"),
    ("late", "late-ground"),
    ("surface", "late"),
    ("soon", "surface"),
    ("soon", "soon-ground"),
]


def source(path: Path) -> str:
    """A template without its comments."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_nothing_inline_that_a_strict_policy_forbids(path: Path) -> None:
    text = source(path)
    assert not re.search(r"<[^>]*\sstyle\s*=|<style", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=|javascript:|hx-on", text)
    for script in re.findall(r"<script[^>]*>", text):
        assert " src=" in script or 'type="application/json"' in script
    assert not re.search(r"""(?:src|href|action)=["']https?:""", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_word_stands_in_both_languages(path: Path) -> None:
    text = source(path)
    for chinese, english in re.findall(r"""\bt\(\s*["']([^"']*)["'],\s*["']([^"']*)["']""", text):
        assert english or not CHINESE.search(chinese) or chinese in {"行", "条"}, chinese
    outside = re.sub(r"""\bt\(\s*(?:"[^"]*"|'[^']*')\s*,\s*(?:"[^"]*"|'[^']*')\s*\)""", "", text)
    assert set(CHINESE.findall(outside)) <= SAME_IN_BOTH


def test_templates_are_well_formed() -> None:
    env = environment(loader=FileSystemLoader(WEB / "templates"), autoescape=True)
    for path in TEMPLATES:
        env.get_template(str(path.relative_to(WEB / "templates")))


def test_every_icon_is_drawn() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    used = {name for path in TEMPLATES for name in re.findall(r'\bicon\("(\w+)"', source(path))}
    used |= {*GROUPS, "today", "chart", "upload"}
    assert used <= drawn


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(("text", "ground"), TEXT_ON_GROUND)
def test_text_can_be_read(text: str, ground: str) -> None:
    colours = dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (STATIC / "hulei.css").read_text(encoding="utf-8"))
    )
    light, dark = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_the_style_sheet_stays_plain_and_at_home() -> None:
    css = (STATIC / "hulei.css").read_text(encoding="utf-8")
    assert not re.search(r"gradient|oklch|light-dark|color-mix|@import|https?:", css)


def test_scripts_make_no_code_and_no_markup_of_text() -> None:
    for path in STATIC.glob("*.js"):
        assert not re.search(
            r"\beval\b|new Function|innerHTML|document\.write|https?:", path.read_text(encoding="utf-8")
        )
