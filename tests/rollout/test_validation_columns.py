from __future__ import annotations

import pytest

from apps.rollout.population import COLUMNS as INVENTED
from apps.rollout.validation.columns import COLUMNS, HAD_DMP, LIMITS, REQUIRED, HeaderError, Layout


class TestLayout:
    def test_names_the_columns_that_are_missing(self):
        with pytest.raises(HeaderError) as caught:
            Layout.of(";".join(column for column in COLUMNS if column not in {"cle", "oid"}))

        assert (caught.value.titles, caught.value.missing) == (("cle", "oid"), True)

    @pytest.mark.parametrize("title", ["cle", "had_dmp"])
    def test_names_the_columns_that_stand_there_twice(self, title):
        with pytest.raises(HeaderError) as caught:
            Layout.of(";".join([*COLUMNS, title]))

        assert (caught.value.titles, caught.value.missing) == ((title,), False)

    def test_rol_10_columns_are_those_of_the_invented_populations(self):
        assert REQUIRED == INVENTED
        assert (*REQUIRED, "had_dmp") == COLUMNS
        assert len(LIMITS) == len(COLUMNS)


class TestOptionalColumn:
    VALUES = [f"v{place}" for place in range(32)]

    def test_spa_21_a_file_without_it_knows_of_no_older_dmp(self):
        values = Layout.of(";".join(REQUIRED)).values(";".join(self.VALUES))

        assert values == [*self.VALUES, "0"]

    def test_spa_21_it_may_stand_anywhere(self):
        layout = Layout.of(";".join(["HAD_DMP ", *reversed(REQUIRED), "autre"]))
        values = layout.values(";".join(["1", *reversed(self.VALUES), "x"]))

        assert values == [*self.VALUES, "1"]

    def test_spa_21_an_empty_value_is_no_dmp(self):
        values = Layout.of(";".join(COLUMNS)).values(";".join([*self.VALUES, ""]))

        assert values is not None
        assert values[HAD_DMP] == "0"

    def test_a_line_of_another_width_has_no_values(self):
        assert Layout.of(";".join(COLUMNS)).values(";".join(self.VALUES)) is None
