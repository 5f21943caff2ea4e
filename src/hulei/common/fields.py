"""Form fields as every page uses them: dates in the spellings of offices, forgiving of width and spaces."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from hulei.common.text import Text

DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"]
MOMENTS = [f"{day}{gap}{clock}" for day in DAYS[:3] for gap in ("T", " ") for clock in ("%H:%M:%S", "%H:%M")]


class _Folded:
    """Full-width digits and odd spaces become plain before anything is read."""

    def to_python(self, value: Any) -> Any:
        if isinstance(value, (int, float, list)):
            value = str(value)  # REST may send a number where a page sends its digits
        folded = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value
        return super().to_python(folded)  # type: ignore[misc]


class Day(_Folded, forms.DateField):
    """A date."""


class Moment(_Folded, forms.DateTimeField):
    """A date with a time to the second."""


class Clock(_Folded, forms.TimeField):
    """A time of day."""


class Count(_Folded, forms.IntegerField):
    """A whole number that is not negative."""


class Amount(_Folded, forms.DecimalField):
    """A number with decimals."""


def day(label: Text, *, required: bool = False, help_text: Text | None = None) -> Day:
    """A date field with the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    return Day(
        label=str(label), required=required, input_formats=DAYS, widget=widget, help_text=str(help_text or "")
    )


def moment(label: Text, *, required: bool = False) -> Moment:
    """A date and time to the second."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M:%S", attrs={"type": "datetime-local", "step": "1"})
    return Moment(label=str(label), required=required, input_formats=MOMENTS, widget=widget)


def clock(label: Text, *, required: bool = False) -> Clock:
    """A time of day to the minute."""
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return Clock(label=str(label), required=required, input_formats=["%H:%M", "%H:%M:%S"], widget=widget)


def line(label: Text, *, most: int, required: bool = False, help_text: Text | None = None) -> forms.CharField:
    """One line of text."""
    return forms.CharField(
        label=str(label), required=required, max_length=most, help_text=str(help_text or "")
    )


def words(label: Text, *, required: bool = False, most: int = 4000) -> forms.CharField:
    """Several lines of text."""
    return forms.CharField(
        label=str(label), required=required, max_length=most, widget=forms.Textarea(attrs={"rows": 3})
    )


HELD = Text(
    "已登记，不在此显示。留空则保持不变；填“无”则清除。",
    "On file and not shown here. Empty leaves it as it is; 无 takes it away.",
)
NOTHING = "无"


class KeepingForm(forms.Form):
    """A form that never shows what is stored in ``kept`` fields; left empty, they stay as they are.

    Ids, phones and addresses are masked on every page: a form that showed them in full would open
    them without a reason and without a word in the ledger.
    """

    kept: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        """The values without the fields that were left as they are."""
        values: dict[str, Any] = super().clean() or {}
        for name in self.kept:
            if values.get(name) == "":
                del values[name]
            elif values.get(name) == NOTHING:
                values[name] = ""
        return values


def held(label: Text, *, most: int, stored: str) -> forms.CharField:
    """A line for a value that is not shown: the field says whether there is one."""
    return line(label, most=most, help_text=HELD if stored else None)


def number(label: Text, *, required: bool = False, most: int = 100_000) -> Count:
    """A whole number from nought up."""
    return Count(label=str(label), required=required, min_value=0, max_value=most)


def amount(label: Text, *, required: bool = False, digits: int, places: int) -> Amount:
    """A number with decimals from nought up."""
    return Amount(label=str(label), required=required, min_value=0, max_digits=digits, decimal_places=places)


def choice(label: Text, choices: Iterable[tuple[str, Any]], *, required: bool = False) -> forms.ChoiceField:
    """One of a few; an optional one may stay empty."""
    offered = [(value, str(text)) for value, text in choices]
    return forms.ChoiceField(
        label=str(label), required=required, choices=offered if required else [("", "--"), *offered]
    )


def pick(label: Text, queryset: QuerySet[Any], *, required: bool = False) -> forms.ModelChoiceField:
    """One record of another kind."""
    return forms.ModelChoiceField(label=str(label), required=required, queryset=queryset, empty_label="--")


def pick_many(label: Text, queryset: QuerySet[Any]) -> forms.ModelMultipleChoiceField:
    """Any number of records of another kind."""
    return forms.ModelMultipleChoiceField(label=str(label), required=False, queryset=queryset)
