"""Dossiers whose checks wait, terms that are over, mails of the store, weekly checks."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from apps.store import telling, transitions
from apps.store.jobs import concluding
from apps.store.models import Candidacy, CandidacyStep, Listing, Mail, Request, RequestItem
from apps.store.states import Event, ListingStatus, Party, Queue, Status
from apps.store.transitions import Step
from tests.harness.clock import NOON
from tests.security.scenes.base import Ids, Scene, World
from tests.store import factories

EARLIER = NOON - timedelta(hours=1)
LONG_AGO = NOON - timedelta(days=40)


def _sent(world: World) -> Ids:
    """A dossier with a check that ends at once; nobody answers on the web."""
    world.settings.GATEWAYS = {**world.settings.GATEWAYS, "store_web": "tests.store.silent_web.SilentWeb"}
    member = factories.member()
    service = factories.service(member.publisher, name="Service 1")  # mails say it: the same each time
    values = {"by": member, "service": service, "number": "2026-0001", "submitted_at": EARLIER}
    dossier = factories.candidacy(Status.SUBMITTED, **values)
    CandidacyStep.objects.create(
        candidacy=dossier, kind="siren", target=dossier.publisher.siren, round=1, cause="submission", asked_at=EARLIER,
        due_at=EARLIER,
    )  # fmt: skip
    return {"candidacy_id": str(dossier.pk)}


def _lost(world: World) -> Ids:
    _sent(world)
    return {}


def _concluded(ids: Ids) -> None:
    CandidacyStep.objects.update(state="done", outcome="pass", finished_at=EARLIER, attempt=1)
    concluding.conclude(candidacy_id=UUID(ids["candidacy_id"]), at=EARLIER)


def _over(_world: World) -> Ids:
    """A publisher who has not answered in time, a service whose formal notice is over."""
    dossier = _named(Status.ADMISSIBILITY, "2026-0002")
    request = Request.objects.create(
        candidacy=dossier, kind="missing", round=1, text="Merci.", days=30, asked_by=dossier.created_by,
        asked_at=LONG_AGO, due_at=LONG_AGO + timedelta(days=30),
    )  # fmt: skip
    RequestItem.objects.create(request=request, item="mandate", text="Mandat illisible.")
    transitions.fire(dossier, Step(event=Event.ASK, by=Party.DESK, actor="test", at=LONG_AGO))
    waiting = {"queue": Queue.PUBLISHER, "due_at": EARLIER, "waits_since": LONG_AGO}
    factories.listing(ListingStatus.FORMAL_NOTICE, candidacy=_named(Status.PUBLISHED, "2026-0003"), **waiting)
    return {}


def _named(status: Status, number: str) -> Candidacy:
    member = factories.member()
    service = factories.service(member.publisher, name=f"Service {number}")
    return factories.candidacy(status, by=member, service=service, number=number)


def _mails(_world: World) -> Ids:
    """One that is due, one whose try died."""
    user = factories.publisher_user(email="pia@editeur.example")
    facts = {"days": 5, "number": "2026-0003", "service": "Service 3"} | {"until": "", "queue": "", "due_at": ""}
    for key in ("a", "b"):
        telling.write(user_ids=[user.pk], template="reminder", key=key, facts=facts, at=EARLIER)
    Mail.objects.filter(key="b").update(attempt=1, leased_until=EARLIER)
    return {}


def _weekly(_world: World) -> Ids:
    """A service whose morning has come, one whose morning comes tomorrow."""
    for wakes_at in (EARLIER, NOON + timedelta(days=1)):
        listing = factories.listing(wakes_at=wakes_at)
        factories.answered(listing.candidacy)
    assert Listing.objects.filter(wakes_at__lte=NOON).count() == 1
    assert Candidacy.objects.count() == 2
    return {}


SCENES = [
    Scene(task="store.advance", build=_sent, moves={"concluded": _concluded}),
    Scene(task="store.sweep_steps", build=_lost, only_queues=True),
    Scene(task="store.sweep", build=_over),
    Scene(task="store.send_mails", build=_mails),
    Scene(task="store.plan_weekly", build=_weekly),
]
