"""Subjects as pages show them (MSS-23, MSS-32)."""

from __future__ import annotations

import pytest

from apps.formats.mail.reading import read_mail
from apps.formats.mail.subjects import clean_subject, without_traits
from tests.formats.mail.mails import mail, subject_of


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Bilan", "Bilan"),
        ("Re: Bilan", "Bilan"),
        ("RE : Re: re[2]: Rép: Bilan", "Bilan"),
        ("TR: Bilan", "TR: Bilan"),
        ("Re: TR: Bilan", "TR: Bilan"),
        ("XDM/1.0/DDM+Compte rendu", "Compte rendu"),
        ("Re: TR: xdm/1.0/ddm+ Compte rendu", "Compte rendu"),
        ("XDM/1.0/DDM", ""),
        ("Voir XDM/1.0/DDM+x", "Voir XDM/1.0/DDM+x"),
        ("Rendez-vous : le 3", "Rendez-vous : le 3"),
        ("Revue: le 3", "Revue: le 3"),
        ("a\u202eb\x07c", "abc"),
        ("", ""),
    ],
)
def test_mss_32_what_comes_off(written, shown):
    assert clean_subject(written) == shown


def test_a_long_subject_is_cut():
    assert len(clean_subject("a" * 3_000)) == 500


@pytest.mark.parametrize(
    ("written", "is_end"),
    [("[FIN]", True), ("[fin]", False), ("Re: [FIN]", False), ("[FIN] merci", False), ("=?utf-8?q?=5BFIN=5D?=", True)],
)
def test_mss_23_exactly_five_characters(written, is_end):
    assert read_mail(mail(f"Subject: {written}\r\n")).is_end is is_end


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("Compte rendu d'imagerie PAT-TROIS DOMINIQUE 28/03/1979", "Compte rendu d'imagerie"),
        ("Compte rendu IRM Pat-Trois Dominique 28/03/1979", "Compte rendu IRM"),
        ("Documents AUTRE NOM 28/03/1979", "Documents AUTRE NOM"),
        ("PAT-TROIS 28/03/1979", "PAT-TROIS"),
        ("Votre rendez-vous du 9 novembre", "Votre rendez-vous du 9 novembre"),
    ],
)
def test_mss_32_traits_of_the_holder_do_not_stand_in_a_list(subject, shown):
    assert without_traits(subject, ["Pat-Trois", "Dominique Anne"]) == shown


def test_encoded_subject():
    assert subject_of("=?utf-8?q?Re=3A_XDM/1=2E0/DDM+R=C3=A9sultat?=") == "Résultat"
