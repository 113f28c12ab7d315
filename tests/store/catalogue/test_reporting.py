"""STO-46, ST-06, RV-10: what happens to a report, from its number to the answer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from apps.access import AccessDeniedError, Actor, Role
from apps.accounts.models import StaffRole
from apps.audit.models import AuditEvent
from apps.common.dates import PARIS
from apps.store.models import Listing, Mail, Report, ReviewerTie
from apps.store.services import report_cases, user_reports
from apps.store.services.errors import ChangedError, UnknownRowError, WrongValueError
from apps.store.services.report_cases import Closing
from apps.store.services.user_reports import Problem
from apps.store.states import ListingStatus
from tests import factories as people
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.catalogue.shelf import put

pytestmark = pytest.mark.django_db
NOBODY = Actor(role=Role.NOBODY, at=NOON)


@pytest.fixture
def desk():
    return factories.reviewer(StaffRole.DESK)


def holder() -> Actor:
    return Actor(role=Role.HOLDER, at=NOON, user_id=people.user().pk)


def reported(kind: str = "prix", *, actor: Actor = NOBODY, at: datetime = NOON, name: str = "Mesurna") -> Report:
    return user_reports.report(actor=actor, slug=name.lower(), problem=Problem(kind=kind, text="Trop cher."), at=at)


def paris(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 23, 59, 59, tzinfo=PARIS)


def mails() -> list[tuple[str, str]]:
    return sorted(Mail.objects.values_list("template", "user__email"))


class TestTaking:
    @pytest.mark.parametrize("kind", ["donnees", "securite"])
    def test_sto_46_data_and_security_are_for_the_same_day_and_the_desk_is_told(self, desk, kind):
        put("Mesurna")
        made = reported(kind)
        assert (made.is_urgent, made.due_at) == (True, paris(25))
        assert Mail.objects.get(user=desk).template == "report_received"
        assert {template for template, _email in mails()} == {"report_received"}

    @pytest.mark.parametrize("kind", ["contenu_medical", "prix", "accessibilite", "autre"])
    def test_sto_46_the_others_within_two_working_days(self, desk, kind):
        put("Mesurna")
        made = reported(kind)
        assert (made.is_urgent, made.due_at, mails()) == (False, paris(27), [])

    def test_two_working_days_go_over_the_weekend(self):
        put("Mesurna")
        assert reported(at=NOON + timedelta(days=2)).due_at == paris(1, 12)  # Friday: Tuesday

    def test_numbers_follow_one_another_and_begin_anew_with_the_year(self):
        put("Mesurna")
        found = [reported(at=at).number for at in (NOON, NOON, NOON + timedelta(days=60))]
        assert found == ["S2026-00001", "S2026-00002", "S2027-00001"]

    def test_one_line_of_the_trail_with_codes_alone(self):
        put("Mesurna")
        made = reported("donnees", actor=holder())
        line = AuditEvent.objects.get(action="store.report.create")
        assert line.target == f"report:{made.pk}"
        assert set(line.facts) == {"kind", "listing"}

    @pytest.mark.parametrize(
        "text", ["mon numéro 2 85 05 78 006 084 36", "285057800608436", "1850578006084", "2 85 05 2A 006 084"]
    )
    def test_p_04_a_health_number_is_not_taken(self, text):
        put("Mesurna")
        with pytest.raises(WrongValueError, match="health-number"):
            user_reports.report(actor=NOBODY, slug="mesurna", problem=Problem(kind="prix", text=text), at=NOON)

    @pytest.mark.parametrize("text", ["Appelez le 02 61 91 55 00", "payé 1 200 € le 25/11/2026", "version 1.85.05"])
    def test_other_numbers_are(self, text):
        put("Mesurna")
        problem = Problem(kind="prix", text=text)
        assert user_reports.report(actor=NOBODY, slug="mesurna", problem=problem, at=NOON).text == text

    def test_without_words_of_no_kind_or_about_nothing(self):
        put("Mesurna")
        for kind, text in (("prix", " "), ("inconnu", "x")):
            with pytest.raises(WrongValueError):
                user_reports.report(actor=NOBODY, slug="mesurna", problem=Problem(kind=kind, text=text), at=NOON)
        with pytest.raises(UnknownRowError):
            reported(name="inconnu")


class TestOrder:
    def test_rv_10_urgent_first_then_by_due_date(self, desk):
        put("Mesurna")
        late = reported(at=NOON - timedelta(days=9))
        new = reported()
        urgent = reported("securite")
        found = [row.pk for row in report_cases.waiting(factories.at_work(desk))]
        assert found == [urgent.pk, late.pk, new.pk]

    def test_sto_18_those_of_a_publisher_one_is_tied_to_are_not_there(self, desk):
        shown = put("Mesurna")
        made = reported()
        ReviewerTie.objects.create(
            user=desk, siren=shown.publisher.siren, kind="ancienne salariée", since=date(2024, 1, 1)
        )
        actor = factories.at_work(desk)
        assert not report_cases.waiting(actor).exists()
        with pytest.raises(UnknownRowError):
            report_cases.report_for(actor, report_id=made.pk)
        with pytest.raises(UnknownRowError):
            report_cases.triage(actor=actor, report_id=made.pk, at=NOON)


class TestClosing:
    def test_triage_moves_the_term_to_ten_days_after_the_report(self, desk):
        put("Mesurna")
        made = report_cases.triage(actor=factories.at_work(desk), report_id=reported().pk, at=NOON)
        assert (made.state, made.due_at, made.handled_by_id) == ("triaged", paris(5, 12), desk.pk)

    def test_founded_tells_reporter_and_publisher(self, desk):
        shown = put("Mesurna")
        who = holder()
        made = reported(actor=who)
        closing = Closing(outcome="founded", answer="Le prix est corrigé.", note="Affichez le prix.")
        done = report_cases.close(actor=factories.at_work(desk), report_id=made.pk, closing=closing, at=NOON)
        assert (done.state, done.due_at, done.closed_at) == ("closed", None, NOON)
        assert {template for template, _email in mails()} == {"report_answer", "report_to_publisher"}
        facts = Mail.objects.get(template="report_to_publisher").facts
        assert str(who.user_id) not in str(facts)
        assert facts["service"] == "Mesurna"
        (note,) = user_reports.notes_of(shown)
        assert note.note == "Affichez le prix."
        assert {"reporter_id", "text"} <= note.get_deferred_fields()
        assert [row.answer for row in user_reports.own(who)] == ["Le prix est corrigé."]

    def test_not_founded_tells_the_reporter_alone_and_keeps_no_note(self, desk):
        shown = put("Mesurna")
        made = reported(actor=holder())
        closing = Closing(outcome="unfounded", answer="Le prix est affiché.", note="Rien")
        done = report_cases.close(actor=factories.at_work(desk), report_id=made.pk, closing=closing, at=NOON)
        assert done.note == ""
        assert [template for template, _email in mails()] == ["report_answer"]
        assert not user_reports.notes_of(shown).exists()

    def test_somebody_without_an_account_gets_no_mail(self, desk):
        put("Mesurna")
        closing = Closing(outcome="elsewhere", answer="Voyez la DGCCRF.")
        report_cases.close(actor=factories.at_work(desk), report_id=reported().pk, closing=closing, at=NOON)
        assert mails() == []

    @pytest.mark.parametrize(
        ("closing", "field"),
        [
            (Closing(outcome="", answer="x"), "outcome"),
            (Closing(outcome="unfounded", answer=" "), "answer"),
            (Closing(outcome="founded", answer="x"), "note"),
        ],
    )
    def test_words_are_needed(self, desk, closing, field):
        put("Mesurna")
        made = reported()
        with pytest.raises(WrongValueError) as caught:
            report_cases.close(actor=factories.at_work(desk), report_id=made.pk, closing=closing, at=NOON)
        assert caught.value.field == field

    def test_s34_twice_is_refused_with_who_was_quicker(self, desk):
        put("Mesurna")
        made, actor = reported(), factories.at_work(desk)
        report_cases.triage(actor=actor, report_id=made.pk, at=NOON)
        with pytest.raises(ChangedError) as caught:
            report_cases.triage(actor=actor, report_id=made.pk, at=NOON)
        assert caught.value.actor == str(desk.pk)
        closing = Closing(outcome="unfounded", answer="Non.")
        report_cases.close(actor=actor, report_id=made.pk, closing=closing, at=NOON)
        with pytest.raises(ChangedError):
            report_cases.close(actor=actor, report_id=made.pk, closing=closing, at=NOON)

    def test_only_the_desk_acts(self):
        put("Mesurna")
        made = reported()
        with pytest.raises(AccessDeniedError):
            report_cases.triage(
                actor=factories.at_work(factories.reviewer(StaffRole.ASSESSOR)), report_id=made.pk, at=NOON
            )

    def test_publishers_and_holders_see_none(self):
        put("Mesurna")
        reported()
        assert not report_cases.visible(holder()).exists()
        assert not report_cases.visible(NOBODY).exists()


class TestSeveral:
    """[proposal] Three founded reports within ninety days."""

    def close(self, desk, *, outcome: str = "founded", at: datetime = NOON) -> None:
        made = reported(at=at)
        closing = Closing(outcome=outcome, answer="Merci.", note="À corriger.")
        report_cases.close(actor=factories.at_work(desk, at=at), report_id=made.pk, closing=closing, at=at)

    def turn(self) -> tuple[str, list[str]]:
        listing = Listing.objects.get()
        return listing.queue, listing.reasons

    def test_sto_42_three_founded_ones_bring_the_service_before_the_desk(self, desk):
        put("Mesurna")
        for expected in (("", []), ("", []), ("guichet", ["report"])):
            self.close(desk)
            assert self.turn() == expected

    def test_sto_42_neither_unfounded_nor_old_ones_count(self, desk):
        put("Mesurna")
        self.close(desk, at=NOON - timedelta(days=90))
        for outcome in ("unfounded", "founded", "founded"):
            self.close(desk, outcome=outcome)
        assert self.turn() == ("", [])

    def test_l4_once_the_desk_has_looked_the_count_begins_anew(self, desk):
        put("Mesurna")
        for day in range(3):
            self.close(desk, at=NOON + timedelta(days=day))
        Listing.objects.update(queue="", due_at=None, waits_since=None, reasons=[])
        for day, expected in ((3, ""), (4, ""), (5, "guichet")):
            self.close(desk, at=NOON + timedelta(days=day))
            assert self.turn()[0] == expected

    def test_sto_74_during_the_turn_of_somebody_else_it_is_kept_for_later(self, desk):
        shown = put("Mesurna", status=ListingStatus.FORMAL_NOTICE,
            listing={"queue": "editeur", "due_at": NOON + timedelta(days=9), "waits_since": NOON})  # fmt: skip
        for _ in range(3):
            self.close(desk)
        assert self.turn() == ("editeur", ["report"])
        shown.refresh_from_db()
        assert shown.due_at == NOON + timedelta(days=9)
