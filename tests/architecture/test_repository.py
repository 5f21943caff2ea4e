"""What must not be in the repository: the machine it was written on, hosts, secrets, fetched code."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/"),
    "a registry's host": re.compile(r"\b(?:pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|npmmirror\.com)\b"),
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----"),
}
LARGEST = 1024 * 1024


def _tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    if not files:
        pytest.skip("not a git checkout")
    return [path for path in files if path.is_file() and path != Path(__file__)]


def test_nothing_tracked_names_a_machine_a_registry_or_a_secret() -> None:
    found = []
    for path in _tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {what}" for what, how in FORBIDDEN.items() if how.search(text)]
    assert not found, "\n".join(found)


def test_nothing_fetched_or_built_is_tracked() -> None:
    for path in _tracked():
        assert path.stat().st_size < LARGEST, f"{path} is larger than anything written by hand"
        assert not re.search(r"\.min\.(?:js|css)$|\.woff2?$|\.whl$|\.so$", path.name), path
