"""docs/cli.md: every command is there, and every example does what the page says."""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hulei.cli.main import build
from hulei.journeys.demo_year import generate
from tests.docs.console import Example, examples

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"
EXAMPLES = examples(PAGE)
LEDGERS = ("01_", "02_", "03_", "09a_")


def _commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command as it is typed, with the options that only it has."""
    nested = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    for action in nested:
        for name, one in action.choices.items():
            yield from _commands(one, f"{before} {name}".strip())
    if not nested:
        yield before
        options = [option for action in parser._actions for option in action.option_strings]
        yield from (option for option in options if option not in ("-h", "--help"))


@pytest.mark.parametrize("name", sorted(set(_commands(build()))))
def test_every_command_and_option_is_documented(name: str) -> None:
    assert name in PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ledgers of the demo year and the page's own file of children, for all examples in turn."""
    made: Path = tmp_path_factory.mktemp("cli")
    for path in generate(made / "ledgers").files:
        if not path.name.startswith(LEDGERS):
            path.unlink()
    child = re.search(r"^```json\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert child
    (made / "children.jsonl").write_text(child[1], encoding="utf-8")
    return made


# A cold database start and a dozen programs: the slowest of the documents' tests.
@pytest.mark.slow
@pytest.mark.parametrize("example", EXAMPLES, ids=[one.command for one in EXAMPLES])
def test_the_example_does_what_the_page_says(example: Example, folder: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment |= {
        "HULEI_DATA": str(folder / "data"),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }
    done = subprocess.run(
        ["/bin/sh", "-c", example.command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    output = done.stdout + done.stderr
    assert (done.returncode, example.missing_from(output)) == (example.status, []), output
