"""PU-02, S32: joining an organisation that is there; an administrator answers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.access import AccessDeniedError
from apps.common.ids import uuid7
from apps.store.mails import letter_of
from apps.store.models import JoinRequest, Mail, Member
from apps.store.services import joining
from apps.store.services.errors import TooSoonError, UnknownRowError, WrongValueError
from apps.store.services.publishers import AlreadyMemberError
from tests.harness.clock import NOON
from tests.store.factories import as_publisher, member, publisher_user
from tests.store.publishers.people import actions, mails, nobody_yet

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def pia():
    return member(user=publisher_user(email="pia@souffle.example"))


@pytest.fixture
def marc():
    return publisher_user(email="marc@souffle.example")


def ask(user, siren, *, at=NOON):
    return joining.ask_to_join(
        actor=nobody_yet(user, at=at), siren=siren, name="Marc Delmas", message="Je m'occupe du FHIR.", at=at
    )


def test_administrators_alone_are_told(pia, marc, queue):
    member(publisher=pia.publisher, roles=["owner"], user=publisher_user(email="ana@souffle.example"))
    member(publisher=pia.publisher, roles=["technical"])
    member(publisher=pia.publisher, roles=["owner"], ended_at=NOON, ended_by=pia.user)

    wish = ask(marc, pia.publisher.siren)

    assert joining.waiting_requests(pia.publisher_id) == [wish]
    assert mails() == [("join_asked", "ana@souffle.example"), ("join_asked", "pia@souffle.example")]
    assert actions() == ["store.join.ask"]


def test_accepted_with_roles(pia, marc):
    wish = ask(marc, pia.publisher.siren)

    joining.accept(actor=as_publisher(pia), request_id=wish.id, roles=["dpo", "technical"], at=LATER)

    new = Member.objects.get(user=marc)
    assert (new.publisher_id, new.name, new.roles) == (pia.publisher_id, "Marc Delmas", ["technical", "dpo"])
    wish.refresh_from_db()
    assert (wish.is_accepted, wish.decided_by, wish.decided_at) == (True, pia.user, LATER)
    assert ("join_accepted", "marc@souffle.example") in mails()
    assert actions() == ["store.join.ask", "store.join.accept", "store.member.start"]


def test_refused(pia, marc):
    wish = ask(marc, pia.publisher.siren)

    joining.refuse(actor=as_publisher(pia), request_id=wish.id, at=LATER)

    assert not Member.objects.filter(user=marc).exists()
    assert ("join_refused", "marc@souffle.example") in mails()
    assert joining.own_request(marc.pk) is None


def test_s32_mails_to_who_asks_do_not_name_the_organisation(pia, marc):
    joining.refuse(actor=as_publisher(pia), request_id=ask(marc, pia.publisher.siren).id, at=LATER)

    for row in Mail.objects.all():
        letter = str(letter_of(row))
        assert pia.publisher.name not in letter
        assert pia.publisher.siren not in letter


@pytest.mark.parametrize("act", ["accept", "refuse"])
def test_the_second_answer_changes_nothing(pia, marc, act):
    wish = ask(marc, pia.publisher.siren)
    joining.refuse(actor=as_publisher(pia), request_id=wish.id, at=NOON)
    more = {"roles": ["technical"]} if act == "accept" else {}

    with pytest.raises(joining.AlreadyAnsweredError):
        getattr(joining, act)(actor=as_publisher(pia), request_id=wish.id, at=LATER, **more)

    assert Mail.objects.filter(user=marc).count() == 1


@pytest.mark.parametrize("roles", [["technical"], ["signatory"], ["dpo"]])
def test_sto_13_only_an_administrator_answers(pia, marc, roles):
    wish = ask(marc, pia.publisher.siren)
    other = as_publisher(member(publisher=pia.publisher, roles=roles))

    with pytest.raises(AccessDeniedError):
        joining.accept(actor=other, request_id=wish.id, roles=["owner"], at=LATER)
    with pytest.raises(AccessDeniedError):
        joining.refuse(actor=other, request_id=wish.id, at=LATER)


def test_sec_01_an_administrator_of_another_organisation_finds_nothing(pia, marc):
    wish = ask(marc, pia.publisher.siren)

    for request_id in (wish.id, uuid7()):
        with pytest.raises(UnknownRowError):
            joining.accept(actor=as_publisher(member()), request_id=request_id, roles=["owner"], at=LATER)


@pytest.mark.parametrize(("roles", "reason"), [([], "missing"), (["chief"], "unknown"), (["owner", "x"], "unknown")])
def test_roles_are_those_of_the_list(pia, marc, roles, reason):
    wish = ask(marc, pia.publisher.siren)

    with pytest.raises(WrongValueError) as caught:
        joining.accept(actor=as_publisher(pia), request_id=wish.id, roles=roles, at=LATER)

    assert caught.value.reason == reason
    assert JoinRequest.objects.get().decided_at is None


def test_one_request_at_a_time_and_none_for_members(pia, marc):
    ask(marc, pia.publisher.siren)
    with pytest.raises(joining.AlreadyAskedError):
        ask(marc, member().publisher.siren)
    with pytest.raises(AlreadyMemberError):
        ask(pia.user, member().publisher.siren)
    with pytest.raises(UnknownRowError):
        ask(publisher_user(), "356000000")


def test_who_joined_elsewhere_meanwhile_is_not_let_in_twice(pia, marc):
    wish = ask(marc, pia.publisher.siren)
    member(user=marc)

    with pytest.raises(AlreadyMemberError):
        joining.accept(actor=as_publisher(pia), request_id=wish.id, roles=["technical"], at=LATER)

    assert JoinRequest.objects.get().decided_at is None


def test_a_request_taken_back_can_be_made_again_five_times_a_day(pia, marc):
    for _ in range(5):
        ask(marc, pia.publisher.siren)
        assert joining.withdraw(actor=nobody_yet(marc), at=NOON) is True

    assert joining.withdraw(actor=nobody_yet(marc), at=NOON) is False
    with pytest.raises(TooSoonError) as caught:
        ask(marc, pia.publisher.siren)
    assert caught.value.again_at == NOON + timedelta(days=1)
    assert set(actions()) == {"store.join.ask", "store.join.withdraw"}
