"""The population (RO-03): filters, paging by key, one person found, one person opened; who reads leaves a line."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import FormerInsNumber, StaffRole
from apps.audit.services import PLATFORM_SCOPE, events_of
from apps.common.ids import uuid7
from apps.rollout.models import EligiblePerson
from apps.rollout.services import population
from apps.rollout.services.population import AgeClass, Anomaly, Filters
from tests import factories as people
from tests.cast import client_of
from tests.dmp.pages import title_of, words_of
from tests.harness.clock import NOON
from tests.rollout import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PAGE = "/deploiement/population/"
SEARCH = f"{PAGE}chercher/"


def person(run, **values) -> EligiblePerson:
    return factories.person(run=run, **values)


def shown(response) -> list[str]:
    """Ids of the people in a list, in their order."""
    return re.findall(rf'href="{PAGE}([0-9a-f-]{{36}})/"', response.content.decode())


def actions() -> list[str]:
    lines = events_of(PLATFORM_SCOPE).filter(action__startswith="rollout.person.")
    return sorted(lines.values_list("action", flat=True))


class TestFilters:
    def meets(self, one, **filters) -> bool:
        return population.filtered(Filters(**filters), today=NOON.date()).filter(pk=one.pk).exists()

    @pytest.mark.parametrize(
        ("name", "column", "value", "other"),
        [
            ("state", "state", "OPPOSED", "ELIGIBLE"),
            ("channel", "channel", "courrier", "courriel"),
            ("department", "department", "2A", "44"),
        ],
    )
    def test_by_column(self, run, name, column, value, other):
        assert self.meets(person(run, **{column: value}), **{name: value})
        assert not self.meets(person(run, **{column: other}), **{name: value})

    def test_by_wave_and_by_none(self, run):
        wave = factories.wave()
        inside, free = person(run, wave=wave), person(run)
        assert [self.meets(one, wave=str(wave.pk)) for one in (inside, free)] == [True, False]
        assert [self.meets(one, wave="aucune") for one in (inside, free)] == [False, True]

    @pytest.mark.parametrize(
        ("born", "age"),
        [
            ("2026-11-25", AgeClass.MINOR),
            ("2008-11-26", AgeClass.MINOR),  # 18 tomorrow
            ("2008-11-25", AgeClass.YOUNG),
            ("2008-11-00", AgeClass.YOUNG),
            ("1986-11-26", AgeClass.YOUNG),
            ("1986-11-25", AgeClass.MIDDLE),
            ("1961-11-25", AgeClass.OLD),
            ("1946-11-25", AgeClass.OLDEST),
            ("1915-00-00", AgeClass.OLDEST),
        ],
    )
    def test_everybody_has_one_age_class(self, run, born, age):
        one = person(run, identity=people.identity(birth_date=born))
        assert [wanted for wanted in AgeClass if self.meets(one, age=wanted.value)] == [age]

    @pytest.mark.parametrize(
        ("anomaly", "values"),
        [
            (Anomaly.NO_REPRESENTATIVE, {"hold": "no-representative"}),
            (Anomaly.RETURNED, {"hold": "returned"}),
            (Anomaly.CONFLICT, {"hold": "conflict"}),
            (Anomaly.CLAIM, {"hold": "claim"}),
            (Anomaly.FAILED, {"state": "OPEN_FAILED", "state_reason": "x"}),
            (Anomaly.UNKNOWN, {"situation": "MINEUR", "rl1_number": "2840644109999"}),
        ],
    )
    def test_s25_anomalies(self, run, anomaly, values):
        one, other = person(run, **values), person(run)
        assert [self.meets(who, anomaly=anomaly.value) for who in (one, other)] == [True, False]

    def test_doubles(self, run):
        one = person(run, double_of=people.identity())
        assert self.meets(one, anomaly="double")

    def test_all_filters_together(self, run):
        one = person(run, department="2A", hold="returned")
        assert self.meets(one, department="2A", anomaly="returned", state="ELIGIBLE", channel="courriel", age="40-64")
        assert not self.meets(one, department="2A", anomaly="conflict")


class TestList:
    def test_empty(self, desk):
        assert "Le registre se remplit avec le premier import" in words_of(desk.get(PAGE))

    def test_sec_19_initials_year_and_department_only(self, desk, run):
        one = person(run, wave=factories.wave(number=907), hold="returned")
        answer = desk.get(PAGE)
        words, page = words_of(answer), answer.content.decode()
        assert "A. M. 1984 44" in words
        assert "907" in words
        assert "retenu : notification revenue" in words
        for hidden in ("MOREL", "ALICE", one.identity.ins_number, "1984-06-14", "RUE DES ESSAIS", "@example.fr"):
            assert hidden not in page, hidden

    def test_the_list_leaves_one_line_without_ids(self, desk, run, nadia):
        person(run)
        desk.get(PAGE, {"department": "44"})
        line = events_of(PLATFORM_SCOPE).get(action="rollout.person.list")
        assert (line.actor_id, line.target, line.facts) == (str(nadia.pk), "", {"shown": 1, "filters": "department"})

    def test_paged_by_key_everybody_once(self, desk, run, monkeypatch):
        monkeypatch.setattr(population, "PEOPLE_A_PAGE", 3)
        rows = {str(person(run).pk) for _ in range(7)}
        seen, address = [], PAGE
        while address:
            answer = desk.get(address)
            seen += shown(answer)
            found = re.search(r'href="([^"]+)">Personnes suivantes', answer.content.decode())
            address = found[1] if found else ""
        assert (len(seen), set(seen)) == (7, rows)
        assert "Revenir aux premières personnes" in words_of(answer)

    def test_filters_stay_from_page_to_page(self, desk, run, monkeypatch):
        monkeypatch.setattr(population, "PEOPLE_A_PAGE", 1)
        for _ in range(2):
            person(run, department="31")
        person(run)
        page = desk.get(PAGE, {"department": "31"}).content.decode()
        assert re.search(r'href="/deploiement/population/\?department=31&amp;apres=[0-9a-f-]{36}"', page)
        assert "Département : 31" in words_of(desk.get(PAGE, {"department": "31"}))
        assert "2 personnes" in words_of(desk.get(PAGE, {"department": "31"}))

    def test_a_number_of_people_is_not_counted_to_the_end(self, desk, run, monkeypatch):
        monkeypatch.setattr(population, "COUNTED", 2)
        for _ in range(2):
            person(run)
        assert "2 personnes" in words_of(desk.get(PAGE))
        person(run)
        assert "Plus de 2 personnes" in words_of(desk.get(PAGE))

    @pytest.mark.parametrize("query", [{"state": "X"}, {"wave": "x"}, {"department": "<b>"}, {"age": "7"}])
    def test_a_filter_that_is_not_right_is_told(self, desk, run, query):
        person(run)
        answer = desk.get(PAGE, query)
        assert answer.status_code == 200
        assert title_of(answer).startswith("Erreur")

    @pytest.mark.parametrize("after", ["x", "%00", ""])
    def test_a_key_that_is_none_is_the_first_page(self, desk, run, after):
        one = person(run)
        assert shown(desk.get(f"{PAGE}?apres={after}")) == [str(one.pk)]

    def test_same_queries_for_one_and_for_twenty(self, desk, run):
        wave = factories.wave()
        person(run, wave=wave)
        desk.get(PAGE)
        with CaptureQueriesContext(connection) as for_one:
            desk.get(PAGE)
        for _ in range(19):
            person(run, wave=wave)
        with CaptureQueriesContext(connection) as for_twenty:
            assert len(shown(desk.get(PAGE))) == 20
        assert len(for_twenty) == len(for_one)

    @pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.PLATFORM, StaffRole.ASSESSOR])
    def test_sec_19_other_roles_find_nothing(self, run, role):
        desk, one = client_of(people.staff(role)), person(run)
        assert [desk.get(path).status_code for path in (PAGE, SEARCH, f"{PAGE}{one.pk}/")] == [404] * 3
        assert actions() == []


class TestSearch:
    def test_by_number_straight_to_the_person(self, desk, run, nadia):
        one = person(run)
        who = one.identity
        typed = f"{who.ins_number[:1]} {who.ins_number[1:]} {who.ins_key}"
        answer = desk.post(SEARCH, {"number": typed})
        assert answer["Location"] == f"{PAGE}{one.pk}/"
        line = events_of(PLATFORM_SCOPE).get(action="rollout.person.search")
        assert (line.actor_id, line.facts) == (str(nadia.pk), {"by": "number", "found": 1})

    def test_by_a_former_number(self, desk, run):
        one = person(run)
        FormerInsNumber.objects.create(
            identity=one.identity, ins_number="7840644109123", authority=one.identity.authority, ended_at=NOON
        )
        assert desk.post(SEARCH, {"number": "7840644109123"})["Location"] == f"{PAGE}{one.pk}/"

    @pytest.mark.parametrize("typed", ["14/06/1984", "14 6 1984", "14-06-1984"])
    def test_by_name_and_birth_date(self, desk, run, typed):
        one = person(run, identity=people.identity(birth_family_name="LE GOFF-ÉVENO"))
        answer = desk.post(SEARCH, {"family_name": "le goff eveno", "birth_date": typed})
        assert answer["Location"] == f"{PAGE}{one.pk}/"

    def test_homonyms_are_listed_without_names(self, desk, run):
        rows = {str(person(run).pk) for _ in range(2)}
        answer = desk.post(SEARCH, {"family_name": "Morel", "birth_date": "14/06/1984"})
        assert (answer.status_code, set(shown(answer))) == (200, rows)
        assert "Plusieurs personnes ont ce nom et cette date." in words_of(answer)

    @pytest.mark.parametrize(
        "data",
        [
            {"number": "2840644109998"},
            {"family_name": "MORE", "birth_date": "14/06/1984"},
            {"family_name": "MOREL", "birth_date": "15/06/1984"},
            {"family_name": "%", "birth_date": "14/06/1984"},
        ],
    )
    def test_sec_19_nothing_is_found_in_part(self, desk, run, data):
        person(run, identity=people.identity(ins_number="2840644109777"))
        assert "Aucune personne trouvée" in words_of(desk.post(SEARCH, data))
        assert events_of(PLATFORM_SCOPE).get(action="rollout.person.search").facts["found"] == 0

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Donnez le numéro, ou le nom de naissance avec la date de naissance."),
            ({"family_name": "MOREL"}, "Donnez le numéro, ou le nom de naissance avec la date de naissance."),
            ({"birth_date": "14/06/1984"}, "Donnez le numéro, ou le nom de naissance avec la date de naissance."),
            ({"number": "28406441"}, "complet"),
            ({"family_name": "MOREL", "birth_date": "31/02/1984"}, "jour/mois/année"),
            ({"family_name": "MOREL", "birth_date": "juin 1984"}, "jour/mois/année"),
        ],
    )
    def test_what_is_not_right(self, desk, data, said):
        answer = desk.post(SEARCH, data)
        assert (answer.status_code, said in words_of(answer)) == (422, True)
        assert actions() == []

    def test_sec_05_no_name_and_no_number_in_an_address(self, desk):
        assert 'method="post"' in desk.get(SEARCH).content.decode()
        assert desk.get(SEARCH, {"number": "2840644109998"}).status_code == 200
        assert actions() == []

    def test_sec_20_so_many_an_hour_only(self, desk, run, settings):
        settings.LIMITS = {**settings.LIMITS, "operator_search": (2, 3600)}
        person(run)
        data = {"number": "2840644109998"}
        assert [desk.post(SEARCH, data).status_code for _ in range(3)] == [200, 200, 429]
        assert actions().count("rollout.person.limit") == 1


class TestPerson:
    def test_full_traits_and_a_line_for_each_opening(self, desk, run, nadia):
        one = person(run, mobile="06 00 00 00 01", identity=people.identity(birth_date="1952-06-00"))
        words = words_of(desk.get(f"{PAGE}{one.pk}/"))
        assert "A. M., né ou née en 1952" in words
        assert "Nom de naissance MOREL" in words
        assert "juin 1952" in words
        assert f"{one.identity.ins_number} {one.identity.ins_key}" in words
        assert "3 RUE DES ESSAIS 44000 NANTES" in words
        desk.get(f"{PAGE}{one.pk}/")
        lines = events_of(PLATFORM_SCOPE).filter(action="rollout.person.read")
        assert [(line.actor_id, line.target) for line in lines] == [(str(nadia.pk), f"person:{one.pk}")] * 2

    def test_sec_05_the_title_names_nobody(self, desk, run):
        assert title_of(desk.get(f"{PAGE}{person(run).pk}/")).startswith("Une personne du registre – Déploiement")

    def test_notices_window_opposition_and_steps(self, desk, run):
        wave = factories.wave(number=908, name="Loire")
        one = person(run, wave=wave)
        factories.noticed(one, sent_at=NOON - timedelta(days=10))
        words = words_of(desk.get(f"{PAGE}{one.pk}/"))
        assert "908 · Loire" in words
        assert "Dernier jour pour s'opposer 27 décembre 2026" in words
        assert "envoyée le 15 novembre 2026" in words

    def test_representatives_of_the_file(self, desk, run):
        mother = people.identity(first_given_name="ROSA")
        child = person(
            run,
            identity=people.child_identity(),
            situation="MINEUR",
            rl1_number=mother.ins_number,
            rl1_capacity="MERE",
            rl2_number="1840644109555",
            rl2_capacity="PERE",
        )
        words = words_of(desk.get(f"{PAGE}{child.pk}/"))
        assert "Rosa Morel" in words
        assert "Inconnu ici, ou le numéro désigne plusieurs personnes" in words

    def test_space_death_and_hold(self, desk, run):
        one = person(run, hold="conflict", identity=people.identity(died_on=date(2026, 11, 1)))
        people.space(person=one.identity)
        words = words_of(desk.get(f"{PAGE}{one.pk}/"))
        assert "Retenu : représentants en désaccord" in words or "retenu : représentants en désaccord" in words
        assert "1er novembre 2026" in words
        assert "ouvert" in words

    def test_sec_20_500_openings_end_at_the_limit_with_an_alert(self, desk, run):
        one = person(run)
        answers = [desk.get(f"{PAGE}{one.pk}/").status_code for _ in range(62)]
        assert (answers.count(200), answers.count(429)) == (60, 2)
        assert (actions().count("rollout.person.read"), actions().count("rollout.person.limit")) == (60, 2)

    def test_somebody_else_may_still_open(self, desk, run, settings):
        settings.LIMITS = {**settings.LIMITS, "operator_person": (1, 3600)}
        one = person(run)
        other = client_of(people.staff(StaffRole.APPROVER))
        assert [who.get(f"{PAGE}{one.pk}/").status_code for who in (desk, desk, other)] == [200, 429, 200]

    def test_unknown(self, desk):
        assert desk.get(f"{PAGE}{uuid7()}/").status_code == 404
        assert actions() == []

    def test_same_queries_for_one_notice_and_for_twenty(self, desk, run):
        one = person(run)
        factories.noticed(one)
        desk.get(f"{PAGE}{one.pk}/")
        with CaptureQueriesContext(connection) as for_one:
            desk.get(f"{PAGE}{one.pk}/")
        for place in range(19):
            notice = one.notices.get(key="first")
            notice.pk, notice.key, notice.message_id = uuid7(), f"again:{place}", f"<{place}@localhost>"
            notice.reader, notice.kind = people.identity(), "again"
            notice.save(force_insert=True)
        with CaptureQueriesContext(connection) as for_twenty:
            desk.get(f"{PAGE}{one.pk}/")
        assert len(for_twenty) == len(for_one)
