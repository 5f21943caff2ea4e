"""Scope columns kept equal to those of the school or office that a row belongs to.

A model names in ``scope_from`` what its scope is taken from. Rows with one such link are brought
along here, by one statement for each model; rows with several are worked out by their chapter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from django.apps import apps
from django.db import connection
from django.db.models import Model
from psycopg import sql

from hulei.common.bulk import MOST_PARAMETERS
from hulei.common.models import Scope, Scoped

# The district of a row is its own: a row never leaves the district in which it was written.
FOLLOWING = ("town_code", "village_code", "grid_code", "station_code", "school_code")


def linked(package: str, target: str) -> Iterator[tuple[type[Model], str]]:
    """(model, link) of the package's models whose scope is that of one ``target`` (``places.School``)."""
    for model in apps.get_app_config(package).get_models():
        if not issubclass(model, Scoped) or len(model.scope_from) != 1:
            continue
        field = model._meta.get_field(model.scope_from[0])
        if field.related_model and field.related_model._meta.label == target:  # type: ignore[union-attr]
            yield model, field.name


def follow(package: str, target: str, scopes: Mapping[int, Scope]) -> dict[str, int]:
    """Bring the package's rows to the scopes of what they belong to; {model: rows changed}, none left out."""
    changed = {
        model._meta.model_name or "": _carry(model, link, scopes) for model, link in linked(package, target)
    }
    return {name: rows for name, rows in changed.items() if rows}


def _carry(model: type[Model], link: str, scopes: Mapping[int, Scope]) -> int:
    column = sql.Identifier(str(model._meta.get_field(link).column))  # type: ignore[union-attr]
    rows, changed = iter(scopes.items()), 0
    while part := list(islice(rows, MOST_PARAMETERS // (len(FOLLOWING) + 1))):
        values = [value for pk, scope in part for value in (pk, *(getattr(scope, n) for n in FOLLOWING))]
        with connection.cursor() as cursor:
            cursor.execute(_statement(model._meta.db_table, column, len(part)), values)
            changed += cursor.rowcount
    return changed


def _statement(table: str, link: sql.Identifier, rows: int) -> sql.Composed:
    one = sql.SQL("(" + ", ".join(["%s::bigint", *["%s::text"] * len(FOLLOWING)]) + ")")
    return sql.SQL(
        "UPDATE {table} t SET ({names}) = ROW({theirs}) FROM (VALUES {values}) AS given (id, {names}) "
        "WHERE t.{link} = given.id AND ROW({own}) IS DISTINCT FROM ROW({theirs})"
    ).format(
        table=sql.Identifier(table),
        link=link,
        names=_listed("", FOLLOWING),
        theirs=_listed("given", FOLLOWING),
        own=_listed("t", FOLLOWING),
        values=sql.SQL(", ").join([one] * rows),
    )


def _listed(table: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(*([table] if table else []), name) for name in names)
