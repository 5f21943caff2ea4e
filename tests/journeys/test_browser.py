"""The demo in a real browser: in Chinese, on a desk and on a phone, with and without scripts."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.journeys.conftest import Demo

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
Opened = Callable[..., Any]


@pytest.fixture
def opened(browser: Any, demo: Demo) -> Iterator[Opened]:
    """Open a page as somebody, signed in; whatever the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_page(who: str, *, size: dict[str, int] = DESK, scripts: bool = True) -> Any:
        context = browser.new_context(
            viewport=size, java_script_enabled=scripts, locale="zh-CN", base_url=demo.address
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        sign_in(page, who, demo.passwords[who])
        return page

    yield open_page
    for context in contexts:
        context.close()
    # What is refused on purpose (403, 409, 422) the browser notes as an error.
    assert [c for c in complaints if not re.search(r"status of (403|409|422)", c)] == []


def sign_in(page: Any, who: str, password: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("账号").fill(who)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda address: "/sign-in" not in address)


def fits(page: Any) -> None:
    """Nothing has to be scrolled sideways."""
    wide, room = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert wide <= room, (page.url, wide, room)


SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def test_the_leader_goes_from_a_figure_to_its_record(opened: Opened) -> None:
    page = opened("leader")
    assert page.url.endswith("/figures/")
    page.locator("[data-chart] canvas, [data-chart] svg").first.wait_for()
    figure = page.locator(".metrics a", has_text="隐患").first
    name = figure.inner_text()
    figure.click()
    assert name in page.locator("h1").inner_text()
    assert page.get_by_role("heading", name="口径").is_visible()
    row = page.locator(".table tbody a").first
    number = row.inner_text()
    row.click()
    assert number in page.locator("h1").inner_text()
    assert page.get_by_role("link", name="修改").count() == 0, "a leader looks, others edit"


def test_the_leader_takes_the_report_home(opened: Opened, tmp_path: Path) -> None:
    page = opened("leader")
    with page.expect_download() as downloading:
        page.get_by_role("link", name=re.compile("Word|报告|总结")).first.click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    assert file.suffix == ".docx"
    assert "word/document.xml" in zipfile.ZipFile(file).namelist()


@SCRIPTS
def test_an_officer_works_off_a_hazard(opened: Opened, scripts: bool) -> None:
    page = opened("officer-shitoubu", scripts=scripts)
    assert page.locator("h1").inner_text() == "今日"
    page.locator(".tasks .what a", has_text="YH").first.click()
    page.get_by_role("link", name="修改").click()
    note = "已派人查看" + ("，扫码" if scripts else "，纸质")
    page.get_by_label("备注").fill(note)
    page.get_by_label("整改时限").fill("")
    page.get_by_label("隐患描述").fill("")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("alert").wait_for()
    assert page.get_by_label("备注").input_value() == note, "nothing typed is lost"
    page.get_by_label("隐患描述").fill("围栏破损")
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.get_by_role("status").first.inner_text()
    assert page.get_by_text(note).is_visible()


@SCRIPTS
def test_an_officer_finds_a_child_by_pinyin_and_opens_the_contact(opened: Opened, scripts: bool) -> None:
    page = opened("officer-shitoubu", scripts=scripts)
    page.goto("/people/minor/")
    name = page.locator(".table tbody a").first.inner_text()
    page.goto("/prevention/dossier/")
    page.get_by_role("searchbox", name="搜索").fill(pinyin(name))
    page.get_by_role("searchbox", name="搜索").press("Enter")
    card = page.locator("section.card", has=page.get_by_role("heading", name="一人一档"))
    card.get_by_role("row", name=name).first.get_by_role("link").first.click()
    assert name in page.locator("h1").inner_text()
    assert "****" in page.content()
    page.locator("summary", has_text="查看完整联系方式").click()
    page.get_by_label("理由（留痕）").fill("入户走访前核对电话")
    page.get_by_role("button", name="确定").click()
    assert re.search(r"4599\d{13}[\dX]|1990\d{7}", page.content())
    ledger = opened("auditor")
    ledger.goto("/audit/entry/?tag=people.contact")
    row = ledger.locator("tbody tr").first.inner_text()
    assert "people.contact.revealed" in row and "入户走访前核对电话" in row


def pinyin(name: str) -> str:
    from hulei.common.names import pinyin as of

    return of(name)[0]


@SCRIPTS
def test_a_school_keeps_its_own_house(opened: Opened, scripts: bool) -> None:
    page = opened("school-sushan", scripts=scripts)
    menu = page.locator("nav.rail").text_content()
    assert "安全隐患" in menu
    assert not [
        word for word in ("警情", "线索", "个案", "部署", "导入", "留痕") if word in menu
    ]  # not even named
    page.goto("/campus/hazard/")
    assert set(page.locator("tbody td[data-label='学校']").all_inner_texts()) == {"兴港镇粟山小学"}
    page.goto("/campus/equipment/")
    assert set(page.locator("tbody td[data-label='学校']").all_inner_texts()) == {"兴港镇粟山小学"}
    assert page.goto("/prevention/police_call/").status == 403
    assert "不能进行此操作" in page.locator("h1").inner_text()
    page.goto("/campus/drill/")
    page.get_by_role("link", name="新增").click()
    choices = page.get_by_label("学校", exact=True).locator("option").all_inner_texts()
    assert choices == ["--", "兴港镇粟山小学"]
    page.get_by_label("学校", exact=True).select_option(label="兴港镇粟山小学")
    clock = "14:30" if scripts else "15:30"
    page.get_by_label("触发时刻").fill(f"2023-12-28T{clock}")
    page.get_by_label("科目").fill("持械闯入")
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.get_by_role("status").first.inner_text()
    assert f"2023-12-28 {clock}" in page.locator("h1").inner_text()


def ledger_with_faults(folder: Path, day: str) -> Path:
    """Three hazards: one right, one at an unknown school, one found on no day."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["校园安全隐患台账"])
    sheet.append(["隐患编号", "发现日期", "学校", "隐患类别", "隐患描述", "整改时限"])
    sheet.append([f"YH{day}1", "2023.10.27", "兴港镇粟山小学", "物防", "护栏松动", "2023年12月30日"])
    sheet.append([f"YH{day}2", "2023-10-28", "不存在的小学", "物防", "门锁失灵", ""])
    sheet.append([f"YH{day}3", "2023-13-45", "营盘中学", "技防", "探头黑屏", ""])
    file = folder / f"隐患{day}.xlsx"
    book.save(file)
    return file


@SCRIPTS
def test_the_office_takes_a_ledger_in_and_corrects_it(opened: Opened, tmp_path: Path, scripts: bool) -> None:
    page = opened("office", scripts=scripts)
    day = "81" if scripts else "82"
    page.goto("/intake/")
    upload(page, ledger_with_faults(tmp_path, day))
    assert "隐患" in page.locator(".counts").inner_text()
    assert "不存在的小学" in page.content() or "2023-13-45" in page.content()
    confirm(page)
    result = page.locator("main").inner_text()
    assert "school_unknown" in result and "date_invalid" in result
    with page.expect_download() as downloading:
        page.get_by_role("link", name="下载更正表").click()
    handed_back = tmp_path / "更正.xlsx"
    downloading.value.save_as(handed_back)
    upload(page, corrected(handed_back))
    confirm(page)
    assert page.get_by_role("link", name="下载更正表").count() == 0
    page.goto(f"/campus/hazard/?q=YH{day}")
    assert "共 3 条" in page.get_by_role("status").first.inner_text()


def upload(page: Any, file: Path) -> None:
    page.goto("/intake/")
    page.locator("input[type=file]").set_input_files(str(file))
    page.get_by_role("button", name="上传并识别").click()
    page.get_by_role("button", name="确认入库").wait_for()


def confirm(page: Any) -> None:
    """Confirm and wait until the job is done; without scripts by reloading."""
    page.get_by_role("button", name="确认入库").click()
    for _ in range(120):
        if "/result" in page.url:
            break
        page.wait_for_timeout(500)
        if "/progress" in page.url:
            page.reload()
    assert "/result" in page.url


def corrected(file: Path) -> Path:
    """The sheet handed back with its two bad rows put right."""
    book = openpyxl.load_workbook(file)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value == "不存在的小学":
                cell.value = "营盘中学"
            if str(cell.value) == "2023-13-45":
                cell.value = "2023-10-29"
    book.save(file)
    return file


@SCRIPTS
def test_the_security_administrator_opens_an_account(
    opened: Opened, demo: Demo, browser: Any, scripts: bool
) -> None:
    page = opened("security-admin", scripts=scripts)
    name = "xin-jingli" if scripts else "xin-minjing"
    page.goto("/access/account/")
    page.get_by_role("link", name="新增").click()
    page.get_by_label("用户名").fill(name)
    page.get_by_label("姓名").fill("新民警")
    page.get_by_label("初始密码").fill("yi ge hen chang de mima")
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.get_by_role("status").first.inner_text()
    page.goto("/access/grant/")
    page.get_by_role("link", name="新增").click()
    page.get_by_label("用户名").fill(name)
    page.get_by_label("身份", exact=True).select_option(label="派出所未保民警")
    page.get_by_label("范围代码").fill("没有")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("alert").wait_for()
    page.get_by_label("范围代码").fill(station_code(page, demo))
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.get_by_role("status").first.inner_text()
    context = browser.new_context(base_url=demo.address, locale="zh-CN")
    theirs = context.new_page()
    sign_in(theirs, name, "yi ge hen chang de mima")
    assert theirs.locator("h1").inner_text() == "今日"
    context.close()


def station_code(page: Any, demo: Demo) -> str:
    """The code of a station as the page of offices tells it."""
    other = page.context.new_page()
    other.goto("/places/agency/?q=石头埠派出所")
    other.locator("tbody a").first.click()
    found = re.search(r"450512S\d+", other.content())
    other.close()
    assert found
    return found[0]


ON_A_PHONE = {
    "leader": ("/figures/", "/figures/hazards/", "/campus/hazard/", "/search?q=粟山"),
    "officer-shitoubu": (
        "/",
        "/campus/hazard/",
        "/people/minor/",
        "/prevention/dossier/",
        "/prevention/clue/add",
    ),
    "school-sushan": ("/", "/campus/equipment/", "/campus/drill/add", "/campus/guard_post/"),
    "office": ("/intake/", "/governance/resolution/", "/governance/assignment/", "/outreach/coverage/"),
    "auditor": ("/audit/entry/", "/access/account/"),
    "security-admin": ("/access/account/add", "/access/grant/"),
}


@pytest.mark.parametrize("who", ON_A_PHONE)
def test_on_a_phone_nothing_is_wider_than_the_screen(opened: Opened, who: str) -> None:
    page = opened(who, size=PHONE)
    for address in ON_A_PHONE[who]:
        page.goto(address)
        fits(page)
        link = page.locator("#rows tbody a").first
        if link.count():
            link.click()
            fits(page)
    assert page.locator("nav.bottom").is_visible()


def test_what_pops_up_on_a_phone_stays_on_the_screen(opened: Opened) -> None:
    for who, address, word in (
        ("officer-shitoubu", "/people/minor/", "查看完整联系方式"),
        ("office", "/campus/hazard/", "导出"),
    ):
        page = opened(who, size=PHONE)
        page.goto(address)
        if "minor" in address:
            page.locator("#rows tbody a").first.click()
        page.locator("summary", has_text=word).click()
        box = page.locator("details[open] .pop-body").bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
        fits(page)


def test_an_officer_on_a_phone_adds_a_hazard(opened: Opened) -> None:
    page = opened("officer-shitoubu", size=PHONE)
    page.locator("nav.bottom").get_by_role("link", name="隐患").click()
    page.get_by_role("link", name="新增").click()
    page.get_by_label("隐患编号").fill("YH-SJ1")
    page.get_by_label("学校", exact=True).select_option(index=1)
    page.get_by_label("发现日期").fill("2023-12-29")
    page.get_by_label("隐患描述").fill("手机登记")
    fits(page)
    page.get_by_role("button", name="保存").click()
    assert "已保存" in page.get_by_role("status").first.inner_text()
    fits(page)


def test_keys_and_filters_without_reloading(opened: Opened) -> None:
    page = opened("officer-shitoubu")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/campus/hazard/")
    page.evaluate("window.untouched = true")
    page.get_by_label("状态").select_option(index=1)
    page.get_by_role("button", name="查询").click()
    page.get_by_text("已选").wait_for()
    assert page.evaluate("window.untouched"), "only the rows were replaced"
    assert "standing=" in page.url, "and the address keeps the filter"
    page.keyboard.press("j")
