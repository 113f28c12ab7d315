"""D-03: one analysis over time, from documents that the reader may see, unit by unit."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.audit.services import events_of
from apps.dmp.jobs import indexing
from apps.dmp.models import Document
from apps.dmp.services import Visibility
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import Cda
from tests.dmp.factories import delegate_of, filed, holder_of, representative_of
from tests.dmp.pages import words_of
from tests.formats.small_cda import Analysis
from tests.harness.clock import NOON
from tests.security.test_sec_05_no_trace import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def space():
    return factories.space()


def with_entries(data, *analyses):
    """The document with coded results in its section."""
    text, entries = data.decode(), "".join(analysis.entry() for analysis in analyses)
    text = text.replace('<ClinicalDocument xmlns="urn:hl7-org:v3"', '<ClinicalDocument xmlns="urn:hl7-org:v3" '
                        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"', 1)  # fmt: skip
    return text.replace("</text></section>", f"</text>{entries}</section>").encode()


def report(space, name, *analyses, **values):
    cda = Cda(patient=space.identity, unique_id=f"1.2.250.1.999.{name}", set_id=f"1.2.3.{name}", **values)
    row = filed(space, data=with_entries(cda.data(), *analyses))
    indexing.index(space_id=space.id, document_id=row.id, clock=lambda: NOON)
    return row


def ferritin(value, month, **values):
    return Analysis(value=value, at=f"2026{month:02d}03090000+0100", **values)


def url(row, number=0):
    return reverse("dmp:result_evolution", args=[row.space_id, row.id, number])


def page_of(person, row):
    return person.client.get(reverse("dmp:document_detail", args=[row.space_id, row.id]))


def test_a_document_leads_to_the_results_of_the_others(space):
    first = report(space, "1", ferritin("7.67", 3, low="9.30", high="17.00"))
    second = report(space, "2", ferritin("10.2", 9, low="9.30", high="17.00"))
    person = holder_of(space)
    assert "Ferritine : voir tous les résultats" in words_of(page_of(person, second))
    words = words_of(person.client.get(url(second)))
    assert "3 septembre 2026 10,2 g/L 9,30 à 17,00" in words
    assert words.index("3 septembre 2026 10,2") < words.index("3 mars 2026 7,67")
    assert "2 résultats, du 3 mars 2026 au 3 septembre 2026." in words
    assert str(first.id) in person.client.get(url(second)).content.decode()


def test_the_ends_of_a_curve_are_months_that_fit_a_phone(space):
    report(space, "1", ferritin("7.67", 3))
    row = report(space, "2", ferritin("10.2", 9))
    page = holder_of(space).client.get(url(row)).content.decode()
    drawing = page[page.index('<svg class="ens-chart__drawing') :]
    assert ">mars 2026</text>" in drawing
    assert ">septembre 2026</text>" in drawing


def test_one_document_alone_has_no_evolution(space):
    row = report(space, "1", ferritin("7.67", 3))
    person = holder_of(space)
    assert "au fil du temps" not in words_of(page_of(person, row))
    assert person.client.get(url(row)).status_code == 404


def test_a_monstrous_number_breaks_no_page(space):
    report(space, "1", ferritin("7.67", 3))
    report(space, "2", ferritin("8.1", 5))
    row = report(space, "3", ferritin("1E+999999999", 9))
    person = holder_of(space)
    assert page_of(person, row).status_code == 200
    assert person.client.get(url(row)).status_code == 404


def test_units_are_never_merged(space):
    report(space, "1", ferritin("7.67", 3))
    report(space, "2", ferritin("8.1", 5))
    row = report(space, "3", ferritin("9100", 9, unit="mg/L"))
    page = holder_of(space).client.get(url(row))
    assert words_of(page).count("En g/L") == words_of(page).count("En mg/L") == 1
    assert page.content.decode().count("<polyline") == 1  # one figure makes no curve


def test_dmp_09_a_month_stays_a_month_and_is_not_drawn(space):
    report(space, "1", Analysis(value="7", at="202603"))
    row = report(space, "2", ferritin("8", 9))
    page = holder_of(space).client.get(url(row))
    assert "mars 2026 7" in words_of(page)
    assert "<polyline" not in page.content.decode()


def test_no_figure_is_judged(space):
    report(space, "1", ferritin("1", 3, low="9", high="17"))
    row = report(space, "2", ferritin("99", 9, low="9", high="17", code="HH"))
    words = words_of(holder_of(space).client.get(url(row)))
    assert not any(judged in words for judged in ("au-dessus", "en dessous", "anormal", "élevé"))


def test_sec_16_neither_title_nor_address_name_the_analysis(space):
    report(space, "1", ferritin("1", 3))
    row = report(space, "2", ferritin("2", 9))
    page = holder_of(space).client.get(url(row)).content.decode()
    assert "Ferritine" not in page[page.index("<title>") : page.index("</title>")]


@pytest.mark.parametrize("person_of", [holder_of, representative_of, delegate_of])
def test_sec_13_looking_leaves_one_line(space, person_of):
    report(space, "1", ferritin("1", 3))
    row = report(space, "2", ferritin("2", 9))
    assert person_of(space).client.get(url(row)).status_code == 200
    line = events_of(space.id).get(action="dmp.results.follow")
    assert (line.target, line.facts) == (f"document:{row.id}", {})


def test_sec_01_another_space_is_nobodys_business(space):
    report(space, "1", ferritin("1", 3))
    row = report(space, "2", ferritin("2", 9))
    assert holder_of(factories.space()).client.get(url(row)).status_code == 404


@pytest.mark.parametrize("number", [1, 7, 10**9])
def test_a_figure_that_is_not_there_is_404(space, number):
    report(space, "1", ferritin("1", 3))
    row = report(space, "2", ferritin("2", 9))
    assert holder_of(space).client.get(url(row, number)).status_code == 404


def test_replaced_and_infected_documents_are_left_out(space):
    report(space, "1", ferritin("1", 3))
    replaced = report(space, "2", ferritin("2", 5))
    row = report(space, "3", ferritin("3", 9))
    Document.objects.filter(id=replaced.id).update(availability=Document.Availability.DEPRECATED)
    person = holder_of(space)
    assert "5 mai" not in words_of(person.client.get(url(row)))
    StoredFile.objects.filter(id=Document.objects.get(unique_id="1.2.250.1.999.1").file_id).update(state="infected")
    assert person.client.get(url(row)).status_code == 404


@pytest.mark.parametrize("label", [Visibility.INVISIBLE_TO_PATIENT, Visibility.INVISIBLE_TO_REPRESENTATIVES])
def test_sec_05_a_secret_result_is_in_no_evolution(label):
    made = Scene(space=factories.space(person=factories.child_identity()))
    rows = [report(made.space, name, ferritin("1", int(name))) for name in ("1", "2")]
    person = representative_of(made.space)
    before = [page_of(person, rows[1]).content, person.client.get(url(rows[1])).content]
    secret = report(made.space, "9", ferritin("5", 9))
    if label is Visibility.INVISIBLE_TO_PATIENT:
        Document.objects.filter(id=secret.id).update(concealed_until=NOON.replace(year=2027))
    else:
        Document.objects.filter(id=secret.id).update(kept_from_representatives=True)
    after = [page_of(person, rows[1]).content, person.client.get(url(rows[1])).content]
    assert [stripped(page) for page in before] == [stripped(page) for page in after]


def stripped(page):
    """Without what differs between two loads of one page: tokens, references and the number of readings."""
    return [line for line in page.decode().splitlines() if "csrf" not in line and "nonce" not in line]


def test_queries_do_not_grow_with_documents(space):
    row = report(space, "1", ferritin("1", 1))
    report(space, "2", ferritin("2", 2))
    person = holder_of(space)

    def queries():
        person.client.get(url(row))
        with CaptureQueriesContext(connection) as seen:
            assert person.client.get(url(row)).status_code == 200
        return len(seen)

    few = queries()
    for number in range(3, 12):
        report(space, str(number), ferritin("2", number))
    assert queries() == few
