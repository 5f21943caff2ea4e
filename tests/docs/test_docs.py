"""The documents say what is there: links lead somewhere, commands and targets exist."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from hulei.cli.main import build
from hulei.insight.metrics import METRICS
from hulei.intake.reading.templates import load_templates

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]

_PLACEHOLDERS = {"D": "2023-12-29", "Y": "2023", "CODE": "450512", "NAME": "铁山港区"}


def _commands(text: str, program: str) -> Iterator[list[str]]:
    """The words after the program's name, wherever a document shows its use.

    Console blocks are run as they stand elsewhere (``test_cli_page``).
    """
    blocks = re.findall(r"^```(?:sh|bash)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    for line in lines:
        words = shlex.split(line.removeprefix("$ "), comments=True) if line.count("'") % 2 == 0 else []
        while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
            words = words[1:]
        if words and Path(words[0]).name == program:
            yield words[1:]


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'src="([^"]+)"', text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, section = target.partition("#")
        led = page.parent / path if path else page
        assert led.exists(), f"{target} leads nowhere"
        assert not section or section in _sections(led), f"{target}: no such heading"


def _sections(page: Path) -> set[str]:
    """The names by which a page's headings are linked, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(r"`((?:src|tests|scripts|bench|docs)/[\w./-]*)`", page.read_text(encoding="utf-8"))
    assert [one for one in named if not (ROOT / one).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_no_machine_and_no_foreign_host(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    hosts = set(re.findall(r"https?://([\w.-]+)", text))
    assert hosts <= {"127.0.0.1", "localhost"}, "a running Hulei and its readers need no outside host"
    assert not re.search(r"(?<![\w.])/(?:work|root|tmp|home/\w+)/", text)


def test_every_decision_is_listed() -> None:
    folder = ROOT / "docs" / "decisions"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in sorted(folder.glob("[0-9]*.md")):
        title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
        assert f"[{title}]({page.name})" in listed


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_make_targets_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for words in _commands(page.read_text(encoding="utf-8"), "make"):
        named = {word for word in words if "=" not in word}
        assert named <= targets, f"make {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_are_understood(page: Path) -> None:
    parser = build()
    for words in _commands(page.read_text(encoding="utf-8"), "hulei"):
        shown = " ".join(words)
        if not words or "..." in shown or "…" in shown or "|" in shown:
            continue
        words = [_PLACEHOLDERS.get(word, word) for word in words if word not in (">", "&")]
        complaint = io.StringIO()
        try:
            with contextlib.redirect_stderr(complaint), contextlib.redirect_stdout(complaint):
                parser.parse_args(words)
        except (SystemExit, argparse.ArgumentError) as refused:
            assert getattr(refused, "code", 2) == 0, f"hulei {shown}: {complaint.getvalue()}"


def test_the_dependency_rule_is_the_one_that_is_checked() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(one for one in contracts["contracts"] if one["containers"] == ["hulei"])["layers"]
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    section = text[text.index("## The dependency rule") :]
    told = re.findall(r"^```\n(.*?)^```", section, re.MULTILINE | re.DOTALL)[0].splitlines()
    named = [[name.strip("() ") for name in layer.split("|")] for layer in layers]
    assert [[name.strip() for name in layer.split("|")] for layer in told] == named
    tree = text[: text.index("## The dependency rule")]
    assert [name for layer in named for name in layer if f"  {name}/" not in tree] == []


def test_the_readmes_count_right() -> None:
    counts = {20: ("Twenty kinds", "二十种"), 28: ("Twenty-eight", "二十八个")}
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    for number in (len(load_templates()), len(METRICS)):
        assert counts[number][0] in english and counts[number][1] in chinese
