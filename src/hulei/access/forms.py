"""Forms of the security administrator."""

from __future__ import annotations

from typing import Any

from django import forms

from hulei.access.terms import Role
from hulei.common.text import Text
from hulei.common.viewer import Viewer


def _label(zh: str, en: str) -> Any:
    return Text(zh, en)


class AccountForm(forms.Form):
    """A person's way in. A password is only asked for when the account is new."""

    username = forms.CharField(label=_label("用户名", "User name"), max_length=60)
    display_name = forms.CharField(label=_label("姓名", "Name"), max_length=60)
    password = forms.CharField(
        label=_label("初始密码", "First password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_label(
            "至少 12 位；留空则账号暂不能登录。", "12 characters or more; empty leaves the account locked."
        ),
        required=False,
        strip=False,
    )
    is_active = forms.BooleanField(label=_label("启用", "Active"), required=False, initial=True)


class AccountEditForm(forms.Form):
    """What may be changed later."""

    display_name = forms.CharField(label=_label("姓名", "Name"), max_length=60)
    is_active = forms.BooleanField(label=_label("启用", "Active"), required=False)


class GrantForm(forms.Form):
    """A hat for an account."""

    username = forms.CharField(label=_label("用户名", "User name"), max_length=60)
    role = forms.ChoiceField(
        label=_label("身份", "Role"), choices=[(r.value, r.label) for r in Role if r is not Role.OPERATOR]
    )
    scope = forms.CharField(
        label=_label("范围代码", "Scope code"),
        help_text=_label(
            "区县、派出所、学校、村或网格的代码，见“单位与区划”。",
            "Code of the district, station, school, village or grid.",
        ),
        max_length=24,
    )
    ends_on = forms.DateField(
        label=_label("至", "Until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class GrantEndForm(forms.Form):
    """Taking a hat back."""

    end = forms.BooleanField(
        label=_label("收回此授权", "Take this role back"),
        help_text=_label("立即生效；已办事项保留在留痕中。", "At once; what was done stays in the ledger."),
    )


def account_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form to open or change an account."""
    return AccountEditForm if record else AccountForm


def grant_form(viewer: Viewer, record: Any) -> type[forms.Form]:
    """The form to grant a role, or to take it back."""
    return GrantEndForm if record else GrantForm
