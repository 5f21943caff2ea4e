"""What all environments share."""

from __future__ import annotations

import importlib.resources
import os
from pathlib import Path

from csp.constants import SELF

from hulei.config.paths import data_dir, field_keys, secret
from hulei.postgres import connect

PACKAGE = Path(str(importlib.resources.files("hulei")))
DATA_DIR = data_dir()
SECRET_KEY = secret("django").hex()
HULEI_KEYS = field_keys()
DEBUG = False
ALLOWED_HOSTS = [h for h in os.environ.get("HULEI_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h]
HULEI_DEMO = False
# The day that pages take for today; only the demo year sets one.
HULEI_TODAY = ""

CHAPTERS = ["governance", "outreach", "campus", "prevention"]
FOUNDATIONS = ["audit", "statutes", "places", "access", "people", "intake", "linkage"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "axes",
    "csp",
    *(f"hulei.{name}" for name in [*FOUNDATIONS, *CHAPTERS, "insight", "web"]),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hulei.web.middleware.LanguageMiddleware",
    "hulei.web.middleware.ViewerMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "hulei.config.urls"
WSGI_APPLICATION = "hulei.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "hulei.web.jinja.environment",
            "context_processors": ["hulei.web.shell.context"],
        },
    },
    # Django's own parts (debug pages, form widgets) speak its own template language.
    {"BACKEND": "django.template.backends.django.DjangoTemplates", "DIRS": [], "APP_DIRS": True},
]

# The web server logs in as a role that sees nothing until a viewer is known; commands and
# migrations choose their own login (see hulei.cli.database).
_ADMIN = connect.admin_url(DATA_DIR)
HULEI_ROLE_PREFIX = _ADMIN["NAME"]
HULEI_LOGIN = os.environ.get("HULEI_LOGIN", "web")
DATABASES = {
    "default": {
        **connect.login_url(_ADMIN, f"{HULEI_ROLE_PREFIX}_{HULEI_LOGIN}", secret("database")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}

AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "display_name")}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]  # fmt: skip
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"

# Locks an account or an address for a quarter of an hour after five failures.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "hulei.web.session.locked_out"
AXES_CLIENT_IP_CALLABLE = "hulei.web.session.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = False

SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "hulei.web.errors.form_expired"
HULEI_IDLE_SECONDS = 15 * 60
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
ASSETS_DIR = Path(os.environ.get("HULEI_ASSETS") or PACKAGE.parent.parent / "build" / "assets")
STATICFILES_DIRS = [("assets", ASSETS_DIR)] if ASSETS_DIR.exists() else []
WHITENOISE_USE_FINDERS = True

FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
HULEI_UPLOAD_LIMIT = 50 * 1024 * 1024
# All files of one upload together; any other request is held to DATA_UPLOAD_MAX_MEMORY_SIZE.
HULEI_REQUEST_LIMIT = 4 * HULEI_UPLOAD_LIMIT
# What arrives stands in the clear until it is stored: in a folder of ours, not in everybody's.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "tmp"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
