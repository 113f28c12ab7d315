"""Recorded sites for tests of the store of the demonstration."""

from __future__ import annotations

from datetime import datetime

from apps.journeys.demonstration.store_plans import Plan
from apps.journeys.demonstration.store_web import RecordedSite, RecordedWeb


def site(plan: Plan, *, has_tls: bool = True, has_legal_pages: bool = True) -> RecordedSite:
    """A site that shows the code `jeton`."""
    name, publisher = plan.name, plan.company.details.name
    return RecordedSite(
        host=plan.host, name=name, publisher=publisher, token="jeton", has_tls=has_tls, has_legal_pages=has_legal_pages
    )


def broken_site(plan: Plan) -> RecordedSite:
    """One without TLS."""
    return site(plan, has_tls=False)


def recorded(*sites: RecordedSite, at: datetime) -> RecordedWeb:
    """The web in which these sites stand alone."""
    return RecordedWeb(at=at, sites={one.host: one for one in sites})
