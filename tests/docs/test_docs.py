"""The documents say what is there: links lead somewhere, commands and targets exist."""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from hulei.cli.main import build

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
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            continue
        assert (page.parent / target.split("#")[0]).exists(), f"{target} leads nowhere"


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
