"""People whose space opens, or who use it for the first time."""

from __future__ import annotations

from datetime import timedelta

from apps.accounts.models import SignInSession
from apps.common.ids import uuid7
from apps.rollout.models import EligiblePerson
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout import factories
from tests.rollout.test_activations import begun
from tests.rollout.test_majority import opened_minor
from tests.security.scenes.base import Ids, Scene, World

State = EligiblePerson.State


def _opened() -> EligiblePerson:
    person = factories.person(state=State.OPEN)
    portal.user(person=person.identity, email="alice@example.org")
    portal.space(person=person.identity)
    return person


def _signed_in(_world: World) -> Ids:
    return {"identity_id": str(_opened().pk), "at": NOON.isoformat()}


def _signed_in_unseen(_world: World) -> Ids:
    user = _opened().identity.user
    for hours in (2, 3):
        then = NOON - timedelta(hours=hours)
        SignInSession.objects.create(
            pk=uuid7().hex * 2, data="", user=user, level="eidas2", opened_at=then, last_seen_at=then,
            expires_at=then + timedelta(minutes=15),
        )  # fmt: skip
    return {}


def _left_unfinished(_world: World) -> Ids:
    for days in (31, 1):
        person = factories.person()
        factories.noticed(person, sent_at=NOON - timedelta(days=32))
        begun(person, at=NOON - timedelta(days=days))
    return {}


def _due(_world: World) -> Ids:
    """An adult, a child with a mother, one of 18 whose own window is over, and one whose window runs."""
    wave = factories.opening_wave()
    mother = factories.person(wave=wave)
    child = factories.person(
        wave=wave, identity=portal.child_identity(), situation="MINEUR", rl1_number=mother.identity.ins_number,
        rl1_capacity="MERE",
    )  # fmt: skip
    adult = factories.person(wave=wave)
    for who, days in ((mother, 50), (child, 50), (adult, 50), (factories.person(wave=wave), 10)):
        factories.noticed(who, sent_at=NOON - timedelta(days=days))
    portal.space(person=adult.identity)
    return {}


def _asked(_world: World) -> Ids:
    for _ in range(3):
        factories.person(state=State.OPENING_ASKED)
    return {}


def _turned_18(_world: World) -> Ids:
    opened_minor()
    return {}


def _spaces(**values: object) -> object:
    def move(ids: Ids) -> None:
        HealthSpace.objects.filter(identity_id=ids["identity_id"]).update(**values)

    return move


def _no_space(ids: Ids) -> None:
    HealthSpace.objects.filter(identity_id=ids["identity_id"]).delete()


SCENES = [
    Scene(
        task="rollout.note_sign_in",
        build=_signed_in,
        moves={
            "activated": _spaces(account_activated_at=NOON - timedelta(days=2)),
            "closed": _spaces(status="closed", closed_at=NOON, closure_reason="holder"),
            "opened after it": _spaces(opened_at=NOON + timedelta(seconds=1)),
            "no space": _no_space,
        },
    ),
    Scene(task="rollout.note_forgotten_sign_ins", build=_signed_in_unseen),
    Scene(task="rollout.forget_activations", build=_left_unfinished),
    Scene(task="rollout.open_due", build=_due),
    Scene(task="rollout.open_asked", build=_asked),
    Scene(task="rollout.notify_new_adults", build=_turned_18),
]
