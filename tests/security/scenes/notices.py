"""Notices of the roll-out: prepared, sent, printed, come back."""

from __future__ import annotations

from datetime import timedelta

from apps.rollout.jobs import batching, preparing, printing, sending
from apps.rollout.models import LetterBatch, Notice, TrialRequest, Wave
from apps.rollout.services import posting, resending
from tests import factories as portal
from tests.harness.clock import NOON
from tests.notifications.relays import Box
from tests.rollout import factories
from tests.rollout.test_returns import dsn
from tests.security.scenes.base import Ids, Scene, World

YESTERDAY = NOON - timedelta(days=1)
POST = {"mail": "", "channel": "courrier"}


def _running() -> Wave:
    return factories.wave(first_send_on=YESTERDAY.date())


def _to_prepare(_world: World) -> Ids:
    """By mail, by post, a child of nobody we know, somebody without any address."""
    wave = _running()
    for values in ({}, {}, POST, {"situation": "MINEUR", "identity": portal.child_identity()}, {**POST, "street": ""}):
        factories.person(wave=wave, **values)
    return {}


def _to_send(_world: World) -> Ids:
    """Two mails, one to an address that is none, one whose try died with its machine."""
    wave = _running()
    people = [factories.person(wave=wave, mail=mail) for mail in ("a@example.fr", "b@example.fr", "nowhere", "d@e.fr")]
    preparing.prepare_due(at=YESTERDAY)
    rows = Notice.objects.filter(person=people[-1])
    lease = YESTERDAY + timedelta(minutes=5)
    rows.update(state=Notice.State.SENDING, reason="trying", attempts=2, leased_until=lease, address="d@e.fr")
    return {}


def _to_print(_world: World) -> Ids:
    wave = _running()
    for _ in range(3):
        factories.person(wave=wave, **POST)
    preparing.prepare_due(at=YESTERDAY)
    return {}


def _came_back(world: World) -> Ids:
    """One mail that nobody took, one that is about nothing of ours."""
    for name in ("tmp", "new", "cur"):
        (world.folder / "bounces" / name).mkdir(parents=True)
    world.settings.BOUNCES_DIR = str(world.folder / "bounces")
    factories.person(wave=_running())
    preparing.prepare_due(at=YESTERDAY)
    sending.send_due(relay=Box(), at=YESTERDAY)
    for number, notice in enumerate((Notice.objects.get(), None)):
        (world.folder / "bounces/new" / f"{number}.a").write_bytes(dsn(notice))
    return {}


def _code_lost(_world: World) -> Ids:
    factories.noticed(factories.person(wave=_running()))
    asks = {"family_name": "Morel", "birth_date": "1984-06-14", "post_code": "44000", "at": NOON}
    for name in ("Alice", "Nobody"):
        resending.ask_again(given_name=name, **asks)
    return {}


def _long_in_the_post(world: World) -> Ids:
    _to_print(world)
    operator = portal.at_work(portal.staff(), at=NOON)
    (batch,) = batching.gather(at=YESTERDAY, everything=True)
    printing.make_letters(at=YESTERDAY)
    posting.hand_over(actor=operator, batch_id=batch.pk, on=YESTERDAY.date(), at=NOON)
    LetterBatch.objects.update(handed_at=NOON - timedelta(days=91))
    return {}


def _trial(_world: World) -> Ids:
    for email in ("nadia@example.fr", ""):
        user = portal.staff(email=email)
        TrialRequest.objects.create(user=user, kind="first", voice="self", asked_at=NOON)
    return {}


SCENES = [
    Scene(task="rollout.prepare_notices", build=_to_prepare),
    Scene(task="rollout.send_notices", build=_to_send),
    Scene(task="rollout.print_letters", build=_to_print),
    Scene(task="rollout.read_bounces", build=_came_back),
    Scene(task="rollout.answer_code_requests", build=_code_lost),
    Scene(task="rollout.forget_letters", build=_long_in_the_post),
    Scene(task="rollout.send_trial_notice", build=_trial),
]
