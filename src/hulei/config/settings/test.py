"""Tests: the administrator's login (each test enters a viewpoint itself), quick password hashing."""

import os
from pathlib import Path

os.environ.setdefault("HULEI_DATA", str(Path("build/testdata").absolute()))

from hulei.config.settings.base import *  # noqa: F403
from hulei.config.settings.base import DATA_DIR
from hulei.postgres import connect

_ADMIN = connect.admin_url(DATA_DIR)
HULEI_ROLE_PREFIX = f"{_ADMIN['NAME']}_test"
DATABASES = {"default": {**_ADMIN, "TEST": {"NAME": f"test_{_ADMIN['NAME']}", "TEMPLATE": "template1"}}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
AXES_ENABLED = False
WHITENOISE_AUTOREFRESH = True
