"""Two members of a publisher at the very same moment, on real connections: one act, one line, one mail (S34)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.store.models import Appeal, Evidence, Mail, Signature
from apps.store.services import appealing, evidence, replying, signing
from apps.store.services.errors import ChangedError, GuardError, TransitionRefusedError, WrongValueError
from apps.store.services.replying import Reply
from apps.store.states import Queue, Status
from tests.harness.clock import NOON
from tests.rollout.racing import together
from tests.store import factories
from tests.store.evidence import world
from tests.store.evidence.test_appealing import decided
from tests.store.evidence.test_signing import HASH, to_sign

pytestmark = pytest.mark.django_db(transaction=True)
LOST = (ChangedError, GuardError, TransitionRefusedError, WrongValueError)


def race(act: Callable[..., object], *actors) -> tuple[int, int]:
    """How many of them did it, and how many were told that somebody was quicker."""
    done, lost = [], []

    def tries(actor) -> None:
        try:
            done.append(act(actor))
        except LOST as error:
            lost.append(error)

    together(*(lambda actor=actor: tries(actor) for actor in actors))
    return len(done), len(lost)


@pytest.fixture
def two():
    """Pia and Marc: both administrators who may sign."""
    pia = factories.member()
    marc = factories.member(publisher=pia.publisher, name="Marc Delmas")
    return pia, [factories.as_publisher(pia), factories.as_publisher(marc)]


def test_s34_a_piece_is_replaced_by_one_of_them(two):
    pia, actors = two
    dossier = factories.candidacy(by=pia)
    piece = world.added(actors[0], dossier)

    def replaces(actor) -> object:
        return evidence.replace(
            actor=actor, evidence_id=piece.id, seen="", upload=world.upload(), description=world.about(), at=NOON
        )

    assert race(replaces, *actors) == (1, 1)
    assert Evidence.objects.filter(candidacy=dossier, removed_at=None).count() == 1
    assert Evidence.objects.filter(replaces=piece).count() == 1


def test_s34_a_piece_is_replaced_or_taken_out(two):
    pia, actors = two
    dossier = factories.candidacy(by=pia)
    piece = world.added(actors[0], dossier)

    def takes(actor) -> object:
        if actor is actors[0]:
            return evidence.remove(actor=actor, evidence_id=piece.id, at=NOON)
        return evidence.replace(
            actor=actor, evidence_id=piece.id, seen="", upload=world.upload(), description=world.about(), at=NOON
        )

    assert race(takes, *actors) == (1, 1)


def test_s34_both_add_and_nothing_is_lost(two):
    pia, actors = two
    dossier = factories.candidacy(by=pia)

    def adds(actor) -> object:
        return evidence.add(
            actor=actor, candidacy_id=dossier.id, upload=world.upload(), description=world.about(), at=NOON
        )

    assert race(adds, *actors, *actors) == (4, 0)
    assert Evidence.objects.filter(candidacy=dossier).count() == 4


def test_s34_a_line_is_answered_by_one_of_them(two):
    pia, actors = two
    _dossier, request = world.asked(pia, "CRI-LEG-04")
    item = request.items.get()

    def answers(actor) -> object:
        given = Reply(text=f"De {actor.user_id}.", seen="")
        return replying.reply(actor=actor, item_id=item.id, given=given, at=NOON)

    assert race(answers, *actors) == (1, 1)
    item.refresh_from_db()
    assert item.answer == f"De {item.answered_by_id}."


def test_s34_answers_are_sent_once_with_one_mail_each(two):
    pia, actors = two
    dossier, request = world.asked(pia, "CRI-LEG-04")
    replying.reply(actor=actors[0], item_id=request.items.get().id, given=Reply(text="Oui.", seen=""), at=NOON)

    def sends(actor) -> object:
        return replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=NOON)

    assert race(sends, *actors) == (1, 1)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.events.count()) == (Status.ASSESSMENT, 1)
    assert Mail.objects.filter(template="dossier_answer").count() == 2  # Pia's and Marc's


def test_s34_the_last_answer_is_not_changed_while_all_are_sent(two):
    pia, actors = two
    dossier, request = world.asked(pia, "CRI-LEG-04")
    item = request.items.get()
    replying.reply(actor=actors[0], item_id=item.id, given=Reply(text="Oui.", seen=""), at=NOON)
    item.refresh_from_db()
    seen = replying.mark_of(item)

    def acts(actor) -> object:
        if actor is actors[0]:
            return replying.send(actor=actor, candidacy_id=dossier.id, seen=0, at=NOON)
        return replying.reply(actor=actor, item_id=item.id, given=Reply(text="Non.", seen=seen), at=NOON)

    done, lost = race(acts, *actors)
    dossier.refresh_from_db()
    item.refresh_from_db()
    assert (done + lost, dossier.status) == (2, Status.ASSESSMENT)
    assert item.answer == ("Non." if done == 2 else "Oui.")  # changed before the sending, or not at all


def test_sto_68_one_appeal_is_filed(two):
    pia, actors = two
    dossier = factories.candidacy(Status.REFUSED, by=pia)
    decided(dossier)

    def appeals(actor) -> object:
        return appealing.appeal(
            actor=actor, candidacy_id=dossier.id, kind="gracieux", text="Nos motifs.", seen=0, at=NOON
        )

    assert race(appeals, *actors) == (1, 1)
    assert Appeal.objects.count() == 1


def test_sto_64_the_publisher_signs_once(two):
    pia, actors = two
    agreement = to_sign(pia)
    pia.refresh_from_db()
    mandate = {name: getattr(pia, name) for name in ("mandate_vault_id", "mandate_file_id", "mandate_until")}
    type(pia).objects.filter(publisher=pia.publisher).update(**mandate)

    def signs(actor) -> object:
        return signing.sign_for_publisher(
            actor=actor, candidacy_id=agreement.candidacy_id, document_hash=HASH, seen=0, at=NOON
        )

    assert race(signs, *actors) == (1, 1)
    agreement.candidacy.refresh_from_db()
    assert (Signature.objects.count(), agreement.candidacy.queue) == (1, Queue.DESK)
