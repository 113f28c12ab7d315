"""SE-06: pages of a holder about the people who help (SPA-52 to SPA-55, SEC-01, SEC-02)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

import pikepdf
import pytest
import time_machine
from django.urls import reverse

from apps.audit.services import events_of
from apps.spaces.models import Delegation, DelegationInvitation
from tests import factories
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of, signed_in
from tests.harness.clock import NOON
from tests.spaces.delegates import ALL, accepted, found, helper, invited, url, words_of
from tests.tagged_pdf import faults_of_pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def space():
    return factories.space()


def answers(person, **changes):
    ins = person.ins_number + person.ins_key
    return {
        "ins_number": ins,
        "first_name": "Diane",
        "family_name": "Morel",
        "birth_date": "14/06/1984",
        "documents": "read",
        "history": "aucun",
        "starts_on": "2026-11-25",
        "ends_on": "2027-05-31",
        **changes,
    }


def seen_on(page):
    """Code of what the form showed."""
    return re.search(r'name="seen" value="([^"]*)"', page.content.decode())[1]


class TestInviting:
    def test_spa_53_find_check_send(self, space):
        user = helper()
        client = holder_of(space).client

        found_page = client.post(url("delegate_invite", space.id), answers(user.identity))
        review = client.get(found_page.url)

        said = words_of(review)
        assert "Diane pourra : consulter les documents et les télécharger un par un." in said
        assert "Cette personne ne pourra jamais : clore votre espace" in said
        assert "L'aide s'arrête le 31 mai 2027." in said
        assert not DelegationInvitation.objects.filter(sent_at__isnull=False).exists()

        sent = client.post(found_page.url)
        assert sent.url == url("delegate_list", space.id)
        assert "Diane Morel En attente de réponse" in words_of(client.get(sent.url))

    @pytest.mark.parametrize(
        "change", [{"first_name": "Diana"}, {"birth_date": "15/06/1984"}, {"family_name": "Moreau"}]
    )
    def test_spa_53_every_miss_is_the_same_page(self, space, change):
        client = holder_of(space).client
        known = helper().identity
        nobody = {**answers(known), "ins_number": "2751263220749" + "74"}

        one = client.post(url("delegate_invite", space.id), answers(known, **change))
        other = client.post(url("delegate_invite", space.id), nobody)

        assert one.status_code == other.status_code == 422
        sentence = "Nous ne trouvons pas de compte actif qui corresponde exactement à ces quatre informations."
        assert sentence in words_of(one)
        assert sentence in words_of(other)

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"ins_number": "284064410900100"}, "Ce numéro est incomplet ou comporte une faute de frappe."),
            ({"birth_date": "1984"}, "Écrivez la date sous la forme jour/mois/année"),
            ({"documents": "aucun"}, "Choisissez au moins une chose que cette personne pourra faire."),
            ({"ends_on": "2027-11-26"}, "L'aide peut durer douze mois au plus : jusqu'au 25 novembre 2027."),
            ({"ends_on": "2026-11-24"}, "Le dernier jour précède le premier"),
            ({"starts_on": "2026-11-24"}, "Le premier jour ne peut pas être passé."),
        ],
    )
    def test_faults_are_said_and_nothing_is_looked_for(self, space, change, said):
        client = holder_of(space).client

        page = client.post(url("delegate_invite", space.id), answers(helper().identity, **change))

        assert page.status_code == 422
        assert said in words_of(page)
        assert not events_of(space.id).filter(action="spaces.delegate.search").exists()

    def test_idn_28_an_unknown_day_of_birth_can_be_written(self, space):
        person = helper(birth_date="1984-06-00").identity

        page = holder_of(space).client.post(url("delegate_invite", space.id), answers(person, birth_date="00/06/1984"))

        assert page.status_code == 302

    def test_spa_53_searches_are_counted(self, space, settings):
        settings.LIMITS = {**settings.LIMITS, "delegate_search": (2, 3600)}
        client = holder_of(space).client
        wrong = answers(helper().identity, first_name="Diana")

        codes = [client.post(url("delegate_invite", space.id), wrong).status_code for _ in range(3)]

        assert codes == [422, 422, 429]

    def test_spa_52_no_place_no_button(self, space):
        client = holder_of(space).client
        for _ in range(3):
            factories.delegation(of=space, person=factories.identity())

        said = words_of(client.get(url("delegate_list", space.id)))

        assert "Trois personnes au plus peuvent vous aider : il n'y a plus de place." in said
        assert "Inviter un proche" not in said

    def test_spa_54_a_refusal_is_said_in_words(self, space):
        person = holder_of(space)
        user = helper()
        invited(space, user.identity)
        draft = found(space, user.identity)

        page = person.client.post(url("delegate_review", space.id, draft.search_id), follow=True)

        assert "Une invitation attend déjà la réponse de cette personne." in words_of(page)

    def test_spa_53_a_late_confirmation_starts_again(self, space, clock):
        person = holder_of(space)
        draft = found(space, helper().identity, at=NOON - timedelta(minutes=14))
        clock.move_to(NOON + timedelta(minutes=1))

        page = person.client.post(url("delegate_review", space.id, draft.search_id), follow=True)

        assert "Plus de quinze minutes ont passé depuis la recherche." in words_of(page)

    def test_idn_37_inviting_asks_who_is_there_after_five_minutes(self, space, clock):
        client = holder_of(space).client
        clock.move_to(NOON + timedelta(minutes=5))

        page = client.get(url("delegate_invite", space.id))

        assert page.url.startswith(reverse("accounts:reauthenticate"))


class TestList:
    def test_empty_says_why_and_what_to_do(self, space):
        said = words_of(holder_of(space).client.get(url("delegate_list", space.id)))

        assert "Personne ne vous aide" in said
        assert "Vous pouvez encore inviter 3 personnes." in said
        assert "Inviter un proche" in said

    def test_running_and_ended_help_with_who_ended_it(self, space):
        client = holder_of(space).client
        factories.delegation(of=space, person=factories.identity(first_given_name="ROSA"))
        for given, by in (("HUGO", "holder"), ("DORA", "delegate"), ("CLEA", "")):
            factories.delegation(
                of=space,
                person=factories.identity(first_given_name=given),
                ended_by=by,
                **{"ended_at" if by else "ends_at": NOON - timedelta(days=2)},
            )

        said = words_of(client.get(url("delegate_list", space.id)))

        assert "Rosa Morel Actif jusqu'au 25 décembre 2026" in said
        assert "Hugo Morel Arrêté par vous le 23 novembre 2026 à 13 h 00" in said
        assert "Dora Morel Arrêté par cette personne le 23 novembre 2026 à 13 h 00" in said
        assert "Clea Morel Terminé à la fin du 23 novembre 2026" in said

    def test_queries_do_not_grow_with_the_rows(self, space, django_assert_max_num_queries):
        client = holder_of(space).client
        client.get(url("delegate_list", space.id))
        counts = []
        for number in (1, 19):
            for _ in range(number):
                factories.delegation(
                    of=space, person=factories.identity(), ended_at=NOON - timedelta(days=1), ended_by="holder"
                )
            with django_assert_max_num_queries(30) as captured:
                client.get(url("delegate_list", space.id))
            counts.append(len(captured))

        assert counts[0] == counts[1]

    def test_an_invitation_is_cancelled(self, space):
        user = helper()
        client = holder_of(space).client
        row = invited(space, user.identity)

        assert "Diane Morel ne pourra plus l'accepter" in words_of(
            client.get(url("invitation_withdraw", space.id, row.id))
        )
        page = client.post(url("invitation_withdraw", space.id, row.id), follow=True)

        assert "Invitation annulée" in words_of(page)
        assert signed_in(user.identity).client.get(url("delegate_accept", row.id)).status_code == 404


class TestDetail:
    def test_spa_54_rights_acts_and_ways_out(self, space):
        document = filed(space)
        relative = delegate_of(space, sections={"documents": "read"})
        relative.client.get(reverse("dmp:document_detail", args=[space.id, document.id]))
        row = Delegation.objects.get(space=space)

        said = words_of(holder_of(space).client.get(url("delegate_detail", space.id, row.id)))

        assert "consulter les documents et les télécharger un par un" in said
        assert "clore votre espace" in said
        assert "A lu un document le 25 novembre 2026 à 13 h 00" in said
        assert "voir qui a consulté les données" not in said

    def test_spa_54_change_holds_on_the_very_next_request(self, space):
        filed(space)
        relative = delegate_of(space)
        row = Delegation.objects.get(space=space)
        documents = reverse("dmp:document_list", args=[space.id])
        assert relative.client.get(documents).status_code == 200

        client, address = holder_of(space).client, url("delegate_change", space.id, row.id)
        page = client.post(
            address,
            {"documents": "aucun", "history": "read", "ends_on": "2027-11-25", "seen": seen_on(client.get(address))},
        )

        assert page.url == url("delegate_detail", space.id, row.id)
        assert relative.client.get(documents).status_code == 404
        assert relative.client.get(reverse("journeys:access_history", args=[space.id])).status_code == 200
        line = events_of(space.id).get(action="spaces.delegate.change")
        assert (line.facts["before"], line.facts["after"]) == (
            "documents=manage history=read messages=manage",
            "history=read",
        )

    def test_decisions_9_renewal_is_at_most_twelve_months_from_today(self, space):
        accepted(space, helper())
        row = Delegation.objects.get(space=space)

        page = holder_of(space).client.post(
            url("delegate_change", space.id, row.id), {"documents": "read", "history": "aucun", "ends_on": "2027-11-26"}
        )

        assert page.status_code == 422
        assert "jusqu'au 25 novembre 2027" in words_of(page)

    def test_rel_21_the_older_tab_is_told_and_what_holds_is_not_overwritten(self, space):
        accepted(space, helper())
        row, client = Delegation.objects.get(space=space), holder_of(space).client
        address = url("delegate_change", space.id, row.id)
        old = seen_on(client.get(address))
        narrow = {"documents": "aucun", "history": "read", "ends_on": "2026-12-31"}
        assert client.post(address, {**narrow, "seen": old}).status_code == 302

        wide = {"documents": "manage", "history": "aucun", "ends_on": "2027-05-31", "seen": old}
        page = client.post(address, wide)

        assert page.status_code == 409
        assert "Ces choix ont été modifiés après l'ouverture de cette page." in words_of(page)
        row.refresh_from_db()
        assert row.sections == {"history": "read"}
        assert client.post(address, {**wide, "seen": seen_on(page)}).status_code == 302
        row.refresh_from_db()
        assert row.sections == {"documents": "manage"}

    def test_rel_21_a_typing_mistake_does_not_hide_the_change_of_another_tab(self, space):
        accepted(space, helper())
        row, client = Delegation.objects.get(space=space), holder_of(space).client
        address = url("delegate_change", space.id, row.id)
        old = seen_on(client.get(address))
        Delegation.objects.filter(pk=row.pk).update(sections={"history": "read"})

        page = client.post(address, {"documents": "read", "history": "aucun", "ends_on": "2020-01-01", "seen": old})

        assert page.status_code == 422
        assert seen_on(page) == old

    def test_help_to_come_does_not_end_before_its_first_day(self, space):
        accepted(space, helper(), starts_on=date(2027, 3, 1), ends_on=date(2027, 5, 31))
        row, client = Delegation.objects.get(space=space), holder_of(space).client
        address = url("delegate_change", space.id, row.id)
        seen = seen_on(client.get(address))

        page = client.post(address, {"documents": "read", "history": "aucun", "ends_on": "2027-02-28", "seen": seen})

        assert page.status_code == 422
        assert "Le dernier jour précède le premier" in words_of(page)
        to_first = {"documents": "read", "history": "aucun", "ends_on": "2027-03-01", "seen": seen}
        assert client.post(address, to_first).status_code == 302

    def test_spa_54_stopping_is_told_to_both_and_twice_is_once(self, space):
        user = helper()
        client = holder_of(space).client
        accepted(space, user)
        row = Delegation.objects.get(space=space)

        assert "Arrêter l'accès de Diane" in words_of(client.get(url("delegate_end", space.id, row.id)))
        for _ in range(2):
            page = client.post(url("delegate_end", space.id, row.id), follow=True)

        assert "Accès arrêté" in words_of(page)
        row.refresh_from_db()
        assert (row.ended_at, row.ended_by) == (NOON, "holder")
        assert events_of(space.id).filter(action="spaces.delegate.end").count() == 1

    @pytest.mark.parametrize("name", ["delegate_detail", "delegate_change", "delegate_end", "delegate_certificate"])
    def test_sec_02_delegations_of_other_spaces_do_not_exist(self, space, name):
        other = factories.space()
        row = factories.delegation(of=other, person=factories.identity())
        client = holder_of(space).client

        assert client.get(url(name, space.id, row.id)).status_code == 404
        assert client.post(url(name, space.id, row.id), {"documents": "read"}).status_code in {404, 405}
        row.refresh_from_db()
        assert row.ended_at is None

    @pytest.mark.parametrize("person_of", [delegate_of, representative_of])
    def test_spa_55_others_do_not_reach_the_pages_of_delegates(self, space, person_of):
        client = person_of(space).client
        row = factories.delegation(of=space, person=factories.identity())

        for name, ids in (("delegate_detail", (row.id,)), ("delegate_invite", ()), ("delegate_end", (row.id,))):
            assert client.get(url(name, space.id, *ids)).status_code == 404
            assert client.post(url(name, space.id, *ids)).status_code == 404

    def test_decisions_35_the_certificate_is_a_tagged_pdf(self, space):
        user = helper(first_given_name="DIANE", birth_given_names="DIANE", birth_family_name='#panic("x")')
        factories.delegation(of=space, person=user.identity, sections=ALL)
        row = Delegation.objects.get(space=space)

        page = holder_of(space).client.get(url("delegate_certificate", space.id, row.id))

        assert page["Content-Type"] == "application/pdf"
        assert page["Content-Disposition"] == 'attachment; filename="attestation-aidant.pdf"'
        assert faults_of_pdf(page.content) == []
        with pikepdf.open(io.BytesIO(page.content)) as pdf:
            assert str(pdf.docinfo["/Title"]) == "Attestation d'aidant"

    def test_an_ended_help_has_no_certificate(self, space):
        row = factories.delegation(of=space, person=factories.identity(), ends_at=NOON)

        assert holder_of(space).client.get(url("delegate_certificate", space.id, row.id)).status_code == 404
