"""SE-07 and S-09: what somebody who was invited reads and answers (SPA-52 to SPA-55, SEC-01, SEC-02)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse

from apps.common.ids import uuid7
from apps.spaces.models import Delegation
from tests import factories
from tests.dmp.factories import signed_in
from tests.harness.clock import NOON
from tests.spaces.delegates import accepted, helper, invited, url, words_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def space():
    return factories.space()


class TestInvited:
    def test_spa_54_who_invites_what_is_allowed_and_the_duties(self, space):
        user = helper()
        row = invited(space, user.identity)

        said = words_of(signed_in(user.identity).client.get(url("delegate_accept", row.id)))

        assert "Alice M. vous demande de l'aide" in said
        assert "Alice Morel" not in said
        assert "Vous ne pourrez jamais : clore l'espace" in said
        assert "Connectez-vous avec votre propre compte" in said
        assert "Cette invitation expire le 10 décembre 2026 à 13 h 00." in said

    def test_spa_54_yes_leads_to_the_space(self, space):
        user = helper()
        row = invited(space, user.identity)
        client = signed_in(user.identity).client

        page = client.post(url("delegate_accept", row.id), {"reponse": "accepter"}, follow=True)

        assert page.redirect_chain[-1][0] == reverse("journeys:dashboard", args=[space.id])
        assert "Vous êtes dans l'espace d'Alice M." in words_of(page)
        assert "– espace d'Alice M. –" in words_of(page)

    def test_spa_54_no_is_no(self, space):
        user = helper()
        row = invited(space, user.identity)
        client = signed_in(user.identity).client

        page = client.post(url("delegate_accept", row.id), {"reponse": "refuser"}, follow=True)

        assert "Invitation refusée" in words_of(page)
        assert client.get(reverse("journeys:dashboard", args=[space.id])).status_code == 404

    def test_an_answer_that_is_none_changes_nothing(self, space):
        user = helper()
        row = invited(space, user.identity)

        page = signed_in(user.identity).client.post(url("delegate_accept", row.id), {"reponse": "peut-être"})

        assert page.url == url("delegate_accept", row.id)
        row.refresh_from_db()
        assert row.answer == ""

    def test_sec_01_unknown_and_somebody_elses_are_the_same_404(self, space):
        row = invited(space, helper().identity)
        client = signed_in(helper().identity).client

        for target in (row.id, uuid7()):
            assert client.get(url("delegate_accept", target)).status_code == 404
            assert client.post(url("delegate_accept", target), {"reponse": "accepter"}).status_code == 404
        row.refresh_from_db()
        assert row.answer == ""

    def test_sec_04_an_expired_one_says_so_and_cannot_be_accepted(self, space, clock):
        user = helper()
        row = invited(space, user.identity)
        clock.move_to(row.expires_at)
        client = signed_in(user.identity).client

        assert "Cette invitation a expiré le 10 décembre 2026 à 13 h 00." in words_of(
            client.get(url("delegate_accept", row.id))
        )
        page = client.post(url("delegate_accept", row.id), {"reponse": "accepter"}, follow=True)
        assert "Il n'est plus possible de répondre à cette invitation." in words_of(page)
        assert not Delegation.objects.exists()

    def test_spa_52_too_many_is_said_to_the_invited(self, space):
        user = helper()
        row = invited(space, user.identity)
        for _ in range(5):
            factories.delegation(of=factories.space(), person=user.identity)

        page = signed_in(user.identity).client.post(
            url("delegate_accept", row.id), {"reponse": "accepter"}, follow=True
        )

        assert "Vous aidez déjà cinq personnes, c'est le maximum." in words_of(page)

    def test_people_helped_with_a_way_out(self, space):
        user = helper()
        accepted(space, user)
        client = signed_in(user.identity).client
        row = Delegation.objects.get(space=space)

        said = words_of(client.get(url("invitation_list")))
        assert "Alice M. Actif jusqu'au 31 mai 2027" in said
        assert client.get(url("help_certificate", row.id)).status_code == 200
        assert "Arrêter d'aider Alice M." in words_of(client.get(url("help_end", row.id)))
        page = client.post(url("help_end", row.id), follow=True)

        assert "Aide arrêtée" in words_of(page)
        row.refresh_from_db()
        assert (row.ended_at, row.ended_by) == (NOON, "delegate")

    def test_sec_02_the_help_of_somebody_else_does_not_exist(self, space):
        row = factories.delegation(of=space, person=factories.identity())
        client = signed_in(helper().identity).client

        assert client.post(url("help_end", row.id)).status_code == 404
        assert client.get(url("help_certificate", row.id)).status_code == 404
        row.refresh_from_db()
        assert row.ended_at is None

    def test_empty_says_what_will_fill_it(self):
        said = words_of(signed_in(helper().identity).client.get(url("invitation_list")))

        assert "Aucune invitation, personne à aider" in said

    def test_sec_34_below_the_level_nothing_is_shown(self, space, settings):
        settings.HOLDER_MIN_LEVEL = "eidas3"
        user = helper()
        row = invited(space, user.identity)
        client = signed_in(user.identity).client

        assert "Alice" not in words_of(client.get(url("invitation_list")))
        assert client.get(url("delegate_accept", row.id)).status_code == 404


class TestChoosing:
    def test_s_09_a_waiting_invitation_is_said_before_a_space_is_chosen(self, space):
        user = helper()
        factories.space(person=user.identity)
        invited(space, user.identity)

        page = signed_in(user.identity).client.get(reverse("journeys:choose_space"))

        assert page.status_code == 200
        assert "1 invitation attend votre réponse." in words_of(page)

    def test_s_09_nobody_with_an_invitation_is_left_without_it(self, space):
        user = helper()
        invited(space, user.identity)

        said = words_of(signed_in(user.identity).client.get(reverse("journeys:choose_space")))

        assert "Aucun espace à votre nom" in said
        assert "1 invitation attend votre réponse." in said
