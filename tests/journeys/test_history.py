from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import apps
from apps.access import SYSTEM, Purpose, Role, Section
from apps.audit.services import Line, record
from apps.journeys import history, words
from apps.journeys.history import Choice, Period, Who
from tests import factories
from tests.dmp.rows import document
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def space():
    return factories.space()


@pytest.fixture
def reader(space):
    return factories.holder(space, user_id=factories.user(person=space.identity).id)


def write(actor, space, action="dmp.document.read", *, at=NOON, row=None):
    target = f"document:{row.id}" if row else ""
    record(actor=replace(actor, space_id=space.id), at=at, line=Line(action=action, target=target))


def lines(reader, space, **choice):
    events = history.events_for(actor=reader, space_id=space.id, choice=Choice(**choice), at=NOON)
    return history.lines_of(events=list(events), actor=reader, space_id=space.id)


class TestLines:
    def test_idn_52_who_when_what_and_why(self, space, reader):
        doctor = factories.professional(specialty_label="Médecine générale")
        row = document(space)
        write(replace(DOCTOR, national_id=doctor.national_id), space, row=row)

        line = lines(reader, space)[0]

        assert (line.who, str(line.capacity), line.at) == ("Dr Anne Lefort", "Médecine générale", NOON)
        assert (str(line.what), str(line.why), line.document) == ("A lu un document", "Soin", row)

    def test_emergency_is_marked_with_its_reason(self, space, reader):
        actor = replace(DOCTOR, purpose=Purpose.BREAK_GLASS, reason="malaise à l'arrivée aux urgences")
        write(actor, space)
        line = lines(reader, space)[0]
        assert (line.is_emergency, str(line.why), line.reason) == (True, "Urgence", "malaise à l'arrivée aux urgences")

    def test_s42_professional_gone_from_the_directory_keeps_the_name(self, space, reader):
        doctor = factories.professional(is_active=False)
        write(replace(DOCTOR, national_id=doctor.national_id), space)
        assert lines(reader, space)[0].who == "Dr Anne Lefort"

    def test_representative_is_named(self, space, reader):
        parent = factories.user(person=factories.identity(first_given_name="ROSA"))
        write(replace(reader, role=Role.REPRESENTATIVE, purpose=Purpose.REPRESENTATION, user_id=parent.id), space)
        line = lines(reader, space)[0]
        assert (line.who, str(line.capacity), str(line.why)) == ("Rosa Morel", "Représentant légal", "Représentation")

    def test_own_acts_stand_apart(self, space, reader):
        write(reader, space, "dmp.document.hide")
        write(DOCTOR, space)
        assert [str(line.what) for line in lines(reader, space)] == ["A lu un document"]
        assert [str(line.what) for line in lines(reader, space, own=True)] == [
            "A masqué un document aux professionnels"
        ]

    def test_period_and_people_are_filters(self, space, reader):
        write(DOCTOR, space, at=NOON - timedelta(days=31))
        parent = factories.user(person=factories.identity())
        write(replace(reader, role=Role.DELEGATE, user_id=parent.id), space)
        assert len(lines(reader, space)) == 1
        assert len(lines(reader, space, period=Period.YEAR)) == 2
        assert len(lines(reader, space, period=Period.ALL, who=Who.PROFESSIONALS)) == 1
        assert len(lines(reader, space, period=Period.ALL, who=Who.RELATIVES)) == 1

    def test_another_space_stays_out(self, space, reader):
        write(DOCTOR, factories.space())
        assert lines(reader, space) == []

    def test_refusals_are_no_accesses(self, space, reader):
        write(DOCTOR, space, "dmp.document.refuse")
        assert lines(reader, space) == []

    @pytest.mark.parametrize("count", [1, 20])
    def test_number_of_queries_does_not_grow(self, space, reader, count, django_assert_num_queries):
        for _ in range(count):
            doctor = factories.professional()
            write(replace(DOCTOR, national_id=doctor.national_id), space, row=document(space))
        with django_assert_num_queries(4):
            assert len(lines(reader, space)) == count


