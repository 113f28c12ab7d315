"""Receipts to take away and to check (O-06), the ways without a code (O-10)."""

from __future__ import annotations

import re
from datetime import timedelta
from http import HTTPStatus
from io import BytesIO

import pikepdf
import pytest

from apps.audit.models import AuditEvent
from apps.rollout.models import Channel, EligiblePerson, Opposition
from apps.rollout.proofs import proof_of
from apps.rollout.services import opposing
from apps.spaces.models import HealthSpace
from tests import factories as portal
from tests.harness.clock import NOON
from tests.rollout.letters import BORN, open_yesterday, wish
from tests.rollout.visiting import Visitor, url
from tests.tagged_pdf import faults_of_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
State = EligiblePerson.State
NEUTRAL = "Nous ne retrouvons pas ce code avec cette date de naissance. Vérifiez les deux."


class TestReceipts:
    def test_decisions_35_the_receipt_is_a_tagged_pdf_without_other_names(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        link = re.search(r'href="(/opposition/recepisse/[^"]+)"', visitor.text)[1]

        answer = visitor.client.get(link)

        assert answer["Content-Disposition"] == 'attachment; filename="recepisse.pdf"'
        assert faults_of_pdf(answer.content) == []
        assert AuditEvent.objects.get(action="rollout.receipt.download").target == f"eligible:{marguerite.pk}"

    def test_o_06_the_receipt_is_found_again_by_the_code(self, marguerite):
        Visitor().oppose(marguerite.code, birth_date=BORN)
        visitor = Visitor()
        visitor.identify(marguerite.code, BORN)
        visitor.post("opposition_capacity", capacity="self", mail="")
        link = re.search(r'href="(/opposition/recepisse/[^"]+)"', visitor.text)[1]

        assert visitor.client.get(link)["Content-Type"] == "application/pdf"

    def test_nothing_recorded_no_receipt(self, marguerite):
        visitor = Visitor()
        visitor.to_check(marguerite.code, choice="attendre", birth_date=BORN)
        handle = visitor.client.session["ens_opposition"]["cases"][0]["handle"]

        assert visitor.client.get(url("receipt_download", handle)).status_code == HTTPStatus.FOUND

    def test_a_receipt_of_another_visit_is_not_to_be_had(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        link = re.search(r'href="(/opposition/recepisse/[^"]+)"', visitor.text)[1]

        assert Visitor().client.get(link).status_code == HTTPStatus.FOUND

    def test_o_06_anybody_may_check_a_receipt_and_learns_no_name(self, marguerite):
        Visitor().oppose(marguerite.code, birth_date=BORN)
        row = Opposition.objects.get()
        visitor = Visitor()

        visitor.post("receipt_check", reference=row.reference.lower().replace("-", " "), proof=proof_of(row.pk).lower())

        assert "Ce récépissé est authentique" in visitor.text
        assert "Opposition enregistrée le 25 novembre 2026 à 13 h 00" in visitor.text
        assert "Marguerite" not in visitor.text

    @pytest.mark.parametrize("wrong", ["reference", "proof", "both"])
    def test_o_06_number_and_code_must_go_together(self, marguerite, wrong):
        Visitor().oppose(marguerite.code, birth_date=BORN)
        row = Opposition.objects.get()
        reference = row.reference if wrong == "proof" else "OPP-22222-222222"
        proof = proof_of(row.pk) if wrong == "reference" else "22222222"
        visitor = Visitor()

        visitor.post("receipt_check", reference=reference, proof=proof)

        assert "Ce récépissé n'est pas connu" in visitor.text

    def test_o_06_a_withdrawn_opposition_is_said_to_be_so(self, marguerite):
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        visitor.get("opposition_withdraw")
        visitor.post("opposition_withdraw")
        row = Opposition.objects.get()

        visitor.post("receipt_check", reference=row.reference, proof=proof_of(row.pk))

        assert "cette opposition ne vaut plus" in visitor.text

    def test_o_06_the_receipt_of_a_withdrawal_is_of_the_opposition_that_was_withdrawn(self, marguerite):
        """Somebody opposes anew by phone while the page of the withdrawal is still open."""
        visitor = Visitor()
        visitor.oppose(marguerite.code, birth_date=BORN)
        visitor.get("opposition_withdraw")
        visitor.post("opposition_withdraw")
        first = Opposition.objects.get()
        by_phone = wish(channel=Channel.PHONE, operator=portal.staff())
        second = opposing.oppose(person_id=marguerite.pk, wish=by_phone, at=NOON + timedelta(minutes=1))

        visitor.get("opposition_done")

        assert first.reference in visitor.text
        assert second.reference not in visitor.text

    def test_s29_the_receipt_of_a_closing_may_be_checked_and_no_other_closing(self, marguerite):
        space = open_yesterday(marguerite)
        HealthSpace.objects.filter(pk=space.pk).update(
            status="closed", closed_at=NOON, closure_reason="too-late", closure_reference="CLO-22222-222222"
        )
        visitor = Visitor()
        visitor.post("receipt_check", reference="CLO-22222-222222", proof=proof_of(space.pk))
        assert "Espace clos le 25 novembre 2026" in visitor.text

        HealthSpace.objects.filter(pk=space.pk).update(closure_reason="holder")
        visitor.post("receipt_check", reference="CLO-22222-222222", proof=proof_of(space.pk))
        assert "Ce récépissé n'est pas connu" in visitor.text

    def test_sec_09_receipts_are_checked_twenty_times_an_hour(self, client):
        for _time in range(20):
            client.post("/recepisse/", {"reference": "OPP-22222-222222", "proof": "22222222"})

        answer = client.post("/recepisse/", {"reference": "OPP-22222-222222", "proof": "22222222"})

        assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS


class TestOtherWays:
    def test_o_10_four_ways_and_a_form(self, client):
        text = client.get("/opposition/autrement/").content.decode()

        assert 'href="tel:+33261914040"' in text
        for name in ("formulaire.pdf", "formulaire-grands-caracteres.pdf", "formulaire.rtf"):
            assert f'href="/opposition/autrement/{name}"' in text

    @pytest.mark.parametrize("name", ["formulaire.pdf", "formulaire-grands-caracteres.pdf"])
    def test_decisions_35_the_form_is_a_tagged_pdf(self, client, name):
        answer = client.get(f"/opposition/autrement/{name}")

        assert faults_of_pdf(answer.content) == []
        with pikepdf.open(BytesIO(answer.content)) as pdf:
            assert len(pdf.pages) <= 3

    def test_o_10_the_same_words_in_rtf(self, client):
        data = client.get("/opposition/autrement/formulaire.rtf").content

        assert data.startswith(b"{\\rtf1")
        assert data.count(b"{") == data.count(b"}")
        assert b"Nom de naissance" in data
        assert max(data) < 128

    def test_no_other_file(self, client):
        assert client.get("/opposition/autrement/formulaire.doc").status_code == HTTPStatus.NOT_FOUND
