from __future__ import annotations

from dataclasses import replace

import pytest

from apps.access import AccessDeniedError, Actor, Role
from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document
from tests import factories
from tests.dmp.rows import document
from tests.dmp.test_policies import DOCTOR
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


class TestHide:
    def test_dmp_31_stores_the_time_a_new_entry_and_one_line(self):
        space = factories.space()
        row = document(space)

        services.hide_document(actor=factories.holder(space), document_id=row.id, at=NOON)

        entry, logical = row.entry_id, row.logical_id
        row.refresh_from_db()
        assert row.hidden_at == NOON
        assert (row.entry_id != entry, row.logical_id == logical) == (True, True)  # DMP-02
        line = events_of(space.id).get()
        assert (line.action, line.target, line.rule) == ("dmp.document.hide", f"document:{row.id}", "DMP-31")

    def test_hiding_twice_changes_nothing(self):
        space = factories.space()
        row = document(space)
        for _ in range(2):
            services.hide_document(actor=factories.holder(space), document_id=row.id, at=NOON)
        assert events_of(space.id).count() == 1

    def test_unhide_shows_it_again_to_professionals(self):
        space = factories.space()
        row = document(space, hidden_at=NOON)
        doctor = replace(DOCTOR, space_id=space.id)
        assert not type(row).objects.visible_to(doctor).exists()

        services.unhide_document(actor=factories.holder(space), document_id=row.id, at=NOON)

        assert type(row).objects.visible_to(doctor).exists()

    def test_acc_31_former_and_later_versions_are_hidden_with_it(self):
        space = factories.space()
        first = document(space, availability=Document.Availability.DEPRECATED)
        second = document(space, replaces_id=first.id, availability=Document.Availability.DEPRECATED)
        third, other = document(space, replaces_id=second.id), document(space)
        doctor = replace(DOCTOR, space_id=space.id)

        services.hide_document(actor=factories.holder(space), document_id=second.id, at=NOON)

        assert list(Document.objects.visible_to(doctor)) == [other]
        services.unhide_document(actor=factories.holder(space), document_id=third.id, at=NOON)
        assert Document.objects.visible_to(doctor).count() == 4
        assert [line.target for line in events_of(space.id)] == [f"document:{third.id}", f"document:{second.id}"]

    def test_sec_01_document_of_another_space_is_not_found(self):
        row, other = document(factories.space()), factories.space()
        with pytest.raises(services.DocumentNotFoundError):
            services.hide_document(actor=factories.holder(other), document_id=row.id, at=NOON)

    def test_professional_sees_it_but_may_not_hide_it(self):
        space = factories.space()
        row = document(space)
        with pytest.raises(AccessDeniedError) as caught:
            services.hide_document(actor=replace(DOCTOR, space_id=space.id), document_id=row.id, at=NOON)
        assert caught.value.decision.rule == "DMP-31"
        row.refresh_from_db()
        assert row.hidden_at is None

    def test_nobody_finds_nothing(self):
        space = factories.space()
        row = document(space)
        with pytest.raises(services.DocumentNotFoundError):
            services.hide_document(
                actor=Actor(role=Role.NOBODY, at=NOON, space_id=space.id), document_id=row.id, at=NOON
            )
