"""Printing the work report: what leaves the house is in the ledger."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction

from hulei.audit import actions as audit
from hulei.common.viewer import Viewer
from hulei.insight import queries
from hulei.insight.documents.content import WorkReport, fingerprint, scope_of


@transaction.atomic
def print_work_report(*, by: Viewer, at: datetime, year: int, as_of: date, reason: str = "") -> WorkReport:
    """The year's work report, entered into the ledger with a digest of all its figures.

    The digest is over the figures' own fingerprints, so that a printed report can be matched with
    its entry. Raises Forbidden, ValueError where the as-of day lies before the year.
    """
    report = queries.work_report(by, year, as_of)
    audit.record(
        by=by,
        at=at,
        tag="insight.report.printed",
        target=("insight.report", f"{year}"),
        reason=reason,
        details={
            "from": report.from_on.isoformat(),
            "to": report.to_on.isoformat(),
            "as_of": as_of.isoformat(),
            "figures": digest(report),
        },
    )
    return report


def digest(report: WorkReport) -> str:
    """16 hex digits over the fingerprints of all figures of a report."""
    scope = scope_of(report)
    marks = "\n".join(fingerprint(one, scope) for one in report.annex.figures)
    return hashlib.sha256(marks.encode()).hexdigest()[:16]
