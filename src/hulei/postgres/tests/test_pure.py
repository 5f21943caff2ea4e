"""Paths, passwords, versions and connection words: nothing here starts a server."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hulei.postgres import binaries, connect, privilege
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.layout import layout_of, superuser_password
from hulei.postgres.versions import refuse_unsafe


@pytest.mark.parametrize("version", [150014, 150018, 160010, 170006, 180000, 180006, 190000])
def test_a_safe_server_is_used(version: int) -> None:
    refuse_unsafe(version)


@pytest.mark.parametrize(
    ("version", "names"),
    [
        (140022, "14"),
        (96024, "9"),
        (150013, "CVE-2025-8713"),
        (160009, "16.10"),
        (170000, "17.6"),
    ],
)
def test_an_old_or_leaking_server_is_refused_in_both_languages(version: int, names: str) -> None:
    with pytest.raises(DatabaseTrouble) as caught:
        refuse_unsafe(version)
    assert names in caught.value.zh
    assert names in caught.value.en


def test_the_data_folder_is_private(tmp_path: Path) -> None:
    layout = layout_of(tmp_path / "new")
    for folder in (layout.data_dir, layout.run_dir):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_sockets_stay_beside_the_data_while_their_path_is_short_enough(tmp_path: Path) -> None:
    assert layout_of(tmp_path / "d").run_dir.parent == tmp_path / "d"


def test_a_deep_data_folder_gets_a_short_run_folder_that_everybody_finds(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90) / ("y" * 90)
    layout = layout_of(deep)
    assert len(os.fsencode(layout.control)) < 60
    assert layout_of(deep / "..").run_dir != layout.run_dir == layout_of(deep).run_dir
    layout.run_dir.rmdir()


def test_a_run_folder_that_somebody_planted_is_refused(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 90) / ("y" * 90)
    run_dir = layout_of(deep).run_dir
    run_dir.rmdir()
    run_dir.symlink_to(tmp_path)
    try:
        with pytest.raises(DatabaseTrouble):
            layout_of(deep)
    finally:
        run_dir.unlink()


def test_a_data_folder_that_cannot_be_is_a_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseTrouble, match="HULEI_DATA"):
        layout_of(tmp_path / "file" / "below")


def test_a_data_folder_of_another_user_is_a_clear_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(DatabaseTrouble, match="HULEI_DATA"):
        layout_of(tmp_path)


def test_all_who_ask_at_once_get_the_same_password(tmp_path: Path) -> None:
    layout = layout_of(tmp_path / "d")
    with ThreadPoolExecutor(8) as pool:
        passwords = set(pool.map(lambda _: superuser_password(layout), range(40)))
    assert len(passwords) == 1
    assert stat.S_IMODE(layout.password_file.stat().st_mode) == 0o600
    assert [path.name for path in layout.data_dir.glob("postgres.password*")] == ["postgres.password"]


def test_the_administrator_of_the_embedded_server(tmp_path: Path, embedded: None) -> None:
    admin = connect.admin_url(tmp_path / "d")
    assert admin["ENGINE"] == "django.db.backends.postgresql"
    assert (admin["NAME"], admin["USER"], admin["HOST"]) == ("hulei", "postgres", str(tmp_path / "d" / "run"))
    assert not connect.is_external()


def test_a_database_of_the_operator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://amy:p%40ss@db.example:6432/minors?sslmode=require")
    admin = connect.admin_url(tmp_path / "never-made")
    assert admin == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "minors",
        "USER": "amy",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }
    assert not (tmp_path / "never-made").exists()


def test_a_database_url_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://nowhere")
    with pytest.raises(DatabaseTrouble, match="DATABASE_URL"):
        connect.admin_url("unused")


def test_login_passwords_depend_on_role_and_secret_only() -> None:
    one = connect.derived_password("hulei_web", "a")
    assert one == connect.derived_password("hulei_web", b"a")
    assert (
        len({one, connect.derived_password("hulei_worker", "a"), connect.derived_password("hulei_web", "b")})
        == 3
    )


def test_missing_programs_are_a_clear_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(binaries.FOLDER_VARIABLE, str(tmp_path))
    with pytest.raises(DatabaseTrouble, match="PostgreSQL"):
        binaries.find()


def test_an_ordinary_user_needs_no_wrapping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privilege.choose().prefix == ()


def test_root_without_any_way_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(privilege, "_works", lambda way: False)
    with pytest.raises(DatabaseTrouble, match="DATABASE_URL"):
        privilege.choose()
