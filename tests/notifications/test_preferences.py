"""SE-05: what is told, how and how often (IDN-57, NOT-06, NOT-18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from apps.audit.services import events_of
from apps.notifications import jobs
from apps.notifications.kinds import Frequency, Kind
from apps.notifications.models import OutgoingMail, Preference
from apps.notifications.services import Wish, announce, wish_of
from tests import factories
from tests.cast import client_of
from tests.dmp.rows import document
from tests.harness.clock import NOON
from tests.notifications.relays import Box

pytestmark = pytest.mark.django_db
AS_BEFORE = {"message_mail": "at_once", "message_centre": "on"}  # messages are told as without a choice


@pytest.fixture(autouse=True)
def noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def alice(space):
    return factories.user(person=space.identity, email="alice@example.org")


@pytest.fixture
def visit(alice):
    return client_of(alice)


def alerts(space, tail=""):
    return f"/e/{space.id}/alertes/{tail}"


def page(visit, space):
    return visit.get(alerts(space)).content.decode()


def told(user, space, row, at=NOON):
    facts = {"document": str(row.id)}
    announce(user_ids=[user.pk], kind=Kind.NEW_DOCUMENT, at=at, key=f"new:{row.id}", space_id=space.id, facts=facts)


class TestPage:
    def test_what_is_always_told_is_fixed_with_its_reason(self, visit, space):
        html = page(visit, space)

        assert "Toujours signalés, par mail et dans vos notifications" in html
        for label in ("Accès par un professionnel", "Accès en urgence", "Sécurité de votre compte"):
            assert label in html
        assert "La loi demande que vous soyez prévenu après chacun, tout de suite." in html
        assert html.count('type="radio" name="mail"') == 4
        assert html.count('type="radio" name="message_mail"') == 4
        assert html.count('type="checkbox"') == 2

    def test_the_present_choice_is_the_checked_one(self, visit, space, alice):
        Preference.objects.create(user=alice, kind="new_document", channel="mail", frequency="weekly")

        html = page(visit, space)

        (checked,) = [part for part in html.split("<input") if 'name="mail"' in part and " checked" in part]
        assert 'value="weekly"' in checked

    def test_somebody_without_an_address_is_told_so(self, visit, space, alice):
        type(alice).objects.update(email="")

        html = page(visit, space)

        assert "Nous n'avons pas d'adresse mail pour vous" in html
        assert "essai" not in html.partition("<main")[2].partition("</main>")[0]

    def test_the_address_is_shown_to_its_owner(self, visit, space):
        assert "Les mails vont à alice@example.org." in page(visit, space)


class TestChoosing:
    def test_not_18_choice_is_kept_and_traced_without_address(self, visit, space, alice):
        answer = visit.post(alerts(space), AS_BEFORE | {"mail": "daily"})

        assert answer.url == alerts(space)
        assert wish_of(user_id=alice.pk, kind=Kind.NEW_DOCUMENT) == Wish(frequency=Frequency.DAILY, in_centre=False)
        line = events_of(space.id).get(action="notifications.preference.change")
        assert line.facts == {"kind": "new_document", "mail": "daily", "centre": False}
        assert "Choix enregistrés" in page(visit, space)

    def test_the_same_choice_again_is_no_change(self, visit, space):
        visit.post(alerts(space), AS_BEFORE | {"mail": "at_once", "centre": "on"})

        assert not Preference.objects.exists()
        assert not events_of(space.id).filter(action="notifications.preference.change").exists()

    @pytest.mark.parametrize("values", [{}, {"mail": ""}, {"mail": "hourly"}, {"mail": "daily\x00"}])
    def test_an_answer_that_is_none_is_asked_again(self, visit, space, values):
        answer = visit.post(alerts(space), AS_BEFORE | values)

        assert answer.status_code == 422
        assert not Preference.objects.exists()

    def test_idn_57_a_forged_field_switches_nothing_else_off(self, visit, space, alice):
        visit.post(alerts(space), AS_BEFORE | {"mail": "never", "security": "never", "kind": "emergency_access"})

        assert set(Preference.objects.values_list("kind", flat=True)) == {"new_document"}

    def test_not_07_messages_have_a_choice_of_their_own(self, visit, space, alice):
        visit.post(alerts(space), {"mail": "at_once", "centre": "on", "message_mail": "never"})

        assert wish_of(user_id=alice.pk, kind=Kind.NEW_MESSAGE) == Wish(frequency=Frequency.NEVER, in_centre=False)
        assert wish_of(user_id=alice.pk, kind=Kind.NEW_DOCUMENT) == Wish()

    def test_an_answer_about_messages_that_is_none_is_asked_again(self, visit, space):
        values = {"mail": "daily", "centre": "on", "message_mail": "hourly"}

        assert visit.post(alerts(space), values).status_code == 422
        assert not Preference.objects.exists()


class TestDigest:
    def test_not_18_one_mail_in_the_morning_counts_what_is_unread(self, space, alice):
        Preference.objects.create(user=alice, kind="new_document", channel="mail", frequency="daily")
        for _ in range(3):
            told(alice, space, document(space))
        alice.notices.order_by("pk")[:1].get()
        alice.notices.filter(pk=alice.notices.order_by("pk")[:1].get().pk).update(read_at=NOON)
        box = Box()

        assert jobs.sweep(relay=box, at=NOON + timedelta(hours=18, minutes=59)) == 0
        assert jobs.sweep(relay=box, at=NOON + timedelta(hours=19)) == 1

        (letter,) = box.letters
        assert letter.subject == "Résumé de votre espace santé"
        assert "il y a 2 nouveautés dans votre espace santé" in letter.text

    def test_not_18_a_digest_of_nothing_new_is_not_sent(self, space, alice):
        Preference.objects.create(user=alice, kind="new_document", channel="mail", frequency="weekly")
        told(alice, space, document(space))
        alice.notices.update(read_at=NOON)
        box = Box()

        jobs.sweep(relay=box, at=NOON + timedelta(days=7))

        assert box.letters == []
        assert OutgoingMail.objects.get().state == "suppressed"

    def test_switched_off_before_it_leaves(self, visit, space, alice):
        told(alice, space, document(space))

        visit.post(alerts(space), AS_BEFORE | {"mail": "never", "centre": "on"})
        box = Box()
        jobs.sweep(relay=box, at=NOON + timedelta(hours=1))

        assert box.letters == []

    def test_not_wanted_in_the_centre_but_by_mail(self, space, alice):
        Preference.objects.create(user=alice, kind="new_document", channel="centre", frequency="never")
        told(alice, space, document(space))
        box = Box()

        assert jobs.sweep(relay=box, at=NOON + timedelta(hours=1)) == 1


class TestTrial:
    def test_a_test_mail_leaves(self, visit, space):
        assert visit.post(alerts(space, "essai/")).url == alerts(space)

        box = Box()
        jobs.sweep(relay=box, at=NOON)
        assert [letter.subject for letter in box.letters] == ["Mail d'essai de votre espace santé"]
        assert "essai envoyé" in page(visit, space)

    def test_twice_in_a_minute_is_one_mail(self, visit, space):
        for _ in range(2):
            visit.post(alerts(space, "essai/"))

        assert OutgoingMail.objects.count() == 1

    def test_sec_09_three_an_hour(self, visit, space, time_machine):
        answers = []
        for minute in range(4):
            time_machine.move_to(NOON + timedelta(minutes=minute), tick=False)
            answers.append(visit.post(alerts(space, "essai/")).status_code)

        assert answers == [302, 302, 302, 429]
        assert OutgoingMail.objects.count() == 3

    def test_without_address_nothing_is_made(self, visit, space, alice):
        type(alice).objects.update(email="")

        assert visit.post(alerts(space, "essai/")).url == alerts(space)
        assert not OutgoingMail.objects.exists()
