"""PU-02, STO-13: an organisation is registered once, and changed by its administrators only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from apps.access import AccessDeniedError, Actor, Role
from apps.store.models import AddressProof, JoinRequest, Member, Publisher
from apps.store.services import publishers
from apps.store.services.errors import ChangedError, WrongValueError
from tests.harness.clock import NOON
from tests.store.factories import as_publisher, member, publisher, publisher_user
from tests.store.publishers.people import POST_SIREN, POST_SIRET, SIREN, SIRET, actions, details, nobody_yet

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


def register(user, *, siren=SIREN, **values):
    return publishers.register(
        actor=nobody_yet(user), siren=siren, person="Pia Lormont", details=details(**values), at=NOON
    )


def test_the_founder_becomes_administrator():
    pia = publisher_user()

    own = register(pia, siret="732 829 320 00074", contact_email="Contact@Souffle.example")

    founder = Member.objects.get(publisher=own)
    assert (founder.user, founder.name, founder.roles) == (pia, "Pia Lormont", ["owner"])
    assert (own.siren, own.siret, own.contact_email) == (SIREN, SIRET, "contact@souffle.example")
    assert (own.created_by, own.sequence) == (pia, 0)
    assert actions() == ["store.publisher.register", "store.member.start"]


def test_sto_106_its_addresses_are_asked_about_but_for_that_of_the_sign_in(django_capture_on_commit_callbacks):
    pia = publisher_user(email="pia@souffle.example")
    with django_capture_on_commit_callbacks(execute=True):
        own = register(pia, contact_email="pia@souffle.example")

    assert [one.to for one in mail.outbox] == [["alerte@souffle.example"]]
    assert dict(AddressProof.objects.filter(publisher=own).values_list("email", "confirmed_at")) == {
        "pia@souffle.example": NOON, "alerte@souffle.example": None,
    }  # fmt: skip


def test_s32_the_same_siren_is_registered_once():
    register(publisher_user())

    with pytest.raises(publishers.AlreadyRegisteredError):
        register(publisher_user())

    assert Publisher.objects.count() == 1
    assert Member.objects.count() == 1


def test_one_person_acts_for_one_organisation():
    pia = publisher_user()
    register(pia)

    with pytest.raises(publishers.AlreadyMemberError):
        register(pia, siren=POST_SIREN, siret=POST_SIRET)


def test_a_request_that_waited_elsewhere_is_taken_back():
    pia = publisher_user()
    JoinRequest.objects.create(publisher=publisher(), user=pia, name="Pia Lormont", asked_at=NOON)

    register(pia)

    assert JoinRequest.objects.get().is_accepted is False


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"siret": POST_SIRET}, "siret"),
        ({"finess": "290000010"}, "finess"),
        ({"group_siren": "732829321"}, "group_siren"),
        ({"security_email": " "}, "security_email"),
    ],
)
def test_a_wrong_value_is_named_and_nothing_is_kept(values, field):
    with pytest.raises(WrongValueError) as caught:
        register(publisher_user(), **values)

    assert caught.value.field == field
    assert Publisher.objects.count() == 0


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PUBLISHER])
def test_sec_15_only_a_publisher_registers(role):
    actor = Actor(role=role, at=NOON, user_id=publisher_user().pk)

    with pytest.raises(AccessDeniedError):
        publishers.register(actor=actor, siren=SIREN, person="Sam", details=details(), at=NOON)


class TestChange:
    @pytest.fixture
    def pia(self):
        pia = member()
        register_as = details(siret=pia.publisher.siret, name="Avant")
        publishers.change(actor=as_publisher(pia), details=register_as, seen=0, at=NOON)
        return pia

    def changed(self, of, *, seen=1, **values):
        given = details(**{"siret": of.publisher.siret, "name": "Avant", **values})
        publishers.change(actor=as_publisher(of), details=given, seen=seen, at=LATER)

    def test_it_counts_and_says_who(self, pia):
        self.changed(pia, name="Après", security_phone="02 61 91 00 02")

        own = Publisher.objects.get(pk=pia.publisher_id)
        assert (own.name, own.security_phone, own.sequence) == ("Après", "02 61 91 00 02", 2)
        assert (own.changed_by, own.changed_at) == (pia.user, LATER)
        assert actions()[-1] == "store.publisher.change"

    def test_nothing_changed_is_no_change(self, pia):
        before = len(actions())
        self.changed(pia)

        assert Publisher.objects.get(pk=pia.publisher_id).sequence == 1
        assert len(actions()) == before

    def test_s34_the_second_of_two_pages_overwrites_nothing(self, pia):
        marc = member(publisher=pia.publisher, roles=["owner"])
        self.changed(pia, name="De Pia")

        with pytest.raises(ChangedError) as caught:
            self.changed(marc, name="De Marc")

        assert (caught.value.actor, caught.value.at) == (str(pia.user_id), LATER)
        assert Publisher.objects.get(pk=pia.publisher_id).name == "De Pia"

    def test_a_new_address_is_asked_about_once(self, pia, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            self.changed(pia, security_email="nuit@souffle.example")

        assert [one.to for one in mail.outbox] == [["nuit@souffle.example"]]

    @pytest.mark.parametrize("roles", [["technical"], ["signatory"], ["dpo"]])
    def test_sto_13_other_members_change_nothing(self, pia, roles):
        other = member(publisher=pia.publisher, roles=roles)

        with pytest.raises(AccessDeniedError):
            self.changed(other, name="Autre")

    def test_who_has_left_changes_nothing(self, pia):
        Member.objects.filter(pk=pia.pk).update(ended_at=NOON, ended_by=pia.user)

        with pytest.raises(AccessDeniedError):
            self.changed(pia, name="Autre")

    def test_the_siren_stays(self, pia):
        with pytest.raises(WrongValueError):
            self.changed(pia, siret=POST_SIRET)
