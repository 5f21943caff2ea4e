"""The environment of the tools that fetch: the machine's certificates, the operator's mirror."""

from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path

_MISLEADING = (
    # would send packages elsewhere than into this folder's environment
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_REQUIRE_HASHES"),
    *("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PYTHON", "UV_PROJECT", "UV_TARGET"),
    *("NODE_OPTIONS", "NODE_ENV", "npm_config_omit", "NPM_CONFIG_OMIT"),
)

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
"""Where distributions keep the certificates that the machine's administrator trusts."""


@functools.cache
def environment() -> dict[str, str]:
    """Our environment less what misleads, plus trust in the machine's own certificates.

    Networks that re-sign TLS (offices do) are known to the machine's store only, and pip's mirror
    setting is meant for all Python packages.
    """
    ours = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    ours.setdefault("HOME", str(Path(__file__).resolve().parent.parent / "build" / "home"))
    ours.setdefault("UV_HTTP_TIMEOUT", "180")
    ours.setdefault("NODE_USE_SYSTEM_CA", "1")
    ours.update(
        UV_SYSTEM_CERTS="true",
        UV_NO_PROGRESS="1",
        PIP_DISABLE_PIP_VERSION_CHECK="1",
        PIP_ROOT_USER_ACTION="ignore",
        npm_config_update_notifier="false",
    )
    settings = _pip_settings()
    bundle = next((path for path in _BUNDLES if Path(path).exists()), None)
    if bundle and "cert" not in settings:
        ours.setdefault("PIP_CERT", bundle)
    mirror = settings.get("index-url")
    if mirror and not any(name in ours for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        ours["UV_DEFAULT_INDEX"] = mirror
    return ours


def _pip_settings() -> dict[str, str]:
    """What pip is told by its files and, before these, by the environment."""
    said = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    ).stdout
    settings = {}
    for line in said.splitlines():
        name, _, value = line.partition("=")
        settings[name.split(".")[-1].strip()] = value.strip().strip("'\"")
    for name in ("index-url", "cert"):
        said_here = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        if said_here:
            settings[name] = said_here
    return settings
