"""SE-02: hiding all documents, and undoing it (ACC-32)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.access import AccessDeniedError, Actor, Rights, Role
from apps.audit.services import events_of
from apps.dmp import policies
from apps.dmp import services as dmp
from apps.dmp.models import Document
from apps.journeys.services.privacy import change_default_privacy
from apps.spaces import services as spaces
from apps.spaces.models import HealthSpace
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import delegate_of, holder_of, representative_of
from tests.dmp.pages import words_of
from tests.dmp.rows import document, stored_file
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def space():
    return factories.space()


def choose(space, *, hidden, at=NOON, actor=None):
    return change_default_privacy(actor=actor or factories.holder(space, at=at), hidden=hidden, at=at)


def seen(space, *, at=LATER, administrator=False):
    """Titles that a doctor with consent sees; the policy must say the same."""
    doctor = factories.professional()
    visit = spaces.Visit(space_id=space.id, national_id=doctor.national_id)
    spaces.declare_consent(visit=visit, ends_at=None, at=at)
    if administrator:
        spaces.name_administrator(
            actor=factories.holder(space), national_id=doctor.national_id, is_declared_gp=False, at=at
        )
    actor = spaces.professional_actor(visit=visit, at=at)
    titles = set(Document.objects.visible_to(actor).values_list("title", flat=True))
    assert titles == {row.title for row in Document.objects.filter(space=space) if policies.may_read(actor, row)}
    return titles


def deposit(space, *, labels=frozenset(), at=LATER, **values):
    data = Cda(patient=space.identity, author_id="899700000017", **values).data()  # no professional of the tests
    return dmp.deposit_document(
        actor=factories.system(space, at=at), deposit=dmp.Deposit(data=data, visibility=labels), at=at
    )


class TestHidingAll:
    def test_acc_32_existing_documents_are_hidden_from_professionals_only(self, space):
        for title in ("a", "b"):
            document(space, title=title)
        assert seen(space, at=NOON) == {"a", "b"}
        assert choose(space, hidden=True)
        assert seen(space) == set()
        assert seen(space, administrator=True) == {"a", "b"}
        assert Document.objects.visible_to(factories.holder(space)).count() == 2

    def test_acc_32_new_documents_too(self, space):
        choose(space, hidden=True)
        row = deposit(space)
        assert (row.hidden_at, row.hidden_by_default) == (LATER, True)

    def test_acc_32_what_is_changed_for_one_document_afterwards_wins(self, space):
        row = document(space, title="a")
        document(space, title="b")
        choose(space, hidden=True)
        dmp.unhide_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        assert seen(space) == {"a"}
        choose(space, hidden=True, at=LATER)
        assert seen(space) == {"a"}

    def test_undo_brings_back_what_was_visible_before_and_nothing_else(self, space):
        document(space, title="visible")
        document(space, title="hidden one by one", hidden_at=NOON)
        choose(space, hidden=True)
        choose(space, hidden=False, at=LATER)
        assert seen(space) == {"visible"}
        assert not Document.objects.filter(hidden_by_default=True).exists()

    def test_undo_leaves_what_was_hidden_one_by_one_afterwards(self, space):
        row = document(space, title="a")
        choose(space, hidden=True)
        dmp.hide_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        choose(space, hidden=False, at=LATER)
        assert seen(space) == set()
        row.refresh_from_db()
        assert (row.hidden_at, row.hidden_by_default) == (NOON, False)

    def test_undo_leaves_what_its_author_hid(self, space):
        choose(space, hidden=True)
        deposit(space, labels=frozenset({dmp.Visibility.HIDDEN_FROM_PROFESSIONALS}))
        choose(space, hidden=False, at=LATER)
        assert Document.objects.filter(hidden_at=None).count() == 0

    def test_a_document_received_by_a_clock_that_is_ahead(self, space):
        row = document(space, received_at=LATER)
        choose(space, hidden=True)
        row.refresh_from_db()
        assert row.hidden_at == LATER

    def test_dmp_02_every_record_gets_a_new_entry_id(self, space):
        before = {document(space).entry_id for _ in range(3)}
        choose(space, hidden=True)
        after = set(Document.objects.values_list("entry_id", flat=True))
        assert (len(after), after & before) == (3, set())

    def test_dmp_35_an_announced_result_is_hidden_too_and_does_not_come_out_at_its_end(self, space):
        announced = frozenset({dmp.Visibility.INVISIBLE_TO_PATIENT})
        row = deposit(space, labels=announced, at=NOON, unique_id="1.2.250.1.999.5")
        choose(space, hidden=True)
        after = deposit(space, labels=announced, unique_id="1.2.250.1.999.6")
        row.refresh_from_db()
        assert row.is_hidden
        assert after.is_hidden
        assert seen(space, at=LATER + timedelta(days=60)) == set()

    def test_dmp_35_the_announced_version_of_a_hidden_document_carries_both(self, space):
        first = deposit(space, at=NOON, unique_id="1.2.250.1.999.7")
        dmp.hide_document(actor=factories.holder(space), document_id=first.id, at=NOON)
        second = deposit(
            space,
            labels=frozenset({dmp.Visibility.INVISIBLE_TO_PATIENT}),
            unique_id="1.2.250.1.999.8",
            replaces="1.2.250.1.999.7",
        )
        assert second.replaces_id == first.id
        assert (second.is_hidden, second.hidden_by_default, second.concealed_until is not None) == (True, False, True)

    def test_other_spaces_are_untouched(self, space):
        other = factories.space()
        document(other, title="a")
        choose(space, hidden=True)
        assert seen(other) == {"a"}

    def test_twice_is_once_and_the_trail_holds_old_and_new(self, space):
        assert [choose(space, hidden=True, at=at) for at in (NOON, LATER)] == [True, False]
        line = events_of(space.id).get()
        assert (line.action, line.rule) == ("spaces.privacy.change", "ACC-32")
        assert line.facts == {"hidden.before": False, "hidden": True}

    def test_two_thousand_documents_by_the_same_queries(self, space):
        document(space)
        with CaptureQueriesContext(connection) as few:
            choose(space, hidden=True)
        choose(space, hidden=False)
        file, row = stored_file(space), Document.objects.get()
        values = {
            field.attname: getattr(row, field.attname)
            for field in Document._meta.concrete_fields
            if field.attname not in {"id", "pk", "unique_id", "file_id", "entry_id", "logical_id"}
        }
        Document.objects.bulk_create(
            [Document(**values, unique_id=f"1.2.{number}", file_id=file.id) for number in range(2000)], batch_size=500
        )
        with CaptureQueriesContext(connection) as many:
            choose(space, hidden=True, at=LATER)
        assert len(many) == len(few)
        assert Document.objects.filter(hidden_at=None).count() == 0

    @pytest.mark.parametrize(("role", "rule"), [(Role.DELEGATE, "SPA-55"), (Role.PROFESSIONAL, "ACC-37.role")])
    def test_spa_55_others_may_not(self, space, role, rule):
        document(space, title="a")
        rights = Rights(space_open=True, rights_until=LATER)
        with pytest.raises(AccessDeniedError) as refused:
            choose(space, hidden=True, actor=Actor(role=role, at=NOON, space_id=space.id, rights=rights))
        assert refused.value.decision.rule == rule
        assert seen(space) == {"a"}


class TestPages:
    @pytest.fixture(autouse=True)
    def _noon(self):
        with time_machine.travel(NOON, tick=False):
            yield

    def url(self, name, space):
        return reverse(f"journeys:{name}", args=[space.id])

    def test_se_02_who_sees_what(self, space):
        words = words_of(holder_of(space).client.get(self.url("privacy", space)))
        for said in (
            "Vos documents sont visibles par les professionnels qui ont votre accord, sauf ceux que vous avez masqués.",
            "Un professionnel qui a votre accord selon son métier non",
            "Un professionnel sans votre accord non non",
            "En cas d'urgence selon votre réglage non, selon votre réglage",
            "Un professionnel ne lit rien avant votre accord.",
        ):
            assert said in words

    def test_18_3_hide_all_asks_first(self, space):
        words = words_of(holder_of(space).client.get(self.url("privacy_hide", space)))
        for said in (
            "Tous vos documents, présents et à venir, seront masqués.",
            "Les verront encore : l'auteur de chaque document, votre médecin traitant et vos administrateurs (aucun).",
            "En urgence : ils restent masqués, selon votre réglage.",
            "Masquer tous mes documents Ne pas masquer",
        ):
            assert said in words
        assert not HealthSpace.objects.get(pk=space.pk).new_documents_hidden

    @pytest.mark.parametrize("person_of", [holder_of, representative_of])
    def test_hides_tells_and_can_be_undone(self, space, person_of):
        row, client = document(space), person_of(space).client
        page = client.post(self.url("privacy_hide", space), follow=True)
        assert "Tous les documents sont masqués Les professionnels ne les voient plus." in words_of(page)
        assert "Tous vos documents sont masqués aux professionnels depuis le 25 novembre 2026" in words_of(page)
        row.refresh_from_db()
        assert row.is_hidden
        page = client.post(self.url("privacy_show", space), follow=True)
        assert "Les documents que vous avez masqués un par un le restent." in words_of(page)
        row.refresh_from_db()
        assert not row.is_hidden

    def test_spa_55_a_delegate_has_no_such_page(self, space):
        client = delegate_of(space).client
        for name in ("privacy", "privacy_hide", "privacy_show"):
            assert client.get(self.url(name, space)).status_code == 404
            assert client.post(self.url(name, space)).status_code == 404
        assert not HealthSpace.objects.get(pk=space.pk).new_documents_hidden
