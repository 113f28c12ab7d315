"""Every reason has words, in French too (store.md 7: results are shown with the fix)."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from apps.store.checks.web.reasons import Reason
from apps.store.checks.words import words_of
from apps.store.checks.words_web import WORDS_WEB
from apps.store.gateways.web.base import Reason as Unreached

ALL = [*Reason, *Unreached]


@pytest.mark.parametrize("reason", ALL)
def test_every_reason_says_what_was_found_and_how_to_cure_it(reason):
    with override("fr"):
        found, cure = (str(text) for text in words_of(reason))
        assert found.endswith(".")
        assert cure.endswith(".")
        assert "Start the check again; if the result stays" not in cure


@pytest.mark.parametrize("reason", WORDS_WEB)
def test_words_are_french(reason):
    with override("en"):
        english = tuple(map(str, WORDS_WEB[reason]))
    with override("fr"):
        french = tuple(map(str, WORDS_WEB[reason]))

    assert not set(english) & set(french)


def test_codes_are_those_of_one_reason_alone():
    assert len({reason.value for reason in ALL}) == len(ALL)
    assert set(WORDS_WEB) <= {reason.value for reason in ALL}
