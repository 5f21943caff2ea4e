"""What is sent in: bounded before it is read, never in the clear for others, looked at on the record."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from hulei.access.terms import Role
from hulei.audit import queries as audit
from hulei.common import vault, walls
from tests import ground
from tests.stage import SignedIn, Stage, text

pytestmark = pytest.mark.django_db
R = Role


@pytest.mark.parametrize(
    "address", ["/sign-in", "/intake/", "/people/minor/add", "/api/v1/people/minor/", "/x"]
)
@pytest.mark.parametrize("role", [None, R.SCHOOL_SAFETY], ids=str)
def test_a_body_beyond_all_use_is_refused_before_it_is_read(
    stage: Stage, role: Role | None, address: str
) -> None:
    client = stage.browser(role) if role else SignedIn()
    answer = client.generic(
        "POST", address, content_type="multipart/form-data; boundary=X", CONTENT_LENGTH="6000000"
    )
    assert answer.status_code == 413
    assert "过大" in answer.content.decode() or "\\u8fc7\\u5927" in answer.content.decode()


def test_who_takes_ledgers_in_may_send_more(stage: Stage) -> None:
    big = SimpleUploadedFile("大.csv", b"a,b\n" * 2_000_000)
    assert stage.browser(R.BUREAU_OFFICE).post("/intake/", {"file": big}).status_code == 302


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(300):
                sheet.write(b"\0" * 1024 * 1024)
    return out.getvalue()


FILES = {
    "炸弹.xlsx": _bomb(),
    "零.csv": b"\0" * 3_000_000,
    "空.csv": b"",
    "../../etc/passwd.csv": "姓名,性别\n甲,男\n".encode(),
    "a\r\nX-Evil: 1.csv": "姓名,性别\n甲,男\n".encode(),
    '"><script>alert(1)</script>.csv': "姓名,性别\n甲,男\n".encode(),
    "长" * 300 + ".csv": "姓名,性别\n甲,男\n".encode(),
}


@pytest.mark.parametrize("name", FILES, ids=lambda n: repr(n[:16]))
def test_no_file_breaks_the_door_and_no_name_leaves_its_place(stage: Stage, name: str) -> None:
    client = stage.browser(R.EDUCATION_OFFICER)
    answer = client.post("/intake/", {"file": SimpleUploadedFile(name, FILES[name])}, follow=True)
    body = text(answer)
    assert "<script>alert" not in body
    kept = Path(settings.DATA_DIR) / "uploads"
    assert not [p for p in kept.rglob("*") if p.is_file() and len(p.name.split("-")[0]) != 64]


def test_looking_at_the_rows_of_a_file_is_on_the_record(stage: Stage) -> None:
    body = (
        "姓名,性别,出生日期,身份证号,就读学校,行为类别\n毛无名,男,2010-01-02,,兴港镇粟山小学,旷课\n".encode()
    )
    client = stage.browser(R.EDUCATION_OFFICER)
    assert "毛无名" in text(
        client.post("/intake/", {"file": SimpleUploadedFile("册.csv", body)}, follow=True)
    )
    with walls.entered(ground.OPERATOR):
        entry = audit.entries(ground.OPERATOR).filter(tag="intake.sheet.previewed").first()
    assert entry is not None and entry.role == "education_officer"
    assert "毛无名" not in entry.payload


def test_a_file_opened_for_a_moment_has_no_name(tmp_path: Path) -> None:
    """Whoever kills the process finds nothing in the clear."""
    if not Path("/proc/self/fd").exists():
        pytest.skip("files have no paths of their own here")
    vault.store(io.BytesIO("身份证号".encode()), tmp_path / "kept")
    before = set(vault.scratch().iterdir())
    with vault.opened(tmp_path / "kept") as path:
        assert path.read_text() == "身份证号"
        assert set(vault.scratch().iterdir()) == before
    assert not path.exists()


def test_what_arrives_waits_in_a_folder_of_ours() -> None:
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    assert folder == Path(settings.DATA_DIR) / "tmp"
    assert folder.stat().st_mode & 0o777 == 0o700
