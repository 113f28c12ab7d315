from __future__ import annotations

import pytest

from apps.rollout.population import COLUMNS as INVENTED
from apps.rollout.validation.columns import COLUMNS, HeaderError, Layout


class TestLayout:
    def test_names_the_columns_that_are_missing(self):
        with pytest.raises(HeaderError) as caught:
            Layout.of(";".join(column for column in COLUMNS if column not in {"cle", "oid"}))

        assert (caught.value.titles, caught.value.missing) == (("cle", "oid"), True)

    def test_names_the_columns_that_stand_there_twice(self):
        with pytest.raises(HeaderError) as caught:
            Layout.of(";".join([*COLUMNS, "cle"]))

        assert (caught.value.titles, caught.value.missing) == (("cle",), False)

    def test_rol_10_columns_are_those_of_the_invented_populations(self):
        assert COLUMNS == INVENTED
