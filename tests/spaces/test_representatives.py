"""SE-08: who represents whom, a second parent, twins, assistance, majority (SPA-40 to SPA-51)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from apps.access import AccessDeniedError, Purpose, Role
from apps.dmp import policies as dmp
from apps.spaces import policies
from apps.spaces.entry import enter
from apps.spaces.majority import majority_at
from apps.spaces.models import DelegationInvitation, Representation
from apps.spaces.services import invitations, representations
from apps.spaces.services.errors import DelegationNotFoundError, InvitationFault, InvitationRefusedError
from tests import factories
from tests.dmp.factories import filed, holder_of, signed_in
from tests.harness.clock import NOON
from tests.spaces.delegates import helper, holder_actor, reader, url, words_of

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
# Léa of the tests was born on 20 March 2017: 18 on 20 March 2035, winter time.
MAJORITY = datetime(2035, 3, 19, 23, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def child():
    return factories.space(person=factories.child_identity())


@pytest.fixture
def mother(child):
    person = factories.identity(first_given_name="ROSA", birth_given_names="ROSA")
    factories.representation(of=child, person=person, ends_at=MAJORITY)
    return signed_in(person)


def answers(person, **changes):
    return {
        "ins_number": person.ins_number + person.ins_key,
        "first_name": "Marc",
        "family_name": "Morel",
        "birth_date": "14/06/1984",
        "capacity": "PERE",
        "certified": "on",
        **changes,
    }


def father():
    return helper(first_given_name="MARC", birth_given_names="MARC", sex="M")


def invite(mother, child, user, **more):
    """Through the pages: form, check, send."""
    review = mother.client.post(url("representative_invite", child.id), answers(user.identity)).url
    assert mother.client.get(review).status_code == 200
    mother.client.post(review, more)
    return DelegationInvitation.objects.filter(space=child, sent_at__isnull=False).order_by("-id").first()


class TestSecondParent:
    def test_spa_41_invited_told_and_entered(self, child, mother):
        user = father()
        row = invite(mother, child, user)
        client = signed_in(user.identity).client

        said = words_of(client.get(url("delegate_accept", row.id)))
        assert "Rosa M. vous invite à représenter Lea M." in said
        assert "En qualité de : père." in said
        client.post(url("delegate_accept", row.id), {"reponse": "accepter"})

        made = Representation.objects.get(space=child, person=user.identity)
        assert (made.capacity, made.starts_at, made.ends_at) == ("PERE", NOON, MAJORITY)
        assert client.get(reverse("journeys:dashboard", args=[child.id])).status_code == 200
        page = words_of(mother.client.get(url("representatives", child.id)))
        assert "Marc Morel Acceptée" not in page
        assert "Marc Morel père · depuis le 25 novembre 2026 · prend fin le 20 mars 2035 à 0 h 00" in page

    def test_spa_41_the_first_parent_reads_each_state(self, child, mother):
        user = father()
        row = invite(mother, child, user)
        assert "Marc Morel En attente de réponse" in words_of(mother.client.get(url("representatives", child.id)))

        invitations.refuse_invitation(reader=reader(user), invitation_id=row.id, at=NOON)

        assert "Marc Morel Refusée" in words_of(mother.client.get(url("representatives", child.id)))

    def test_spa_41_the_quality_must_be_certified(self, child, mother):
        page = mother.client.post(
            url("representative_invite", child.id), {**answers(father().identity), "certified": ""}
        )

        assert page.status_code == 422
        assert not DelegationInvitation.objects.exists()

    def test_spa_41_at_most_two_and_not_twice(self, child, mother):
        factories.representation(of=child, person=factories.identity(), capacity="PERE")
        assert "Inviter l'autre représentant" not in words_of(mother.client.get(url("representatives", child.id)))

        review = mother.client.post(url("representative_invite", child.id), answers(father().identity)).url
        page = mother.client.post(review, follow=True)

        assert "Deux représentants sont déjà enregistrés." in words_of(page)

    def test_spa_41_nobody_invites_a_representative_of_an_adult(self):
        adult = factories.space()
        guardian = factories.identity(first_given_name="CLAIRE")
        factories.representation(of=adult, person=guardian, ends_at=None, capacity="FAMILLE", measure="TUTELLE")
        client = signed_in(guardian).client

        assert client.get(url("representative_invite", adult.id)).status_code == 404
        assert client.post(url("representative_invite", adult.id), answers(father().identity)).status_code == 404

    def test_spa_48_accepting_after_the_birthday_is_too_late(self, child, mother):
        user = father()
        row = invite(mother, child, user)
        DelegationInvitation.objects.filter(id=row.id).update(expires_at=MAJORITY + timedelta(days=9))

        with pytest.raises(InvitationRefusedError) as error:
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=MAJORITY)

        assert error.value.fault is InvitationFault.NOT_A_CHILD

    def test_spa_41_an_invitation_is_worth_what_the_inviter_may_do(self, child, mother):
        """A judge ended her right meanwhile: nobody gets one from her any more."""
        user = father()
        row = invite(mother, child, user)
        Representation.objects.filter(space=child).update(ended_at=NOON - SECOND)
        client = signed_in(user.identity).client

        page = client.post(url("delegate_accept", row.id), {"reponse": "accepter"}, follow=True)

        assert "La personne à l'origine de cette invitation ne représente plus cet enfant." in words_of(page)
        assert not Representation.objects.filter(person=user.identity).exists()
        with pytest.raises(InvitationRefusedError) as error:
            invitations.accept_invitation(reader=reader(user), invitation_id=row.id, at=NOON)
        assert error.value.fault is InvitationFault.INVITER_ENDED

    def test_spa_48_the_invited_person_reads_why_it_is_too_late(self, child, mother, clock):
        user = father()
        row = invite(mother, child, user)
        DelegationInvitation.objects.filter(id=row.id).update(expires_at=MAJORITY + timedelta(days=9))
        clock.move_to(MAJORITY)

        page = signed_in(user.identity).client.post(
            url("delegate_accept", row.id), {"reponse": "accepter"}, follow=True
        )

        assert "est majeur" in words_of(page)


class TestTwins:
    @pytest.fixture
    def twin(self, mother):
        twin = factories.space(person=factories.child_identity(first_given_name="NOE", sex="M"))
        factories.representation(of=twin, person=mother.identity, ends_at=MAJORITY)
        return twin

    def test_spa_42_the_flow_asks_which_ones(self, child, mother, twin):
        review = mother.client.post(url("representative_invite", child.id), answers(father().identity)).url

        assert "Enfants nés le même jour" in words_of(mother.client.get(review))
        assert "Noe M." in words_of(mother.client.get(review))

    def test_spa_42_a_ticked_twin_gets_an_invitation_of_its_own(self, child, mother, twin):
        user = father()
        invite(mother, child, user, aussi=[str(twin.id)])

        sent = DelegationInvitation.objects.filter(sent_at__isnull=False).values_list("space_id", flat=True)
        assert set(sent) == {child.id, twin.id}

    def test_spa_42_an_unticked_one_does_not(self, child, mother, twin):
        invite(mother, child, father())

        assert not DelegationInvitation.objects.filter(space=twin).exists()

    def test_sec_02_a_child_of_somebody_else_is_left_out(self, child, mother):
        other = factories.space(person=factories.child_identity(first_given_name="TOM"))

        invite(mother, child, father(), aussi=[str(other.id), "pas-un-identifiant"])

        assert not DelegationInvitation.objects.filter(space=other).exists()


class TestMajority:
    @pytest.mark.parametrize(
        ("born", "of_age"),
        [
            ("2008-11-25", datetime(2026, 11, 24, 23, tzinfo=UTC)),
            ("2008-02-29", datetime(2026, 2, 28, 23, tzinfo=UTC)),
            ("2008-07-00", datetime(2026, 6, 30, 22, tzinfo=UTC)),
            ("2008-00-00", datetime(2025, 12, 31, 23, tzinfo=UTC)),
        ],
    )
    def test_spa_48_the_parent_goes_and_the_young_adult_comes_at_midnight(self, clock, born, of_age):
        person = factories.child_identity(birth_date=born)
        space = factories.space(person=person, opened_at=of_age - timedelta(days=900))
        parent = factories.user(person=factories.identity())
        factories.representation(of=space, person=parent.identity, ends_at=majority_at(person.born_on))
        young = factories.user(person=person)

        def inside(at):
            return [enter(user=user, space_id=space.id, level="eidas2", at=at) is not None for user in (parent, young)]

        assert [inside(of_age + step) for step in (-SECOND, timedelta(), SECOND)] == [
            [True, False],
            [False, True],
            [False, True],
        ]

    def test_spa_48_the_page_says_what_ends_and_when(self, child, mother):
        said = words_of(mother.client.get(url("representatives", child.id)))

        assert "Le 20 mars 2035, Lea aura 18 ans. Vous n'aurez plus accès à son espace" in said

    def test_spa_48_the_young_adult_reads_who_had_access(self):
        space = factories.space(person=factories.child_identity(birth_date="2008-11-20"))
        parent = factories.identity(first_given_name="ERIC", sex="M")
        factories.representation(
            of=space, person=parent, capacity="PERE", ends_at=datetime(2026, 11, 19, 23, tzinfo=UTC)
        )

        said = words_of(holder_of(space).client.get(url("representatives", space.id)))

        assert "Eric Morel père · depuis le 25 novembre 2025 · terminé le 20 novembre 2026 à 0 h 00" in said
        assert "Personne ne vous représente" in said


class TestProtectedAdults:
    @pytest.fixture
    def adult(self):
        return factories.space()

    def test_spa_50_both_may_act(self, adult):
        guardian = helper()
        factories.representation(
            of=adult, person=guardian.identity, ends_at=None, capacity="FAMILLE", measure="HABILITATION_FAMILIALE"
        )

        actors = [
            enter(user=user, space_id=adult.id, level="eidas2", at=NOON).actor
            for user in (guardian, factories.user(person=adult.identity))
        ]

        assert [actor.role for actor in actors] == [Role.REPRESENTATIVE, Role.HOLDER]
        assert all(policies.may_decide(actor, "SPA-30") for actor in actors)

    @pytest.mark.parametrize(
        "measure",
        [
            {"measure": "CURATELLE_SIMPLE", "mode": "assistance", "scope": "personne"},
            {"measure": "TUTELLE", "mode": "representation", "scope": "biens"},
        ],
    )
    def test_spa_51_assistance_sees_only_with_consent_and_decides_nothing(self, adult, measure):
        filed(adult)
        curator = helper()
        row = factories.representation(of=adult, person=curator.identity, ends_at=None, capacity="MJPM", **measure)
        assert enter(user=curator, space_id=adult.id, level="eidas2", at=NOON) is None

        representations.agree_to_assistance(actor=holder_actor(adult), representation_id=row.id, agrees=True, at=NOON)

        assert enter(user=curator, space_id=adult.id, level="eidas2", at=NOON - SECOND) is None
        entry = enter(user=curator, space_id=adult.id, level="eidas2", at=NOON)
        assert (entry.actor.role, entry.actor.purpose) == (Role.DELEGATE, Purpose.REPRESENTATION)
        assert (entry.view.reads, entry.view.manages) == ({"documents", "history"}, frozenset())
        assert not policies.may_decide(entry.actor, "SPA-30")

        representations.agree_to_assistance(
            actor=holder_actor(adult), representation_id=row.id, agrees=False, at=NOON + SECOND
        )
        assert enter(user=curator, space_id=adult.id, level="eidas2", at=NOON + SECOND) is None

    def test_spa_51_the_protected_person_decides_on_the_page(self, adult):
        curator = helper()
        row = factories.representation(
            of=adult,
            person=curator.identity,
            ends_at=None,
            capacity="MJPM",
            measure="CURATELLE_SIMPLE",
            mode="assistance",
        )
        client = holder_of(adult).client
        page = words_of(client.get(url("representatives", adult.id)))
        assert "curatelle simple (la personne)" in page
        assert "ne voit rien sans l'accord de la personne protégée" in page

        assert "Laisser Diane Morel consulter" in words_of(client.get(url("assistance_consent", adult.id, row.id)))
        given = client.post(url("assistance_consent", adult.id, row.id), {"accord": "oui"}, follow=True)
        assert "Accord donné" in words_of(given)
        helped = words_of(signed_in(curator.identity).client.get(reverse("journeys:choose_space") + "?tous"))
        assert "vous assistez cette personne" in helped

        client.post(url("assistance_consent", adult.id, row.id), {"accord": "non"})
        row.refresh_from_db()
        assert row.consented_at is None

    def test_spa_51_nobody_agrees_for_the_protected_person(self, adult):
        row = factories.representation(of=adult, person=factories.identity(), ends_at=None, mode="assistance")
        actor = replace(holder_actor(adult), role=Role.REPRESENTATIVE)

        with pytest.raises(AccessDeniedError):
            representations.agree_to_assistance(actor=actor, representation_id=row.id, agrees=True, at=NOON)

    def test_sec_02_a_row_of_another_space_does_not_exist(self, adult):
        row = factories.representation(
            of=factories.space(), person=factories.identity(), ends_at=None, mode="assistance"
        )

        with pytest.raises(DelegationNotFoundError):
            representations.agree_to_assistance(
                actor=holder_actor(adult), representation_id=row.id, agrees=True, at=NOON
            )


class TestEnds:
    def test_the_right_of_a_dead_person_has_ended(self, child):
        parent = helper(died_on=date(2026, 11, 1))
        factories.representation(of=child, person=parent.identity)
        factories.delegation(of=factories.space(), person=parent.identity)

        assert enter(user=parent, space_id=child.id, level="eidas2", at=NOON) is None
        assert not Representation.objects.running(at=NOON).exists()

    @pytest.mark.parametrize("status", ["closed", "deleted"])
    def test_nobody_represents_in_a_closed_space(self, child, mother, status):
        type(child).objects.filter(pk=child.pk).update(status=status, closed_at=NOON)

        assert mother.client.get(url("representatives", child.id)).status_code == 404


class TestSections:
    def test_spa_55_a_delegate_without_documents_sees_none(self):
        space = factories.space()
        row = filed(space)
        user = helper()
        factories.delegation(of=space, person=user.identity, sections={"history": "read"})
        actor = enter(user=user, space_id=space.id, level="eidas2", at=NOON).actor

        assert (dmp.may_read(actor, row).allowed, dmp.may_read(actor, row).rule) == (False, "SPA-55")
        assert not type(row).objects.visible_to(actor).exists()

    def test_spa_55_a_reader_hides_nothing(self):
        space = factories.space()
        row = filed(space)
        user = helper()
        factories.delegation(of=space, person=user.identity, sections={"documents": "read"})
        client = signed_in(user.identity).client

        page = client.get(reverse("dmp:document_detail", args=[space.id, row.id]))
        assert "Masquer" not in words_of(page)
        for name, ids in (("document_hide", (row.id,)), ("document_unhide", (row.id,)), ("selection_hide", ())):
            path = reverse(f"dmp:{name}", args=[space.id, *ids])
            assert client.get(path).status_code == client.post(path, {"document": str(row.id)}).status_code == 404
        row.refresh_from_db()
        assert row.hidden_at is None

    def test_spa_55_menu_home_and_history_tell_nothing_of_a_closed_section(self):
        space = factories.space()
        row = filed(space)
        holder_of(space).client.get(reverse("dmp:document_detail", args=[space.id, row.id]))
        user = helper()
        factories.delegation(of=space, person=user.identity, sections={"history": "read"})
        client = signed_in(user.identity).client

        home = client.get(reverse("journeys:dashboard", args=[space.id]))
        history = client.get(reverse("journeys:access_history", args=[space.id]) + "?periode=tout")

        assert reverse("dmp:document_list", args=[space.id]) not in home.content.decode()
        assert "document" not in words_of(home).lower().replace("documents arrivent", "")
        assert "A lu un document" not in words_of(history)
        assert "A déposé un document" not in words_of(history)
