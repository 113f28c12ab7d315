"""Every sample of the simulated operator, filed in the space of the person it is about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.files import jobs
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.models import StoredFile
from apps.mss.models import Attachment, Correspondent, Message
from simulators.mssante_operator.samples.catalogue import SAMPLES
from tests import factories
from tests.harness.clock import NOON
from tests.mss.arriving import messages_of, receive
from tests.simulators.operator.world import sample

pytestmark = pytest.mark.django_db
PERRIN = "hugo.perrin@pro.mssante.example"
Kind = Attachment.Kind


@pytest.fixture
def camille():
    """The space of the person whom the samples are about."""
    person = factories.identity(
        ins_number="2840644109204",
        first_given_name="CAMILLE",
        birth_given_names="CAMILLE ANNE",
        birth_family_name="MOREL",
        sex="F",
        birth_date="1984-06-14",
    )
    return factories.space(person=person)


def come(space, key, *, minutes=0):
    """One sample arrives; what the space has of it."""
    receive(sample(key), space, at=NOON + timedelta(minutes=minutes), sender=PERRIN)
    return messages_of(space)[-1]


def attachments(message):
    rows = Attachment.objects.filter(message_id=message.id).order_by("position")
    return [(row.kind, row.name, row.held) for row in rows]


@pytest.mark.parametrize("key", [one.key for one in SAMPLES])
def test_each_is_a_message_of_its_box(camille, key):
    message = come(camille, key)

    assert message.correspondent.display_name == "Dr Hugo PERRIN"
    assert message.software == "SIMULATEUR-MSS-1"
    assert Message.objects.filter(space_id=camille.id).count() == 1


def test_mss_50_results_are_one_document_with_its_copy(camille):
    message = come(camille, "laboratory")

    document = Attachment.objects.get(message_id=message.id, kind=Kind.DOCUMENT)
    assert (document.title, document.author_name) == ("Analyses de sang", "Dr Hugo PERRIN")
    assert document.held == ""
    (copy,) = Attachment.objects.filter(message_id=message.id, kind=Kind.TWIN)
    assert (copy.name, copy.parent_id) == ("resultats.pdf", document.id)
    assert message.subject == "Analyses de sang MOREL CAMILLE 14/06/1984"


def test_mss_52_correction_and_withdrawal_are_requests_about_it(camille):
    first = come(camille, "laboratory")
    second, third = come(camille, "corrected", minutes=1), come(camille, "withdrawn", minutes=2)

    original, corrected, withdrawn = (
        Attachment.objects.get(message_id=each.id, kind=Kind.DOCUMENT) for each in (first, second, third)
    )
    assert corrected.replaces == original.unique_id
    assert (withdrawn.is_withdrawal, withdrawn.unique_id) == (True, original.unique_id)


@pytest.mark.parametrize(("key", "reason"), [("concealed", "invisible-patient"), ("other-patient", "904")])
def test_mss_53_dmp_83_what_must_not_be_shown_is_held_with_all_that_came_along(camille, key, reason):
    message = come(camille, key)

    held = {row[2] for row in attachments(message)}
    assert held == {reason}
    assert message.body_kind == Message.Body.PLAIN


def test_s16_the_file_inside_a_forwarded_message(camille):
    rows = attachments(come(camille, "forwarded"))

    assert [(kind, name) for kind, name, _ in rows if kind == Kind.FILE] == [(Kind.FILE, "avis.pdf")]


def test_s15_outlook_container_and_s14_accents_keep_their_names(camille):
    assert [row[1] for row in attachments(come(camille, "outlook"))] == ["winmail.dat"]
    assert [row[1] for row in attachments(come(camille, "picture", minutes=1))] == ["lésion de l'épaule.png"]


def test_mss_58_the_virus_is_found_before_anybody_opens_it(camille):
    message = come(camille, "virus")
    row = Attachment.objects.get(message_id=message.id)

    jobs.scan(vault_id=row.vault_id, file_id=row.file_id, scanner=EmbeddedScanner(), at=NOON)

    assert StoredFile.objects.get(vault_id=row.vault_id, id=row.file_id).state == StoredFile.State.INFECTED


@pytest.mark.parametrize("key", ["end", "last-word"])
def test_mss_24_both_ends_end_the_exchange(camille, key):
    come(camille, "plain")
    come(camille, key, minutes=1)

    assert Correspondent.objects.get(space_id=camille.id).has_ended


def test_mss_60_only_the_sample_that_asks_wants_a_receipt(camille):
    assert not come(camille, "plain").wants_receipt
    assert come(camille, "receipt", minutes=1).receipt_to == PERRIN


def test_mss_39_the_spoiled_one_is_there(camille):
    assert come(camille, "broken").subject == "Courrier abîmé"


def test_mss_31_html_is_text(camille):
    assert come(camille, "html").body_kind == Message.Body.HTML


def test_mss_26_a_colleague_in_copy_is_a_recipient(camille):
    assert any(each["is_copy"] for each in come(camille, "several").recipients)