class TestSecrets:
    """SEC-05: what may not be seen leaves no line, no count."""

    def test_acc_34_reading_of_a_document_not_yet_announced_is_not_told(self, space, reader):
        row = document(space, concealed_until=NOON + timedelta(days=1))
        write(DOCTOR, space, "dmp.document.deposit", row=row)
        write(DOCTOR, space, row=row)
        assert lines(reader, space) == []
        later = replace(reader, at=NOON + timedelta(days=1))
        assert len(lines(later, space)) == 2

    def test_idn_56_secret_of_a_minor_is_not_told_to_a_representative(self, space, reader):
        row = document(space, kept_from_representatives=True)
        write(DOCTOR, space, row=row)
        rights = replace(reader.rights, rights_until=NOON + timedelta(days=1))
        parent = replace(reader, role=Role.REPRESENTATIVE, user_id=factories.user().id, rights=rights)
        assert lines(parent, space) == []
        assert len(lines(reader, space)) == 1


class TestMailbox:
    def test_mss_80_every_act_of_a_person_on_the_mailbox_has_words(self):
        """An act that somebody does in services or on pages of the mailbox is shown, or is technical."""
        root = Path(apps.__file__).parent
        found = {
            match
            for app, folder in (("mss", "services"), ("mss", "views"), ("journeys", "services"))
            for path in (root / app / folder).glob("*.py")
            for match in re.findall(r'"((?:mss|journeys)\.[a-z_]+\.[a-z_]+)"', path.read_text())
        }
        assert found - set(words.ACTIONS) == {"journeys.attachment.refuse"}

    def test_mss_80_the_holder_reads_what_a_relative_did(self, space, reader):
        record(
            actor=replace(reader, role=Role.DELEGATE, user_id=factories.user().id),
            at=NOON,
            line=Line(action="mss.message.read", target="thread:1"),
        )
        assert str(lines(reader, space)[0].what) == "A lu une conversation"

    @pytest.mark.parametrize(
        ("action", "said"),
        [
            ("mss.message.unread", "A marqué une conversation comme non lue"),
            ("mss.thread.close", "A clos une conversation"),
            ("mss.thread.reopen", "A rouvert une conversation"),
            ("mss.thread.bin", "A mis une conversation à la corbeille"),
            ("mss.thread.restore", "A sorti une conversation de la corbeille"),
            ("mss.sender.block", "A bloqué un expéditeur de messages"),
            ("mss.sender.unblock", "A débloqué un expéditeur de messages"),
        ],
    )
    def test_mss_80_tidying_of_a_relative_in_words(self, space, reader, action, said):
        relative = replace(reader, role=Role.DELEGATE, user_id=factories.user().id)
        record(actor=relative, at=NOON, line=Line(action=action, target="thread:1"))
        assert str(lines(reader, space)[0].what) == said

    def test_mss_37_what_the_portal_erases_is_told_as_its_own(self, space, reader):
        record(actor=SYSTEM, at=NOON, line=Line(action="mss.thread.erase", scope_id=space.id, actor_id="mss.purge"))
        line = lines(reader, space)[0]
        assert (line.who, str(line.capacity)) == ("Le portail", "Action automatique")
        assert str(line.what) == "A effacé une conversation après son délai dans la corbeille"

    def test_spa_55_a_delegation_without_messages_tells_nothing_of_them(self, space, reader):
        helper = replace(
            reader,
            role=Role.DELEGATE,
            user_id=factories.user().id,
            rights=replace(reader.rights, readable=frozenset({Section.HISTORY}), manageable=frozenset()),
        )
        shown = "spaces.privacy.change"
        for action in ("mss.message.read", "journeys.attachment.save", "journeys.document.enclose", shown):
            record(actor=reader, at=NOON, line=Line(action=action))
        assert [str(line.what) for line in lines(helper, space)] == ["A modifié qui voit les documents"]
