"""Which addresses there are, and what each must answer whom: declared by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

from hulei.common.viewer import Viewer
from hulei.web.catalogue import pages

Answers = Callable[[Viewer | None], int]


def public(status: int = 200) -> Answers:
    """The same for everybody, signed in or not."""
    return lambda viewer: status


def members(status: int = 200) -> Answers:
    """``status`` for everyone signed in; anybody else is sent to the door."""
    return lambda viewer: status if viewer else 302


def needs(permission: str, status: int = 200, door: int = 302) -> Answers:
    """``status`` with a permission, else 403; ``door`` for whoever is not signed in."""
    return lambda viewer: door if viewer is None else status if viewer.may(permission) else 403


def _home(viewer: Viewer | None) -> int:
    leads_on = (
        viewer is None or viewer.role == "bureau_leader" or viewer.role in ("security_admin", "auditor")
    )
    return 302 if leads_on else 200


@dataclass(frozen=True)
class Door:
    """One address with the answer to each method; a method not named must be refused (405)."""

    address: str
    answers: dict[str, Answers]


PERIOD = "?from=2023-01-01&to=2023-12-29&as_of=2023-12-29"
# Routes that name no kind of record. {u} is an upload of the bureau's office, {s} its sheet.
ALONE: dict[str, Door] = {
    "": Door("/", {"GET": _home}),
    "search": Door("/search?q=a", {"GET": members()}),
    "alive": Door("/alive", {"GET": public()}),
    "sign-in": Door("/sign-in", {"GET": public(), "POST": public(401)}),
    "sign-out": Door("/sign-out", {"POST": public(302)}),
    "hat": Door("/hat", {"POST": public(403)}),
    "password": Door("/password", {"GET": members(), "POST": members(422)}),
    "language": Door("/language", {"POST": public(302)}),
    "figures/": Door(f"/figures/{PERIOD}", {"GET": needs("insight.metric.read")}),
    "figures/report.docx": Door(
        "/figures/report.docx?year=2023&as_of=2023-12-29", {"GET": needs("insight.report.print")}
    ),
    "figures/report.json": Door(
        "/figures/report.json?year=2023&as_of=2023-12-29", {"GET": needs("insight.report.print")}
    ),
    "figures/<str:metric_id>/": Door(f"/figures/lectures/{PERIOD}", {"GET": needs("insight.metric.read")}),
    "intake/": Door("/intake/", {"GET": needs("intake.upload.run"), "POST": needs("intake.upload.run", 422)}),
    "intake/empty/<str:ledger>.xlsx": Door(
        "/intake/empty/lectures.xlsx", {"GET": needs("intake.upload.run")}
    ),
    "statutes/": Door("/statutes/", {"GET": needs("statutes.article.read")}),
    "statutes/<str:ref>/": Door("/statutes/no-such-law/", {"GET": needs("statutes.article.read", 404)}),
    "people/minor/<int:record_id>/contact": Door(
        "/people/minor/99999999/contact", {"POST": needs("people.contact.reveal", 404)}
    ),
    "api/v1/openapi.json": Door("/api/v1/openapi.json", {"GET": lambda viewer: 200 if viewer else 401}),
    # the root that ninja itself adds: nothing lives there
    "api/v1/": Door("/api/v1/", dict.fromkeys(("GET", "POST", "PUT", "PATCH", "DELETE"), public(404))),
    "api/v1/insight/metric/": Door(
        f"/api/v1/insight/metric/{PERIOD}", {"GET": needs("insight.metric.read", door=401)}
    ),
    "api/v1/insight/metric/<metric_id>": Door(
        f"/api/v1/insight/metric/lectures{PERIOD}", {"GET": needs("insight.metric.read", door=401)}
    ),
}
# Routes of one upload, for somebody who has none: as absent as an upload that never was.
_UPLOAD = "/intake/99999999"
ALONE |= {
    "intake/<int:upload_id>/": Door(f"{_UPLOAD}/", {"GET": needs("intake.upload.run", 404)}),
    "intake/<int:upload_id>/mapping/<int:sheet_id>": Door(
        f"{_UPLOAD}/mapping/1", {"POST": needs("intake.upload.run", 404)}
    ),
    "intake/<int:upload_id>/confirm": Door(f"{_UPLOAD}/confirm", {"POST": needs("intake.upload.run", 404)}),
    "intake/<int:upload_id>/drop": Door(f"{_UPLOAD}/drop", {"POST": needs("intake.upload.run", 404)}),
    "intake/<int:upload_id>/progress": Door(f"{_UPLOAD}/progress", {"GET": needs("intake.upload.read", 404)}),
    "intake/<int:upload_id>/result": Door(f"{_UPLOAD}/result", {"GET": needs("intake.upload.read", 404)}),
    "intake/<int:upload_id>/hand-back/<int:sheet_id>.xlsx": Door(
        f"{_UPLOAD}/hand-back/1.xlsx", {"GET": needs("intake.upload.read", 404)}
    ),
}

# Routes that every kind of record has; the absent record stands for all that are out of sight.
OF_A_KIND = (
    "<str:package>/<str:noun>/",
    "<str:package>/<str:noun>/add",
    "<str:package>/<str:noun>/export",
    "<str:package>/<str:noun>/<int:record_id>/",
    "<str:package>/<str:noun>/<int:record_id>/edit",
)
ABSENT = 99999999


def kind_doors(kind: str) -> list[Door]:
    """What the five pages and the REST resource of a kind answer."""
    base = f"/{kind.replace('.', '/')}/"
    page = pages()[kind]
    written = bool(page.save and page.form)
    form, faulty = (200, 422) if written else (404, 404)
    api = f"/api/v1{base}"
    doors = [
        Door(base, {"GET": needs(f"{kind}.read")}),
        Door(f"{base}add", {"GET": needs(f"{kind}.add", form), "POST": needs(f"{kind}.add", faulty)}),
        Door(f"{base}export", {"GET": needs(f"{kind}.export")}),
        Door(f"{base}{ABSENT}/", {"GET": needs(f"{kind}.read", 404)}),
        Door(f"{base}{ABSENT}/edit", {"GET": needs(f"{kind}.edit", 404), "POST": needs(f"{kind}.edit", 404)}),
    ]
    listed = {"GET": needs(f"{kind}.read", door=401)}
    single = {"GET": needs(f"{kind}.read", 404, door=401)}
    if written:
        listed["POST"] = needs(f"{kind}.add", 422, door=401)
        single["PATCH"] = needs(f"{kind}.edit", 404, door=401)
    return [*doors, Door(api, listed), Door(f"{api}{ABSENT}", single)]


def declared() -> set[str]:
    """Every route that the two tables speak of."""
    rest = {f"api/v1/{kind.replace('.', '/')}/" for kind in pages()}
    return {*ALONE, *OF_A_KIND, *rest, *(f"{one}<int:record_id>" for one in rest)}


def existing() -> Iterator[str]:
    """Every route of the application."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, route)
        else:
            yield route
