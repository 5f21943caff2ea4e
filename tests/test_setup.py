"""The set-up: what it promises to anybody with Python, pip and make."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import lint_objects  # noqa: E402
import setup_assets  # noqa: E402
import setup_network  # noqa: E402
import setup_steps  # noqa: E402


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-uv.lock"])
def test_every_python_package_is_pinned_with_hashes_and_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "file:" not in text
    entries = re.split(r"\n(?=[A-Za-z])", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip())
    for entry in entries:
        assert re.match(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==", entry), entry.splitlines()[0]
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


def test_the_front_end_is_locked_by_hash_and_no_host() -> None:
    text = (ROOT / "package-lock.json").read_text()
    assert '"resolved"' not in text
    entries = text.count('"node_modules/')
    assert entries == text.count('"integrity": "sha512-') > 0


def test_every_dependency_is_in_the_lock() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    locked = {
        re.split(r"==|\[", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.lock").read_text().splitlines()
        if re.match(r"[A-Za-z]", line)
    }
    wanted = re.findall(r'^    "([A-Za-z0-9_-]+)(?:\[[a-z,-]+\])?(?:[<>=~!][^"]*)?",$', project, re.MULTILINE)
    assert len(wanted) > 20
    missing = {name.lower().replace("_", "-") for name in wanted} - locked
    assert not missing, "run make lock"


def test_steps_done_are_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    result = tmp_path / "result"

    def work() -> None:
        done.append("x")
        result.touch()

    step = setup_steps.Step("s", "says", ("pyproject.toml",), result, work)
    monkeypatch.setattr(setup_steps, "STAMPS", tmp_path)
    assert setup_steps._do(step, "[1/1]")
    assert setup_steps._do(step, "[1/1]")
    assert done == ["x"]
    result.unlink()
    assert setup_steps._do(step, "[1/1]")
    assert done == ["x", "x"]


def test_a_failed_step_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise setup_steps.Failed("网络不通 no network")

    monkeypatch.setattr(setup_steps, "STAMPS", tmp_path)
    step = setup_steps.Step("s", "says", ("pyproject.toml",), tmp_path / "result", fail)
    assert not setup_steps._do(step, "[1/1]")
    said = capsys.readouterr().err
    assert "网络不通" in said
    assert "make setup" in said
    assert not step.stamp.exists()


def test_what_would_mislead_the_installers_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_INDEX_URL", raising=False)
    setup_network.environment.cache_clear()
    try:
        found = setup_network.environment()
    finally:
        setup_network.environment.cache_clear()
    assert "PIP_USER" not in found
    assert "PYTHONPATH" not in found
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.example/simple"


def test_an_old_python_is_told_so() -> None:
    path = str(ROOT / "scripts" / "setup.py")
    script = f"import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({path!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "3.9.2" in done.stderr
    assert "3.11" in done.stderr


@pytest.mark.skipif(not shutil.which("make"), reason="no make")
def test_make_without_a_target_lists_the_targets() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("make demo", "make test", "make check", "make setup"):
        assert target in said


@pytest.mark.parametrize(
    ("path", "source", "caught"),
    [
        ("hulei/campus/views.py", "Hazard.objects.all()", True),
        ("hulei/campus/views.py", "Hazard._default_manager.all()", True),
        ("hulei/campus/views.py", "x = 1  # .objects", False),
        ("hulei/campus/views.py", "Hazard.objects.all()  # unscoped: counts only, no names", False),
        ("hulei/campus/views.py", "Hazard.objects.all()  # unscoped: ", True),
        ("hulei/campus/queries.py", "Hazard.objects.all()", False),
        ("hulei/campus/actions/hazards.py", "Hazard.objects.all()", False),
        ("hulei/campus/migrations/0001.py", "Hazard.objects.all()", False),
        ("hulei/campus/tests/test_x.py", "Hazard.objects.all()", False),
    ],
)
def test_reads_past_the_gate_are_found(path: str, source: str, caught: bool) -> None:
    assert bool(list(lint_objects.findings(source + "\n", Path(path)))) is caught


@pytest.mark.skipif(not (ROOT / "build" / "assets").exists(), reason="make setup has not run here")
def test_the_pages_load_nothing_from_elsewhere() -> None:
    assets = ROOT / "build" / "assets"
    for folder, files in setup_assets.FILES.values():
        for name in files:
            if not name.isupper():
                assert (assets / folder / Path(name).name).stat().st_size > 1000
    for weight in setup_assets.FONT_WEIGHTS:
        css = (assets / "noto-sans-sc" / f"{weight}.css").read_text()
        named = re.findall(r"url\(([^)]+)\)", css)
        assert named
        assert all((assets / "noto-sans-sc" / name).exists() for name in named)
