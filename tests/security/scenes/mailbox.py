"""Messages that the door has taken."""

from __future__ import annotations

from datetime import timedelta

from apps.accounts.models import User
from apps.mss.models import OutgoingMail, Thread
from apps.mss.services import answering
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import arrive, letter, receive
from tests.mss.outgoing import answered, attached, conversation, draft, holder
from tests.security.scenes.base import Ids, Scene, World

YESTERDAY = NOON - timedelta(days=1)


def _arrived(_world: World) -> Ids:
    """One for two spaces, the holder of the first one is told; another one for a third."""
    space = factories.space()
    factories.user(person=space.identity, email="alice@example.org")
    arrive(letter(), space, factories.space())
    arrive(letter(number="m2"), factories.space())
    return {}


def _waiting(world: World) -> Ids:
    """Two answers that wait, one whose try died, one whose last try died, one with a file that is not checked yet."""
    world.settings.GATEWAYS = {**world.settings.GATEWAYS, "mss_relay": "tests.mss.relays.Outbox"}
    space = factories.space()
    for _ in range(4):
        answered(space, at=YESTERDAY)
    waits, died, last = OutgoingMail.objects.order_by("id")[:3]
    for mail, attempts in ((died, 1), (last, 5)):
        OutgoingMail.objects.filter(pk=mail.pk).update(state="sending", attempts=attempts, problem="trying")
    assert waits.state == "waiting"
    user = User.objects.get(identity=space.identity)
    row = draft(space, by=user, thread=conversation(space, number="late"))
    attached(row, clean=False)
    answering.send(actor=holder(space), draft_id=row.id, to_all=False, at=YESTERDAY)
    return {}


def _binned(_world: World) -> Ids:
    """Two conversations that have been in the bin long enough, and one that has not."""
    space = factories.space()
    for number, days in (("b1", 31), ("b2", 40), ("b3", 3)):
        thread = conversation(space, number=number)
        Thread.objects.filter(space_id=space.id, id=thread.id).update(binned_at=NOON - timedelta(days=days))
    return {}


def _filed(_world: World) -> Ids:
    """Two traces that are old enough, one that is not, one of a message that nobody filed."""
    space = factories.space()
    for number, days in enumerate((100, 200, 3)):
        receive(letter(number=f"f{number}"), space, at=NOON - timedelta(days=days))
    arrive(letter(number="f9"), space, at=NOON - timedelta(days=300))
    return {}


SCENES = [
    Scene(task="mss.forget_arrivals", build=_filed),
    Scene(task="mss.purge_bin", build=_binned),
    Scene(task="mss.file_arrivals", build=_arrived),
    Scene(task="mss.send_mails", build=_waiting, looked_at=frozenset({("mss_outgoingmail", "due_at")})),
]
