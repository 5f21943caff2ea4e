"""Figures as Word content controls, and reading them back out of a finished document.

Each printed figure is a `w:sdt` whose tag is the metric id, so a program can compare a
document with the records it came from.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from hulei.insight.documents.content import Shown
from hulei.insight.documents.layout import clean
from hulei.insight.documents.prose import ZERO_WORDS

#: What is printed where a figure has no value.
NO_VALUE = "--"
_NUMBER = re.compile(r"[-+]?[\d,]+(?:\.\d+)?")
_TAG_LIMIT = 64


class FigureMismatch(ValueError):
    """A document prints one figure with two values."""


def control(shown: Shown, run: Any, number: int) -> Any:
    """A content control around a finished run; `number` is unique in the document."""
    element = OxmlElement("w:sdt")
    properties = OxmlElement("w:sdtPr")
    for tag, value in (
        ("w:alias", clean(shown.figure.title)[:_TAG_LIMIT]),
        ("w:tag", clean(shown.figure.metric_id)[:_TAG_LIMIT]),
        ("w:id", str(number)),
    ):
        part = OxmlElement(tag)
        part.set(qn("w:val"), value)
        properties.append(part)
    properties.append(OxmlElement("w:text"))
    content = OxmlElement("w:sdtContent")
    content.append(run)
    element.append(properties)
    element.append(content)
    return element


def read_figures(document: bytes) -> dict[str, str | None]:
    """Every figure of a document by metric id, as plain number text; None where it has none.

    Sentence wordings are turned back (下降33.67% is -33.67, 未 is 0).
    Zero is "0" however many decimals it has; a hidden small cell stays "<5". Raises
    `FigureMismatch` when sentences and annex do not agree.
    """
    found: dict[str, str | None] = {}
    for metric_id, text in _controls(document):
        value = plain_value(text)
        if metric_id in found and found[metric_id] != value:
            raise FigureMismatch(f"{metric_id}: {found[metric_id]} / {value}")
        found[metric_id] = value
    return found


def _controls(document: bytes) -> Iterator[tuple[str, str]]:
    body = Document(io.BytesIO(document)).element.body
    for element in body.iter(qn("w:sdt")):
        tag = element.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        if tag is not None:
            yield tag.get(qn("w:val")), "".join(part.text or "" for part in element.iter(qn("w:t")))


def plain_value(text: str) -> str | None:
    """The number that a printed wording stands for, without unit and thousands marks."""
    stripped = text.strip()
    if stripped in ("", NO_VALUE):
        return None
    if stripped.startswith("<"):
        return stripped
    if stripped.startswith("<"):
        return stripped
    if stripped in ZERO_WORDS or stripped == "持平":
        return "0"
    match = _NUMBER.search(stripped)
    if match is None:
        raise FigureMismatch(stripped)
    digits = match[0].replace(",", "").lstrip("+")
    if not digits.strip("-0."):
        return "0"
    return f"-{digits}" if stripped.startswith("下降") else digits
