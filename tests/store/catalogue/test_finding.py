"""STO-85, STO-86: what is found, in which order, and that nothing else decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.common.text import fold
from apps.store.services import catalogue
from apps.store.services.errors import UnknownRowError
from apps.store.states import LISTING, ListingStatus
from apps.store.states.listing import MAY_REST
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.catalogue.shelf import names, put

pytestmark = pytest.mark.django_db


class TestOrder:
    def test_sto_85_by_name_as_the_french_sort_it(self):
        put("Zèbre"), put("Équilibre Sucre"), put("Doux Réveil")
        assert names() == ["Doux Réveil", "Équilibre Sucre", "Zèbre"]

    def test_by_date_the_newest_first(self):
        put("Ancien", listing={"published_at": NOON - timedelta(days=9)})
        put("Nouveau", listing={"published_at": NOON - timedelta(days=1)})
        assert names(sort="date") == ["Nouveau", "Ancien"]


class TestWords:
    @pytest.mark.parametrize("words", ["equilibre", "ÉQUILIBRE sucre", "glyco", "GLYCÉMIE", "chronique", "sucre mala"])
    def test_sto_86_name_publisher_tagline_and_need(self, words):
        put("Équilibre Sucre", publisher="Coopérative Glyco", tagline="Suivre sa glycémie.")
        put("Doux Réveil", publisher="Atelier du Sommeil", tagline="Un agenda.", needs=["sommeil"])
        assert names(words=words) == ["Équilibre Sucre"]

    def test_every_word_has_to_stand_somewhere(self):
        put("Équilibre Sucre")
        assert names(words="sucre sommeil") == []

    @pytest.mark.parametrize("words", ["%", "_", "' OR 1=1 --", "\\", "100%", "[\u0300-\u036f]"])
    def test_signs_are_letters_like_others(self, words):
        put("Équilibre Sucre")
        assert names(words=words) == []

    @given(st.text(max_size=200).filter(lambda text: "\0" not in text))
    def test_sec_32_whatever_is_typed_is_answered(self, words):
        list(catalogue.find(catalogue.Wish(words=words)))

    def test_folding_in_the_database_is_that_of_names(self):
        shown = put("X", publisher="Éditions d'Œuvre Ça Née")
        rows = type(shown).objects.annotate(folded=catalogue.Folded("publisher__name"))
        assert rows.get().folded == "EDITIONS D'ŒUVRE CA NEE"
        assert fold("Éditions Née") == "EDITIONS NEE"


class TestFilters:
    def test_each_by_its_column(self):
        put("Un", needs=["sommeil"], price="payant", audiences=["enfant"], accessibility_rate=80, platforms=["ios"],
            exchange="read")  # fmt: skip
        put("Deux", accessibility_rate=40)
        for wish in (
            {"need": "sommeil"}, {"price": "payant"}, {"audience": "enfant"}, {"accessible": 75}, {"platform": "ios"},
            {"exchange": "avec"},
        ):  # fmt: skip
            assert names(**wish) == ["Un"], wish
        assert names(exchange="sans") == ["Deux"]
        assert names(need="sommeil", price="gratuit") == []

    def test_without_a_stated_rate_it_is_under_every_threshold(self):
        put("Muet")
        assert names(accessible=50) == []


class TestStates:
    def test_sto_87_suspended_and_leaving_stay_withdrawn_and_expired_go(self):
        today = NOON.date()
        for status in ListingStatus:
            put(status.value, status=status, listing=_columns(status) | {"effect_on": today, "ended_at": NOON})
        assert names() == sorted({status.value for status in ListingStatus} - {"retire", "expire"}, key=fold)

    def test_the_page_of_one_that_has_left_is_found(self):
        put("Parti", status=ListingStatus.WITHDRAWN, listing={"ended_at": NOON})
        assert catalogue.service_named("parti").service.name == "Parti"

    def test_one_that_was_never_there_is_not(self):
        with pytest.raises(UnknownRowError):
            catalogue.service_named("inconnu")

    def test_a_page_that_is_being_written_is_not_shown(self):
        listing = put("Un", tagline="Montré")
        factories.sheet(listing.candidacy, tagline="Brouillon", needs=["sommeil"], version=2)
        assert names(words="brouillon") == names(words="sommeil") == names(need="sommeil") == []
        assert names(words="un montre chronique") == ["Un"]
        assert catalogue.sheet_of(catalogue.service_named("un")).tagline == "Montré"


def _columns(status: ListingStatus) -> dict:
    """Who is waited for in a state where somebody has to be."""
    stay = LISTING.stays[status]
    if not stay.terms or status in MAY_REST:
        return {}
    return {"queue": next(iter(stay.terms)), "due_at": NOON + timedelta(days=5), "waits_since": NOON}
