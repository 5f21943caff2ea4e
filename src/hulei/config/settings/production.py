"""A district at work: behind TLS, without demo accounts (``hulei doctor`` and the start refuse them)."""

import os

from hulei.config.settings.base import *  # noqa: F403

# ``hulei serve --plain-http``: a trial on one machine, without TLS in front.
if os.environ.get("HULEI_PLAIN_HTTP") != "1":
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-hulei"
    CSRF_COOKIE_SECURE = True
    CSRF_COOKIE_NAME = "__Host-csrf"
