"""Console examples in a document: what is typed, what must be seen, how it must end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ANYTHING = "…"


@dataclass
class Example:
    """One command with the lines that its output must contain, in any order, and its exit status."""

    command: str
    expected: list[str] = field(default_factory=list)
    status: int = 0

    def missing_from(self, output: str) -> list[str]:
        """The expected lines that no line of the output matches."""
        lines = [" ".join(line.split()) for line in output.splitlines()]
        return [one for one in self.expected if not any(_pattern(one).fullmatch(line) for line in lines)]


def examples(page: Path) -> list[Example]:
    """The examples of a page's ``console`` blocks, in their order."""
    blocks = re.findall(r"^```console\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [example for block in blocks for example in _of(block)]


def _of(block: str) -> Iterator[Example]:
    current: Example | None = None
    for line in block.splitlines():
        if line.startswith("$ "):
            if current:
                yield current
            current = Example(line.removeprefix("$ "))
        elif current is None:
            raise ValueError(f"output before any command: {line}")
        elif ended := re.fullmatch(r"\[(\d+)\]", line):
            current.status = int(ended[1])
        elif line.strip():
            current.expected.append(" ".join(line.split()))
    if current:
        yield current


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in line.split(ANYTHING)))
