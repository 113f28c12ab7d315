from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from apps.common.copying import copying

pytestmark = pytest.mark.django_db


@pytest.fixture
def numbers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE numbers (number integer CHECK (number > 0)) ON COMMIT DROP")
    return "COPY numbers FROM STDIN"


def test_rows_arrive(numbers):
    with copying(numbers) as copy:
        copy.write("1\n2\n")

    with connection.cursor() as cursor:
        cursor.execute("SELECT sum(number) FROM numbers")
        assert cursor.fetchone() == (3,)


def test_a_refused_row_is_an_error_of_django_with_its_code(numbers):
    with pytest.raises(IntegrityError) as caught, transaction.atomic(), copying(numbers) as copy:
        copy.write("1\n-1\n")

    assert caught.value.__cause__.sqlstate == "23514"
