"""The outbox of the store (STO-81, REL-01, REL-08) and its words (L6, L25)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from apps.notifications.gateways.base import HandoverUncertainError, LetterRefusedError, RelayUnavailableError
from apps.store import telling
from apps.store.jobs import mailing
from apps.store.mails import letter_of
from apps.store.mails.subjects import SUBJECTS
from apps.store.models import Mail
from apps.store.states import Event, Status
from tests.harness.clock import NOON
from tests.store import factories

FOLDER = Path(settings.BASE_DIR) / "templates" / "store" / "mail" / "fr"


class Box:
    """A relay that keeps what it takes, after the errors it was given."""

    simulated = True

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.taken = list(errors), []

    def hand_over(self, letter) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.taken.append(letter)


def mail(**facts) -> Mail:
    user = factories.publisher_user()
    known = {"number": "2026-0147", "service": "Carnet <Souffle>", "status": "incomplet", "queue": "editeur",
             "due_at": "2026-12-25T22:59:59+00:00", **facts}  # fmt: skip
    telling.write(user_ids=[user.pk], template="dossier_ask", key="k", facts=known, at=NOON)
    return Mail.objects.get(user=user)


class TestWords:
    def test_every_template_has_a_subject_and_every_subject_a_template(self):
        assert {path.stem for path in FOLDER.glob("*.txt")} - {"_footer"} == set(SUBJECTS)

    def test_every_event_that_is_told_has_its_own(self):
        events = {f"dossier_{event}" for event in Event if f"dossier_{event}" in SUBJECTS}
        needed = {f"dossier_{event}" for event in telling.events_of_dossiers()}
        assert needed <= events
        assert {f"service_{event}" for event in telling.events_of_listings()} <= set(SUBJECTS)

    @pytest.mark.django_db
    @pytest.mark.parametrize("template", sorted(SUBJECTS))
    def test_each_can_be_written_in_french_typography(self, template):
        row = mail(days=5)
        row.template = template
        letter = letter_of(row)
        assert letter.subject.endswith("dossier 2026-0147")
        assert letter.text.strip()
        assert not re.search(r"[^\u202f\u00a0\s][;!?]|[{}%]{2}|\bNone\b", letter.text.replace("https://", ""))

    @pytest.mark.django_db
    def test_whose_turn_it_is_and_until_when(self):
        letter = letter_of(mail())
        assert "C'est à vous d'agir, jusqu'au 25 décembre 2026 inclus." in letter.text.replace("\u00a0", " ")
        assert "Carnet <Souffle>" in letter.text
        assert "Carnet &lt;Souffle&gt;" in letter.html


@pytest.mark.django_db
class TestSending:
    def test_rel_01_once_however_often_it_is_tried(self):
        row, box = mail(), Box()
        assert mailing.send_due(relay=box, at=NOON) == {"sent": 1}
        assert mailing.send_due(relay=box, at=NOON) == {}
        row.refresh_from_db()
        assert (row.state, row.sent_at, len(box.taken)) == ("sent", NOON, 1)

    def test_the_same_key_is_one_mail(self):
        row = mail()
        telling.write(user_ids=[row.user_id], template="dossier_ask", key="k", facts={}, at=NOON)
        assert Mail.objects.count() == 1

    def test_a_relay_that_is_away_costs_no_try(self):
        row = mail()
        assert mailing.send_due(relay=Box(RelayUnavailableError()), at=NOON) == {"away": 1}
        row.refresh_from_db()
        assert (row.attempt, row.due_at) == (0, NOON + timedelta(minutes=1))

    def test_rel_08_an_uncertain_handover_is_repeated_as_the_same_mail(self):
        row, box = mail(), Box(HandoverUncertainError())
        mailing.send_due(relay=box, at=NOON)
        mailing.send_due(relay=box, at=NOON + timedelta(minutes=1))
        assert [letter.message_id for letter in box.taken] == [f"<{row.id}@store.ens-portal>"]

    def test_five_tries_then_no_more(self):
        row, box, at = mail(), Box(*[HandoverUncertainError()] * 9), NOON
        for _ in range(8):
            mailing.send_due(relay=box, at=at)
            at += timedelta(hours=7)
        row.refresh_from_db()
        assert (row.state, row.attempt, row.problem) == (Mail.State.DROPPED, 5, "uncertain")

    def test_a_refusal_for_good_and_a_missing_address_end_it(self):
        mailing.send_due(relay=Box(LetterRefusedError(550, permanent=True)), at=NOON) if mail() else None
        row = mail()
        row.user.email = ""
        row.user.save()
        mailing.send_due(relay=Box(), at=NOON)
        assert sorted(Mail.objects.values_list("problem", flat=True)) == ["no-address", "refused"]

    def test_rel_07_a_mail_whose_tries_all_died_is_dropped_and_holds_no_other(self):
        poison, other, box = mail(), mail(), Box()
        Mail.objects.filter(pk=poison.pk).update(leased_until=NOON - timedelta(minutes=5), attempt=5)
        assert mailing.send_due(relay=box, at=NOON) == {"dropped": 1, "sent": 1}
        poison.refresh_from_db()
        assert (poison.state, poison.problem, poison.leased_until) == (Mail.State.DROPPED, "died", None)
        assert [letter.message_id for letter in box.taken] == [f"<{other.id}@store.ens-portal>"]

    def test_s36_a_try_that_died_is_found_after_its_lease(self):
        row, box = mail(), Box()
        Mail.objects.update(leased_until=NOON + timedelta(minutes=5), attempt=1)
        assert mailing.send_due(relay=box, at=NOON) == {}
        assert mailing.send_due(relay=box, at=NOON + timedelta(minutes=6)) == {"sent": 1}
        row.refresh_from_db()
        assert row.attempt == 2


@pytest.mark.django_db
def test_status_of_the_dossier_is_told_with_its_term():
    dossier = factories.candidacy(Status.INCOMPLETE)
    facts = telling.facts_of(dossier)
    assert facts["queue"] == "editeur"
    assert facts["due_at"] == dossier.due_at.isoformat()
