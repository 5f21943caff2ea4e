"""The database as commands need it: running, provisioned, migrated, walls raised, logged in."""

from __future__ import annotations

import os
import sys
from typing import Any

from hulei.common.viewer import Viewpoint
from hulei.config.paths import data_dir, secret
from hulei.postgres import connect
from hulei.postgres.provision import provision


def hold() -> None:
    """Start the embedded server (or check the operator's) and hold it as long as this process lives."""
    connect.hold(data_dir())


def set_up_django(settings: str = "production") -> None:
    """Load Django with the settings of an environment, unless the operator chose others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"hulei.config.settings.{settings}")
    import django

    django.setup()


def log_in(role: str) -> None:
    """From now on speak to the database as ``owner``, ``worker`` or ``web``."""
    from django.conf import settings
    from django.db import connection

    admin = connect.admin_url(data_dir())
    login = connect.login_url(admin, f"{settings.HULEI_ROLE_PREFIX}_{role}", secret("database"))
    connection.close()
    connection.settings_dict.update(USER=login["USER"], PASSWORD=login["PASSWORD"])


def prepare() -> None:
    """Bring the database to the state this version needs; quick when it is there already."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from hulei.access.policies import raise_walls

    provision(connect.admin_url(data_dir()), [v.value for v in Viewpoint], secret("database"))
    log_in("owner")
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    raise_walls()


def ready(settings: str = "production", *, login: str = "worker") -> None:
    """Everything a command needs before it reads or writes."""
    hold()
    set_up_django(settings)
    prepare()
    log_in(login)


def operator() -> Any:
    """The viewer of this command line, for the district that the installation was founded for."""
    from hulei.access import queries as access
    from hulei.common import walls

    with walls.entered(access.operator()):
        return access.operator(access.home_district())
