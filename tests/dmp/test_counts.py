"""Every number on a page counts what its reader may see and nothing else (SEC-01, SEC-05, D-01)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from apps.access import Actor, Rights, Role, Section
from apps.common.ids import uuid7
from apps.common.text import fold
from apps.dmp import policies, services
from apps.dmp.filters import Filters, StateChoice
from apps.dmp.models import Document, Folder, ReadMark
from tests import factories
from tests.dmp.rows import document
from tests.harness.clock import NOON

AVAILABLE = (Document.Availability.APPROVED, Document.Availability.ARCHIVED, Document.Availability.DELETED)
TODAY = NOON.date()
LATER = NOON + timedelta(days=1)

filters = st.builds(
    Filters,
    words=st.sampled_from(["", "sang", "secret"]),
    category=st.sampled_from(["", "BIOLOGIE", "CPT_REND"]),
    author=st.sampled_from(["", "Dr Hugo Perrin", "Dr Inconnu"]),
    place=st.sampled_from(["", "Laboratoire des Rives", "Clinique secrète"]),
    state=st.sampled_from(list(StateChoice)),
)
section = st.sets(st.sampled_from(list(Section))).map(frozenset)
rights = st.builds(Rights, space_open=st.sampled_from([True, True, True, False]),
                   rights_until=st.sampled_from([LATER, NOON]), readable=section, manageable=section)  # fmt: skip
roles = st.sampled_from([Role.HOLDER, Role.REPRESENTATIVE, Role.DELEGATE])


class CountTests(TestCase):
    """36 rows, each combination of what keeps a row from somebody; half of them read by one reader, a third of them in
    a folder, a fifth pinned.
    """

    @classmethod
    def setUpTestData(cls):
        cls.space, cls.reader = factories.space(), uuid7()
        cls.folder = Folder.objects.create(space=cls.space, name="Genou", folded="GENOU", created_at=NOON)
        combined = product(AVAILABLE, (None, LATER), (False, True), (None, NOON), ("BIOLOGIE", "CPT_REND"))
        for number, (availability, concealed, kept, hidden, category) in enumerate(combined):
            row = document(
                cls.space, availability=availability, concealed_until=concealed, kept_from_representatives=kept,
                hidden_at=hidden, category=category, title="Secret" if concealed or kept else "Sang",
                author_name="Dr Inconnu" if concealed or kept else "Dr Hugo Perrin",
                folder_id=None if number % 3 else cls.folder.id, pinned_at=None if number % 5 else NOON,
                sorted_on=date(2020, 1, 1) if concealed or kept else date(2026 - number % 2, 11, 18),
                organisation_name="Clinique secrète" if concealed or kept else "Laboratoire des Rives",
                facility_code="EXP_PATIENT" if number % 3 else "SA01",
            )  # fmt: skip
            if number % 2:
                ReadMark.objects.create(space_id=cls.space.id, document_id=row.id, user_id=cls.reader, read_at=NOON)
        document(factories.space(), title="Sang")
        cls.rows = list(Document.objects.filter(space=cls.space).order_by("id"))
        cls.read = set(ReadMark.objects.values_list("document_id", flat=True))

    def seen_by(self, actor, availability=Document.Availability.APPROVED):
        return [row for row in self.rows if row.availability == availability and policies.may_read(actor, row)]

    def asked(self, rows, wanted):
        own = dict.fromkeys((StateChoice.MINE, StateChoice.ADDED), lambda row: row.facility_code == "EXP_PATIENT")
        kept = {
            StateChoice.HIDDEN: lambda row: row.is_hidden,
            StateChoice.NEW: lambda row: row.id not in self.read,
            StateChoice.PINNED: lambda row: row.pinned_at is not None,
        }
        return [
            row
            for row in rows
            if fold(wanted.words) in row.folded
            and wanted.category in {"", row.category}
            and wanted.author in {"", row.author_name}
            and wanted.folder in {"", str(row.folder_id)}
            and wanted.place in {"", row.organisation_name}
            and (kept | own).get(wanted.state, lambda _row: True)(row)
        ]

    @settings(max_examples=150)
    @given(role=roles, given_rights=rights, wanted=filters, in_folder=st.booleans())
    def test_sec_05_totals_news_and_names_come_from_what_may_be_read(self, role, given_rights, wanted, in_folder):
        wanted = replace(wanted, folder=str(self.folder.id) if in_folder else "")
        actor = Actor(role=role, at=NOON, space_id=self.space.id, user_id=self.reader, rights=given_rights)
        seen = self.seen_by(actor)
        archived = wanted.state == StateChoice.ARCHIVED
        expected = self.asked(self.seen_by(actor, Document.Availability.ARCHIVED) if archived else seen, wanted)

        found = services.find_documents(actor=actor, filters=wanted, today=TODAY)
        assert found.total == found.rows.count() == len(expected)
        assert found.new == sum(row.id not in self.read for row in expected)
        timeline = services.read_timeline(actor=actor, filters=wanted, today=TODAY)
        assert (timeline.total, timeline.new) == (found.total, found.new)
        assert {year.number: year.count for year in timeline.years} == Counter(row.sorted_on.year for row in expected)
        assert services.count_documents(actor=actor) == len(seen)
        home = (
            Document.objects.visible_to(actor).current_for(actor).unread_by(actor.user_id)
        )  # the number of the home page
        assert home.count() == sum(row.id not in self.read for row in seen)
        names = services.names_of(actor=actor)
        assert names.authors == sorted({row.author_name for row in seen})
        assert names.places == sorted({row.organisation_name for row in seen})
        folders = services.counted_folders(actor=actor)
        assert sum(found.count for found in folders) == sum(row.folder_id is not None for row in seen)
