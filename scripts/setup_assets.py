"""Copies from ``node_modules`` what the pages load and unpacks the browser for the tests."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

FONT = "@fontsource/noto-sans-sc"
FONT_WEIGHTS = ("400", "500", "700")

FILES = {
    "htmx.org": ("htmx", ("dist/htmx.min.js", "LICENSE")),
    "echarts": ("echarts", ("dist/echarts.min.js", "LICENSE", "NOTICE")),
    FONT: ("noto-sans-sc", ("LICENSE",)),
}
"""Package -> folder below ``build/assets`` and the files to put there."""


_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""
"""For the unpacked browser, whose own configuration names the folders of another system."""


class Incomplete(Exception):
    """Something that should have been fetched is not there."""


def copy_assets(root: Path) -> None:
    """Make ``build/assets`` anew, whole or not at all."""
    target = root / "build" / "assets"
    draft = target.with_name("assets.new")
    shutil.rmtree(draft, ignore_errors=True)
    for package, (folder, files) in FILES.items():
        source = root / "node_modules" / package
        (draft / folder).mkdir(parents=True)
        for name in files:
            if (source / name).exists():
                shutil.copy(source / name, draft / folder)
            elif not name.isupper():  # licences are named differently in some releases
                raise Incomplete(f"缺少 {package}/{name}。 {package}/{name} is missing.")
    for weight in FONT_WEIGHTS:
        _copy_font(root / "node_modules" / FONT, draft / "noto-sans-sc", weight)
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _copy_font(source: Path, target: Path, weight: str) -> None:
    """One weight of the font: its style sheet and the slices it names, in the modern format only."""
    css = (source / f"{weight}.css").read_text()
    css = re.sub(r",\s*url\([^)]*\.woff\) format\('woff'\)", "", css)
    (target / f"{weight}.css").write_text(css)
    (target / "files").mkdir(exist_ok=True)
    slices = set(re.findall(r"url\(\./(files/[^)]+)\)", css))
    if not slices:
        raise Incomplete(
            f"字体样式 {weight}.css 无法识别。 The font's style sheet {weight}.css is not understood."
        )
    for name in slices:
        shutil.copy(source / name, target / name)


def unpack_chromium(root: Path, node: Path) -> None:
    """Put a headless browser for the tests into ``build/chromium`` (x86_64 Linux only; no root needed)."""
    packed = root / "node_modules" / "@sparticuz" / "chromium" / "bin"
    if sys.platform != "linux" or platform.machine() != "x86_64" or not packed.exists():
        raise Incomplete(
            "本机没有可下载的浏览器;浏览器测试将使用系统的 Chromium 或跳过。"
            " No browser to fetch for this machine: browser tests use the system's Chromium or are skipped."
        )
    target = root / "build" / "chromium"
    draft = target.with_name("chromium.new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in ("chromium", "al2023.tar", "swiftshader.tar", "fonts.tar"):
        _decompress(node, packed / f"{name}.br", draft / name)
        if name.endswith(".tar"):
            with tarfile.open(draft / name) as archive:
                _extract(archive, draft)
            (draft / name).unlink()
    (draft / "chromium").chmod(0o755)
    (draft / "fonts.conf").write_text(_FONTS.format(folder=target))
    shutil.rmtree(target, ignore_errors=True)
    draft.rename(target)


def _decompress(node: Path, source: Path, target: Path) -> None:
    script = (
        "const {createReadStream: r, createWriteStream: w} = require('fs');"
        "require('stream').pipeline(r(process.argv[1]), require('zlib').createBrotliDecompress(),"
        " w(process.argv[2]), (fault) => { if (fault) { console.error(String(fault)); process.exit(1); } });"
    )
    done = subprocess.run(
        [node, "-e", script, source, target],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Incomplete(f"解压 {source.name} 失败。 Unpacking {source.name} failed: {done.stderr.strip()}")


def _extract(archive: tarfile.TarFile, target: Path) -> None:
    """Extract in the safe way, where this Python knows it (3.11.4 and later)."""
    if hasattr(tarfile, "data_filter"):
        archive.extractall(target, filter="data")
    else:
        archive.extractall(target)
