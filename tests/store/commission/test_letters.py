"""Official documents: what they say, and that a screen reader can read them (STO-06, STO-11, STO-41, STO-45)."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.store.letters import agreements, appeals, decisions, opinions, paper
from apps.store.models import Appeal, ConsentText, Decision, Judgement
from apps.store.states import Status
from tests.harness.clock import NOON
from tests.store import factories
from tests.store.commission import scenes
from tests.tagged_pdf import faults_of_pdf

HOSTILE = 'Titre #emph[x] $y$ \\ "z" @ref <label> *gras* _it_ `code` \u202e inversé \u0000 山'


def words(document: paper.Document) -> str:
    """All that a document says, part after part, with plain spaces."""
    said = [document.title, *document.address]
    for part in document.parts:
        said += [part.text, *part.lines, *part.head, *(cell for row in part.rows for cell in row)]
        said += [f"{term}: {value}" for term, value in part.pairs]
    return " ".join("\n".join([*said, *document.signature]).split())


def document(**values) -> paper.Document:
    given_parts = [paper.heading("Faits"), paper.text("Une ligne.\n\nUne autre."), paper.bullets(["a", "b"])]
    return paper.Document(**{"title": "Décision", "reference": "2026-0001", "parts": given_parts, **values})


class TestPaper:
    def test_decisions_35_pdf_ua_1_in_french_with_a_title(self):
        parts = [paper.heading("Faits"), paper.terms(("Dossier", "2026-0001")), paper.table(["A", "B"], [["1", "2"]])]
        data = paper.pdf_of(lambda: document(parts=parts, address=["Pneumo Services"], signature=["Claire Aubin"]))
        assert faults_of_pdf(data) == []

    def test_words_of_people_are_never_code(self):
        parts = [
            paper.heading(HOSTILE), paper.text(HOSTILE), paper.bullets([HOSTILE]), paper.terms((HOSTILE, HOSTILE)),
            paper.table([HOSTILE], [[HOSTILE]]),
        ]  # fmt: skip
        made = document(title=HOSTILE, reference=HOSTILE, parts=parts, address=[HOSTILE], signature=[HOSTILE])
        assert faults_of_pdf(paper.pdf_of(lambda: made)) == []

    @settings(max_examples=20)
    @given(st.text(max_size=200))
    def test_any_text_can_be_set(self, said):
        made = document(title=f"Décision {said}", parts=[paper.heading(f"Faits {said}"), paper.text(said)])
        assert paper.pdf_of(lambda: made).startswith(b"%PDF-")

    def test_what_the_type_lacks_shows_as_a_question_mark(self):
        assert paper.printable("Zoë Œuvre – « été » 山\u202e\u0007") == "Zoë Œuvre – « été » ?"

    def test_made_in_french_whatever_the_reader_speaks(self):
        with override("en"):
            assert faults_of_pdf(paper.pdf_of(document)) == []


@pytest.mark.django_db
class TestNotice:
    def judged(self, dossier, code="CRI-SEC-01"):
        return Judgement.objects.create(
            candidacy=dossier, criterion=code, version=1, verdict="non_conforme", note="Le certificat est échu.",
            internal="Note interne.", by=dossier.assessor, at=NOON,
        )  # fmt: skip

    def test_sto_11_ground_facts_reasons_dates_signatory_and_remedies(self):
        dossier = scenes.opined("defavorable")
        self.judged(dossier)
        row = scenes.decision(
            dossier, ground="R1111-38,arrete-2022-06-23", criteria=["CRI-SEC-01"], confirmed_at=NOON,
            confirmed_by=scenes.person(),
        )  # fmt: skip
        said = words(decisions.notice(row, at=NOON))
        for wanted in (
            "Article R. 1111-38", "23 juin 2022", "Le critère n'est pas rempli.", "CRI-SEC-01", "Le certificat est",
            "Claire Aubin, déléguée adjointe", "Prise le: 24 novembre 2026",
            "Confirmée par une seconde personne le: 25 novembre 2026",
            "Notifiée le: 25 novembre 2026", "dans les deux mois", "tribunal administratif",
            "Avis de la commission du 18 novembre 2026 : défavorable.", dossier.number,
            "Pneumo Services",
        ):  # fmt: skip
            assert wanted in said
        assert "Note interne" not in said, "what is internal never leaves (L10)"
        assert faults_of_pdf(decisions.notice_pdf(row, at=NOON)) == []

    @pytest.mark.parametrize("kind", Decision.Kind.values)
    def test_l6_every_kind_has_its_own_words_and_a_readable_pdf(self, kind):
        row = scenes.decision(scenes.opined(), kind)
        made = decisions.notice(row, at=NOON)
        assert made.title
        assert faults_of_pdf(decisions.notice_pdf(row, at=NOON)) == []

    @pytest.mark.parametrize(
        ("kind", "may_appeal"),
        [
            ("accept", False), ("require_lift", False), ("lift", False), ("refuse", True), ("inadmissible", True),
            ("suspend", True), ("precaution", True), ("withdraw", True), ("formal_notice", True),
        ],
    )  # fmt: skip
    def test_sto_45_remedies_stand_where_something_is_taken_or_refused(self, kind, may_appeal):
        said = words(decisions.notice(scenes.decision(scenes.opined(), kind), at=NOON))
        assert ("Voies et délais de recours" in said) is may_appeal

    def test_kinds_have_titles_of_their_own(self):
        titles = {str(title) for title in decisions.TITLES.values()}
        assert len(titles) == len(Decision.Kind)
        assert set(decisions.EFFECTS) == set(Decision.Kind)

    def test_reservations_of_a_favourable_decision(self):
        dossier = scenes.opined("reserves_suspensives")
        scenes.reserved(dossier)
        said = words(decisions.notice(scenes.decision(dossier, "require_lift"), at=NOON))
        assert "CRI-ACC-01 – Avant toute publication, au plus tard le 31 décembre 2026 : Publier" in said

    def test_a_ground_that_is_no_code_stands_as_it_is(self):
        row = scenes.decision(scenes.opined(), ground="Article L. 1 du code")
        assert "Article L. 1 du code" in words(decisions.notice(row, at=NOON))

    def test_without_a_name_the_capacity_signs(self):
        row = scenes.decision(scenes.opined(), "inadmissible", signatory="")
        assert decisions.signature_of(row) == [
            "Pour la Caisse nationale de l'assurance maladie, le guichet de référencement"
        ]


@pytest.mark.django_db
class TestOpinionAndMinutes:
    def test_sto_41_opinion_quorum_votes_reservations(self):
        dossier = scenes.opined("reserves_suspensives")
        item = dossier.agenda.get()
        scenes.voted(item, scenes.members(3), "pour", "pour", "contre")
        scenes.reserved(dossier, made_at=item.opinion_at)
        scenes.reserved(dossier, text="D'une autre séance.")
        said = words(opinions.opinion(item))
        assert "avec réserves suspensives" in said
        assert "7 membres pouvaient voter." in said
        assert "Pour : 2. Contre : 1. Abstentions : 0." in said
        assert "Publier la déclaration" in said
        assert faults_of_pdf(opinions.opinion_pdf(item)) == []

    def test_rv_13_minutes_name_members_and_dossiers(self):
        dossier = scenes.opined()
        item = dossier.agenda.get()
        nine = scenes.members()
        scenes.there(item.session, *nine[:5])
        open_one = scenes.before(item.session)
        said = words(opinions.minutes(item.session, items=[item, open_one]))
        assert "Membre 1" in said
        assert "Membre 6" not in said
        assert f"1. {dossier.service.name} ({dossier.number})" in said
        assert "Aucun avis n'a été rendu." in said
        assert faults_of_pdf(opinions.minutes_pdf(item.session, items=[item, open_one])) == []

    def test_queries_of_minutes_do_not_grow_with_dossiers(self, django_assert_num_queries):
        dossiers = [scenes.opined() for _ in range(3)]
        items = [dossier.agenda.select_related("candidacy__service").get() for dossier in dossiers]
        session = items[0].session
        for shown in (items[:1], items):
            with django_assert_num_queries(3):  # members who were there, reservations, votes
                opinions.minutes(session, items=shown)


@pytest.mark.django_db
class TestAgreement:
    def test_sto_06_parties_responsibilities_data_duration_withdrawal(self):
        dossier = factories.candidacy(Status.AGREEMENT, exchange="read_write")
        for category, direction in (("mesures", "write"), ("documents", "read")):
            ConsentText.objects.create(
                candidacy=dossier, category=category, direction=direction, need=f"Suivi par {category}", access="API",
                retention="5 ans", security="Chiffrement", text="Texte.", written_at=NOON,
                written_by=dossier.created_by,
            )  # fmt: skip
        texts = list(dossier.consent_texts.order_by("category"))
        said = words(agreements.agreement(dossier, texts=texts, at=NOON))
        for wanted in (
            "Pneumo Services, SIREN", "Jeanne Morvan", "ministre chargé de la santé", "Caisse nationale de l'assurance",
            "mesures de santé", "documents", "Suivi par mesures", "5 ans", "dure trois ans", "préavis de trois mois",
            "pas une signature électronique qualifiée", "recherche comprise",
        ):  # fmt: skip
            assert wanted in said
        assert faults_of_pdf(agreements.agreement_pdf(dossier, texts=texts, at=NOON)) == []

    def test_sto_07_a_service_without_exchange_reads_nothing(self):
        said = words(agreements.agreement(factories.candidacy(Status.AGREEMENT), texts=[], at=NOON))
        assert "ne lit et n'ajoute aucune donnée" in said
        assert "recherche comprise" not in said

    def test_the_same_dossier_gives_the_same_bytes(self):
        dossier = factories.candidacy(Status.AGREEMENT)
        first = agreements.agreement_pdf(dossier, texts=[], at=NOON)
        assert agreements.agreement_pdf(dossier, texts=[], at=NOON) == first


@pytest.mark.django_db
class TestAnswer:
    @pytest.mark.parametrize(("outcome", "has_remedy"), [("upheld", True), ("overturned", False)])
    def test_sto_69_reasons_and_what_remains_open(self, outcome, has_remedy):
        dossier = scenes.opined("defavorable")
        row = scenes.decision(dossier)
        appeal = Appeal(
            candidacy=dossier, decision=row, kind="gracieux", text="x", filed_by=dossier.created_by, filed_at=NOON,
            due_at=NOON, outcome=outcome, reasons="Le certificat était valable.",
        )  # fmt: skip
        said = words(appeals.answer(appeal, at=NOON))
        assert "Le certificat était valable." in said
        assert "Décision de refus" in said
        assert ("tribunal administratif" in said) is has_remedy
        assert faults_of_pdf(appeals.answer_pdf(appeal, at=NOON)) == []

    def test_a_lapse_has_no_decision(self):
        appeal = Appeal(
            candidacy=factories.candidacy(Status.APPEAL), kind="gracieux", filed_at=NOON, outcome="upheld", reasons="x"
        )
        assert "Caducité du dossier" in words(appeals.answer(appeal, at=NOON))
