"""Accounts, what they may see and do, and which children they are assigned to."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import make_password
from django.db import models
from django.db.models import Q

from hulei.access.terms import Role
from hulei.common import walls
from hulei.common.viewer import Viewpoint

V = Viewpoint

_ACCOUNT_WALL = walls.Wall(
    {
        **{v: walls.Door("id", "account") for v in V},
        V.SECURITY_ADMIN: walls.everywhere(),
        V.AUDITOR: walls.everywhere(),
        V.WORKER: walls.everywhere(),
    },
    # Everyone changes their own password; the security administrator opens and closes accounts.
    walls.ALL,
    login=True,
    login_writes=("last_login", "password"),
)
_GRANT_WALL = walls.Wall(
    {v: walls.Door("account_id", "account") if d.column else d for v, d in _ACCOUNT_WALL.reads.items()},
    frozenset({V.SECURITY_ADMIN, V.WORKER}),
    login=True,
)


class AccountManager(BaseUserManager["Account"]):
    """Looks accounts up by user name, the way Django's sign-in asks."""

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """A named person's way in. Nobody shares one; nobody is superuser."""

    wall: ClassVar[walls.Wall] = _ACCOUNT_WALL

    id = models.BigAutoField(primary_key=True)
    username = models.CharField("用户名", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    agency = models.ForeignKey(
        "places.Agency", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    is_active = models.BooleanField("启用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    language = models.CharField("语言", max_length=2, default="zh")
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = ""
    REQUIRED_FIELDS: ClassVar[list[str]] = ["display_name"]

    class Meta:
        verbose_name = "账号"

    def __str__(self) -> str:
        return self.display_name

    def lock_password(self) -> None:
        """Leave the account without a usable password."""
        self.password = make_password(None)


class Grant(models.Model):
    """One hat: a role with its scope, from a day until a day."""

    wall: ClassVar[walls.Wall] = _GRANT_WALL

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="grants")
    role = models.CharField("身份", max_length=40, choices=Role.choices)
    scope = models.CharField("范围代码", max_length=24)
    scope_name = models.CharField("范围", max_length=80)
    district_code = models.CharField(max_length=6)
    starts_on = models.DateField("自")
    ends_on = models.DateField("至", null=True, blank=True)
    granted_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = "授权"
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="grant_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "scope"], condition=Q(ends_on__isnull=True), name="grant_held_once"
            ),
        )

    def __str__(self) -> str:
        return f"{Role.label_of(self.role)} · {self.scope_name}"


class Assignment(models.Model):
    """A social worker or mentor is entrusted with one child."""

    wall: ClassVar[walls.Wall] = walls.Wall(
        {
            V.POLICE_DISTRICT: walls.everywhere(),
            V.ASSIGNED: walls.Door("account_id", "account"),
            V.WORKER: walls.everywhere(),
        },
        frozenset({V.POLICE_DISTRICT, V.WORKER}),
    )

    id = models.BigAutoField(primary_key=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    minor = models.ForeignKey("people.Minor", models.PROTECT, related_name="+")
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        verbose_name = "指派"
        indexes = (models.Index(fields=["account", "minor"], name="assignment_of_account"),)

    def __str__(self) -> str:
        return f"{self.account_id}→{self.minor_id}"
