"""How to reach the database: as Django wants it said, for the administrator and the login roles.

``DATABASE_URL`` (any libpq connection string) names a database of the operator's; without it the
embedded server of the data folder is meant.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from hulei.postgres import versions
from hulei.postgres.cluster import SUPERUSER
from hulei.postgres.errors import DatabaseTrouble
from hulei.postgres.layout import PORT, layout_of, superuser_password
from hulei.postgres.server import Server, ensure

URL_VARIABLE = "DATABASE_URL"
DEFAULT_DATABASE = "hulei"

DatabaseSettings = dict[str, Any]
"""One entry of Django's DATABASES."""


def is_external() -> bool:
    """Whether the operator named a database of their own."""
    return bool(os.environ.get(URL_VARIABLE))


def hold(data_dir: Path | str, *, durable: bool = True) -> Server | None:
    """Make the database reachable: hold the embedded server, or check the operator's version (None)."""
    if not is_external():
        return ensure(data_dir, durable=durable)
    with connect(admin_url(data_dir), database="postgres") as connection:
        versions.refuse_unsafe(connection.info.server_version)
    return None


def admin_url(data_dir: Path | str, *, database: str | None = None) -> DatabaseSettings:
    """The Django settings of the administrator's connection; neither starts nor asks a server."""
    if is_external():
        return _external(os.environ[URL_VARIABLE], database)
    layout = layout_of(data_dir)
    return _settings(
        name=database or DEFAULT_DATABASE,
        user=SUPERUSER,
        password=superuser_password(layout),
        host=str(layout.run_dir),
        port=str(PORT),
    )


def login_url(admin: DatabaseSettings, role: str, secret: str | bytes) -> DatabaseSettings:
    """The same server and database as a login role that :mod:`provision` made with this secret."""
    return {**admin, "USER": role, "PASSWORD": derived_password(role, secret)}


def derived_password(role: str, secret: str | bytes) -> str:
    """The password of a login role: an HMAC of its name, so nothing but the secret has to be kept."""
    key = secret.encode() if isinstance(secret, str) else secret
    digest = hmac.new(key, f"hulei/postgres/{role}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def connect(
    settings: DatabaseSettings, *, database: str | None = None, autocommit: bool = True
) -> psycopg.Connection[tuple[Any, ...]]:
    """A plain psycopg connection by Django settings; raises :class:`DatabaseTrouble`."""
    try:
        return psycopg.connect(
            dbname=database or settings["NAME"],
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            autocommit=autocommit,
            **settings.get("OPTIONS", {}),
        )
    except psycopg.OperationalError as trouble:
        raise DatabaseTrouble(
            f"无法连接数据库:{trouble}", f"The database cannot be reached: {trouble}"
        ) from trouble


def _external(url: str, database: str | None) -> DatabaseSettings:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError as trouble:
        raise DatabaseTrouble(
            f"{URL_VARIABLE} 无法识别。示例:postgresql://用户:口令@主机:5432/hulei",
            f"{URL_VARIABLE} is not understood. Example: postgresql://user:password@host:5432/hulei",
        ) from trouble
    named = parts.pop("dbname", None)
    return _settings(
        name=database or str(named or DEFAULT_DATABASE),
        user=str(parts.pop("user", None) or ""),
        password=str(parts.pop("password", None) or ""),
        host=str(parts.pop("host", None) or ""),
        port=str(parts.pop("port", None) or ""),
        options={name: value for name, value in parts.items() if value is not None},
    )


def _settings(
    *,
    name: str,
    user: str,
    password: str,
    host: str,
    port: str,
    options: dict[str, Any] | None = None,
) -> DatabaseSettings:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": password,
        "HOST": host,
        "PORT": port,
        "OPTIONS": options or {},
    }
