"""Lists of people that leave (RO-03): two people, 10,000 rows, 24 hours, inert cells (SEC-20, SEC-31, S43)."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.access import SYSTEM, AccessDeniedError
from apps.accounts.models import StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.common.sheets import BOM
from apps.rollout.models import ExportRequest
from apps.rollout.services import exporting
from apps.rollout.services.errors import SamePersonError
from apps.rollout.services.population import Filters
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import words_of
from tests.factories import at_work
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/deploiement/exports/"


def asked(user, **filters) -> ExportRequest:
    return exporting.ask_export(
        actor=at_work(user), export_id=uuid7(), filters=Filters(**filters), reason="list for the fund", at=NOON
    )


def decided(user, row, *, approve=True) -> ExportRequest:
    return exporting.decide_export(actor=at_work(user), export_id=row.id, approve=approve, at=NOON)


def fetched(user, row, *, at=NOON) -> list[list[str]]:
    text = "".join(exporting.fetch_export(actor=at_work(user), export_id=row.id, at=at))
    return list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))


def actions() -> list[str]:
    lines = events_of(PLATFORM_SCOPE).filter(action__startswith="rollout.export.")
    return sorted(lines.values_list("action", flat=True))


class TestAsk:
    def test_filters_reason_and_number_are_kept(self, nadia):
        factories.person(department="2A")
        factories.person()
        row = asked(nadia, department="2A")
        assert (row.filters, row.reason, row.rows, row.state) == ({"department": "2A"}, "list for the fund", 1, "asked")
        line = events_of(PLATFORM_SCOPE).get(action="rollout.export.ask")
        assert (line.target, line.facts) == (f"export:{row.id}", {"rows": 1, "filters": "department"})

    def test_more_than_10_000_are_refused(self, nadia, monkeypatch):
        assert exporting.ROWS_AT_MOST == 10_000
        monkeypatch.setattr(exporting, "ROWS_AT_MOST", 1)
        factories.person()
        assert asked(nadia).rows == 1
        factories.person()
        with pytest.raises(exporting.TooManyRowsError):
            asked(nadia)

    def test_nobody_meant(self, nadia):
        with pytest.raises(exporting.NothingToExportError):
            asked(nadia)

    def test_sent_twice_it_is_one_request(self, nadia):
        factories.person()
        export_id = uuid7()
        for _ in range(2):
            exporting.ask_export(actor=at_work(nadia), export_id=export_id, filters=Filters(), reason="x", at=NOON)
        assert (ExportRequest.objects.count(), actions()) == (1, ["rollout.export.ask"])

    def test_no_job_asks(self):
        factories.person()
        with pytest.raises(AccessDeniedError):
            exporting.ask_export(actor=SYSTEM, export_id=uuid7(), filters=Filters(), reason="x", at=NOON)


class TestTwoPeople:
    def test_sec_20_asked_approved_fetched(self, nadia, viktor):
        one = factories.person(department="2A", hold="no-representative", rl1_number="2840644109555")
        row = decided(viktor, asked(nadia, department="2A"))
        assert (row.state, row.decided_by, row.ends_at) == ("approved", viktor, NOON + timedelta(hours=24))
        header, line = fetched(nadia, row)
        read = dict(zip(header, line, strict=True))
        who = one.identity
        assert read["numero_ins"] == f"{who.ins_number}{who.ins_key}"
        assert (read["nom_de_naissance"], read["date_de_naissance"]) == ("MOREL", "1984-06-14")
        assert (read["departement"], read["retenue"]) == ("2A", "no-representative")
        assert read["representant_1"] == "2840644109555"
        row.refresh_from_db()
        assert (row.fetched, row.fetched_at) == (1, NOON)
        assert actions() == ["rollout.export.approve", "rollout.export.ask", "rollout.export.fetch"]

    def test_sec_20_nobody_decides_about_their_own(self, viktor):
        factories.person()
        row = asked(viktor)
        for approve in (True, False):
            with pytest.raises(SamePersonError):
                decided(viktor, row, approve=approve)

    def test_sec_20_the_database_refuses_it_too(self, viktor):
        factories.person()
        row = asked(viktor)
        with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
            ExportRequest.objects.filter(pk=row.pk).update(
                state="approved", decided_by=viktor, decided_at=NOON, ends_at=NOON
            )
        with pytest.raises(IntegrityError, match="decided_by_somebody"), transaction.atomic():
            ExportRequest.objects.filter(pk=row.pk).update(state="approved", ends_at=NOON)

    @pytest.mark.parametrize("state", ["asked", "refused"])
    def test_sec_20_one_person_alone_gets_nothing_in_every_state(self, nadia, viktor, state):
        factories.person()
        row = asked(nadia)
        if state == "refused":
            decided(viktor, row, approve=False)
        with pytest.raises(exporting.UnknownExportError):
            fetched(nadia, row)
        assert "rollout.export.fetch" not in actions()

    def test_the_second_person_does_not_fetch(self, nadia, viktor):
        factories.person()
        row = decided(viktor, asked(nadia))
        with pytest.raises(exporting.UnknownExportError):
            fetched(viktor, row)

    def test_never_more_rows_than_allowed_whatever_came_since_and_never_cut(self, nadia, viktor, monkeypatch):
        monkeypatch.setattr(exporting, "ROWS_AT_MOST", 1)
        factories.person()
        row = decided(viktor, asked(nadia))
        factories.person()
        with pytest.raises(exporting.TooManyRowsError):
            fetched(nadia, row)
        response = client_of(nadia).post(f"{PAGE}{row.id}/fichier/", follow=True)
        assert "Plus de 1 personnes répondent à ces filtres." in words_of(response)
        row.refresh_from_db()
        assert (row.fetched, "rollout.export.fetch" in actions()) == (0, False)

    def test_24_hours_and_not_a_second_more(self, nadia, viktor):
        factories.person()
        row = decided(viktor, asked(nadia))
        assert len(fetched(nadia, row, at=NOON + timedelta(hours=24, seconds=-1))) == 2
        with pytest.raises(exporting.UnknownExportError):
            fetched(nadia, row, at=NOON + timedelta(hours=24))

    @pytest.mark.parametrize("approve", [True, False])
    def test_decided_once(self, nadia, viktor, approve):
        factories.person()
        row = decided(viktor, asked(nadia), approve=approve)
        with pytest.raises(exporting.UnknownExportError):
            decided(viktor, row)


class TestFile:
    def test_s43_cells_compute_nothing(self, nadia, viktor):
        evil = people.identity(birth_family_name='=HYPERLINK("http://voleur.example")', birth_given_names="@SUM(1)")
        factories.person(identity=evil, fund="+33")
        row = decided(viktor, asked(nadia))
        line = fetched(nadia, row)[1]
        assert '\'=HYPERLINK("http://voleur.example")' in line
        assert "'@SUM(1)" in line
        assert "'+33" in line

    def test_same_queries_for_one_and_for_twenty(self, nadia, viktor):
        wave = factories.wave()
        factories.person(wave=wave)
        row = decided(viktor, asked(nadia))
        with CaptureQueriesContext(connection) as for_one:
            fetched(nadia, row)
        for _ in range(19):
            factories.person(wave=wave)
        with CaptureQueriesContext(connection) as for_twenty:
            assert len(fetched(nadia, row)) == 21
        assert len(for_twenty) == len(for_one)


class TestPages:
    def test_from_the_population_to_the_file(self, nadia, viktor):
        factories.person(department="2A")
        operator, approver = client_of(nadia), client_of(viktor)
        page = operator.get("/deploiement/population/", {"department": "2A"}).content.decode()
        ask = re.search(rf'href="({PAGE}demander/\?department=2A)"', page)[1]
        form = operator.get(ask)
        assert "Département : 2A" in words_of(form)
        assert "10 000 personnes au plus" in words_of(form)
        token = re.search(r'name="token" value="([^"]+)"', form.content.decode())[1]
        answer = operator.post(ask, {"token": token, "reason": "list for the fund"}, follow=True)
        assert "Export demandé" in words_of(answer)
        assert "nadia@example.fr" in words_of(answer)
        decide = f"{PAGE}{token}/decider/"
        assert decide not in answer.content.decode()
        assert decide in approver.get(PAGE).content.decode()
        assert "list for the fund" in words_of(approver.get(decide))
        assert "Export approuvé" in words_of(approver.post(decide, {"answer": "oui"}, follow=True))
        assert f"{PAGE}{token}/fichier/" in operator.get(PAGE).content.decode()
        file = operator.post(f"{PAGE}{token}/fichier/")
        assert file["Content-Type"] == "text/csv; charset=utf-8"
        assert file["Content-Disposition"] == f'attachment; filename="population-{token[-12:]}.csv"'
        assert file.content.decode().count("\r\n") == 2

    def test_an_address_that_is_no_filter_does_not_mean_everybody(self, nadia):
        factories.person()
        for query in ("state=GONE", "wave=31", "department=-1", "department=44&age=200"):
            data = {"token": str(uuid7()), "reason": "list for the fund"}
            address = f"{PAGE}demander/?{query}"
            assert client_of(nadia).get(address).status_code == 404
            assert client_of(nadia).post(address, data).status_code == 404
        assert not ExportRequest.objects.exists()

    def test_empty(self, nadia):
        assert "Aucun export demandé" in words_of(client_of(nadia).get(PAGE))

    def test_a_reason_is_needed(self, nadia):
        factories.person()
        answer = client_of(nadia).post(f"{PAGE}demander/", {"token": str(uuid7()), "reason": ""})
        assert (answer.status_code, ExportRequest.objects.count()) == (422, 0)

    @pytest.mark.parametrize(("at_most", "said"), [(0, "Plus de 0 personnes"), (5, "Personne ne répond à ces filtres")])
    def test_too_many_and_nobody(self, nadia, monkeypatch, at_most, said):
        monkeypatch.setattr(exporting, "ROWS_AT_MOST", at_most)
        if at_most == 0:
            factories.person()
        answer = client_of(nadia).post(f"{PAGE}demander/", {"token": str(uuid7()), "reason": "x"}, follow=True)
        assert said in words_of(answer)

    def test_refused(self, nadia, viktor):
        factories.person()
        row = asked(nadia)
        answer = client_of(viktor).post(f"{PAGE}{row.id}/decider/", {"answer": "non"}, follow=True)
        assert "Export refusé" in words_of(answer)
        assert client_of(nadia).post(f"{PAGE}{row.id}/fichier/").status_code == 404

    def test_ones_own(self, viktor):
        factories.person()
        row = asked(viktor)
        answer = client_of(viktor).post(f"{PAGE}{row.id}/decider/", {"answer": "oui"}, follow=True)
        assert "Vous avez demandé cette liste vous-même" in words_of(answer)
        row.refresh_from_db()
        assert row.state == "asked"

    def test_over_after_a_day(self, nadia, viktor):
        factories.person()
        decided(viktor, asked(nadia))
        with time_machine.travel(NOON + timedelta(hours=24), tick=False):
            page = client_of(nadia).get(PAGE)
        assert "/fichier/" not in page.content.decode()
        assert "terminé" in words_of(page)

    def test_an_operator_does_not_decide(self, nadia):
        factories.person()
        row = asked(nadia)
        other = client_of(people.staff(StaffRole.OPERATOR))
        assert other.get(f"{PAGE}{row.id}/decider/").status_code == 404
        assert other.post(f"{PAGE}{row.id}/fichier/").status_code == 404

    def test_list_same_queries_for_one_and_for_twenty(self, nadia):
        factories.person()
        client = client_of(nadia)
        asked(nadia)
        client.get(PAGE)
        with CaptureQueriesContext(connection) as for_one:
            client.get(PAGE)
        for _ in range(19):
            asked(people.staff(StaffRole.OPERATOR))
        with CaptureQueriesContext(connection) as for_twenty:
            client.get(PAGE)
        assert len(for_twenty) == len(for_one)
