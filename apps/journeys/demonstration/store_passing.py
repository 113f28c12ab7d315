"""Time passing in the store of the demonstration: checks of the past, weekly mornings, mails that have left."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from apps.journeys.demonstration.store_plans import Plan, plan_of, plans
from apps.journeys.demonstration.store_web import RecordedSite, RecordedWeb
from apps.journeys.demonstration.store_writing import Dossier
from apps.notifications.gateways.base import Letter
from apps.store.checks.base import Tools
from apps.store.jobs import advancing, mailing, weekly
from apps.store.models import Candidacy, Mail, Service

PROOFS = Path("candidate-site") / "proofs.json"  # of the simulated sites: what publishers have put there
_PROVED = ("tension", "sleep", "steps")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From this moment on a site has lost its legal pages."""

    host: str
    since: datetime


class CountingRelay:
    """Mails of the past count as sent: nothing leaves."""

    simulated = True

    def hand_over(self, letter: Letter) -> None:
        """Taken."""


def run_checks(dossier: Dossier, *, at: datetime) -> None:
    """Carry a dossier on with what its site answered then; afterwards it is where the checks have led it."""
    _advance(Candidacy.objects.get(pk=dossier.id), at, ())


def look_weekly(*, changes: Iterable[Change] = (), at: datetime) -> None:
    """The weekly checks of the services whose morning has come: once, however many mornings went by."""
    for candidacy_id in weekly.plan_weekly(at=at):
        _advance(Candidacy.objects.get(pk=candidacy_id), at, changes)


def count_mails_as_sent(*, until: datetime) -> None:
    """Each at the moment at which it was written."""
    waiting = Mail.objects.filter(state=Mail.State.DUE, due_at__lte=until)
    for moment in waiting.order_by("due_at").values_list("due_at", flat=True).distinct():
        mailing.send_due(relay=CountingRelay(), at=moment)


def write_proofs(*, state: Path) -> None:
    """Give the simulated sites the codes that prove their domains, beside those that are there."""
    file = state / PROOFS
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    tokens = {plan.host: _token(plan) for plan in plans() if plan.key in _PROVED}
    file.write_text(json.dumps(known | tokens), encoding="utf-8")


def _advance(candidacy: Candidacy, at: datetime, changes: Iterable[Change]) -> None:
    gone = {change.host for change in changes if change.since <= at}
    sites = {plan.host: replace(_site(plan), has_legal_pages=plan.host not in gone) for plan in plans()}
    tools = Tools(web=RecordedWeb(at=at, sites=sites))
    advancing.advance(candidacy_id=candidacy.pk, tools=tools, clock=lambda: at)


def _site(plan: Plan) -> RecordedSite:
    return RecordedSite(
        host=plan.host, name=plan.name, publisher=plan.company.details.name, token=_token(plan),
        has_tls=plan is not plan_of("check-up"),
    )  # fmt: skip


def _token(plan: Plan) -> str:
    found = Service.objects.filter(publisher__siren=plan.company.siren, name=plan.name)
    return found.values_list("domain_token", flat=True).first() or ""
