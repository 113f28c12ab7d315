"""Documents that no column can hold: refused with a code or cut, never a fault of the database (SEC-22, SEC-32)."""

from __future__ import annotations

import pytest

from apps.audit.services import events_of
from apps.dmp import services
from apps.dmp.models import Document
from apps.dmp.refusals import deposit_refusal_words
from apps.dmp.services import Deposit, DepositRefusedError
from apps.files.models import StoredFile
from tests import factories
from tests.dmp.cda import Cda
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
BASE = "1.2.250.1.999."
TOO_LONG = {
    "unique_id": {"unique_id": BASE + "1" * 200},
    "set_id": {"set_id": BASE + "1" * 200},
    "type_code": {"type_code": "1" * 40},
    "version": {"version": 99_999_999_999},
}


def deposit(space, data):
    return services.deposit_document(actor=factories.system(space), deposit=Deposit(data=data), at=NOON)


@pytest.mark.parametrize("name", TOO_LONG)
def test_dmp_10_a_value_beyond_its_column_is_a_refusal(name):
    space = factories.space()

    with pytest.raises(DepositRefusedError) as caught:
        deposit(space, Cda(patient=space.identity, **TOO_LONG[name]).data())

    assert caught.value.refusal.code == "value-too-long"
    assert "trop longue" in deposit_refusal_words(caught.value.refusal)
    assert not Document.objects.exists()
    assert not StoredFile.objects.exists()
    assert events_of(space.id).get().facts["code"] == "value-too-long"


CHANGES = {
    "language": ('<languageCode code="fr-FR"/>', f'<languageCode code="{"f" * 60}"/>'),
    "name": ("<family>PERRIN</family>", f"<family>{'P' * 5000}</family>"),
    "organisation": ("<name>Laboratoire des Rives</name>", f"<name>{'L' * 5000}</name>"),
    "label": ('displayName="CR d\'examens biologiques"', f'displayName="{"d" * 5000}"'),
    "type system": ('codeSystem="2.16.840.1.113883.6.1"', f'codeSystem="2.{"1" * 90}"'),
    "negative version": ('<versionNumber value="1"/>', '<versionNumber value="-5"/>'),
    "title": ("<title>Résultats de biologie</title>", f"<title>{'t' * 5000}</title>"),
    "blank title": ("<title>Résultats de biologie</title>", "<title> \n </title>"),
    "year zero": ('value="20261118160500+0100"', 'value="00000101"'),
    "far offset": ('value="20261118160500+0100"', 'value="20261118160500+9959"'),
    "far year": ('value="20261118160500+0100"', 'value="99991231235959+0100"'),
    "author id": ('extension="810990000018"', f'extension="{"8" * 500}"'),
    "confidentiality": ('<confidentialityCode code="N"', '<confidentialityCode code="X"'),
}


@pytest.mark.parametrize("name", CHANGES)
def test_s02_odd_values_are_filed_or_refused_and_nothing_else(name):
    space = factories.space()
    old, new = CHANGES[name]
    text = Cda(patient=space.identity).data().decode()
    assert old in text

    try:
        row = deposit(space, text.replace(old, new).encode())
    except DepositRefusedError as error:
        assert error.refusal.code in {"value-too-long", "not-a-date"}  # noqa: PT017  either outcome is right
    else:
        row.refresh_from_db()
        assert row.title
