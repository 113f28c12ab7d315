"""The awkward mails of the case bank: written again here, and read from the bank where it is at hand."""

from __future__ import annotations

import pytest

from apps.formats.mail.digest import digest
from apps.formats.mail.model import BodyKind, Fault, PartKind
from apps.formats.mail.reading import read_mail
from tests.formats.mail.mails import PDF, file_part, mail, mixed, names_of, only, part, text_mail, text_part
from tests.shared_material import needs_shared, shared

S14 = (
    "attachment;\r\n filename*0*=UTF-8''r%C3%A9sultats%20du%20;\r\n filename*1*=3%20f%C3%A9vrier%20%E2%80%94%20;\r\n"
    ' filename*2="biologie.pdf"'
)
WANTED = "résultats du 3 février — biologie.pdf"
TRACKED = (
    "<html><head><style>body{background:url(https://pisteur.example/a.gif)}</style></head><body>"
    "<script>document.title='pris'</script><img src=\"https://pisteur.example/p.gif\" width=1 height=1></body></html>"
)
INNER = (
    b"From: Dr Karim Benali <dr.benali@medecin.mssante.example>\r\nMessage-ID: <s16i@x.example>\r\n"
    b"Subject: =?utf-8?q?R=C3=A9sultats_d=27un_autre_patient=3F?=\r\n"
    b"Content-Type: multipart/mixed; boundary=dedans\r\n\r\n"
    b"--dedans\r\nContent-Type: text/plain\r\n\r\nInterne.\r\n--dedans\r\nContent-Type: application/pdf\r\n"
    b"Content-Disposition: attachment; filename=interne.pdf\r\n\r\n%PDF-1.4 interne\r\n--dedans--\r\n"
)


class TestS13Charsets:
    def test_s13a_unknown_charset_is_guessed_and_said(self):
        read = read_mail(
            text_mail(
                "Tension =E0 13/8, =E9tat stable.",
                "text/plain; charset=inconnu-8",
                "Content-Transfer-Encoding: quoted-printable\r\nSubject: =?inconnu-8?q?Bonjour_=E9?=\r\n",
            )
        )
        assert (read.body.text, read.body.is_doubtful) == ("Tension à 13/8, état stable.", True)
        assert read.subject == "Bonjour é"
        assert read.faults == (Fault.DOUBTFUL_CHARACTERS,)

    def test_s13b_rubbish_behind_a_charset(self):
        read = read_mail(text_mail("Résultat négatif.", 'text/plain; charset="uft-8 euao6y"'))
        assert (read.body.text, read.body.is_doubtful) == ("Résultat négatif.", True)


class TestS14Names:
    def test_s14_a_name_cut_in_three(self):
        read = read_mail(mixed(text_part(), file_part(S14)))
        assert (names_of(read), only(read).data, read.faults) == ([WANTED], PDF, ())


class TestS15Outlook:
    def test_s15_a_container_of_outlook_is_named_and_said(self):
        read = read_mail(
            mixed(part("Content-Type: text/plain"), file_part("attachment", b"x\x9f", "application/ms-tnef"))
        )
        assert read.body.kind is BodyKind.NONE
        assert (only(read).kind, only(read).faults) == (PartKind.OUTLOOK, (Fault.OUTLOOK_CONTAINER,))

    def test_s15_by_its_name_where_the_type_says_nothing(self):
        wrapped = file_part('attachment; filename="WINMAIL.DAT"', b"x", "application/octet-stream")
        assert only(read_mail(mixed(text_part(), wrapped))).kind is PartKind.OUTLOOK


class TestS16Forwarded:
    def test_s16_the_outer_text_is_the_body_and_the_inner_message_a_part(self):
        forwarded = part("Content-Type: message/rfc822", INNER)
        read = read_mail(mixed(text_part(), forwarded, fields="Subject: TR: vos resultats\r\n"))
        assert (read.subject, read.body.text) == ("TR: vos resultats", "Bonjour, voici vos résultats.")
        inner = only(read).mail
        assert only(read).kind is PartKind.MESSAGE
        assert (inner.subject, inner.body.text, names_of(inner)) == (
            "Résultats d'un autre patient?", "Interne.", ["interne.pdf"],
        )  # fmt: skip
        assert only(inner).data == b"%PDF-1.4 interne"


class TestS17NoText:
    def test_s17a_a_file_and_no_text(self):
        read = read_mail(mixed(file_part(), fields="Subject: \r\n"))
        assert (read.body.kind, read.body.text, read.subject, names_of(read)) == (BodyKind.NONE, "", "", ["bilan.pdf"])

    def test_s17b_only_scripts_and_a_tracking_pixel(self):
        read = read_mail(text_mail(TRACKED, "text/html; charset=utf-8"))
        assert (read.body.kind, read.body.text, read.parts) == (BodyKind.HTML, "", ())


class TestS19Twice:
    def test_s19_a_second_relay_makes_no_second_message(self):
        once = mail("Subject: Bilan\r\n")
        again = b"Received: from relais2.example\r\n by mx.example; Tue, 03 Feb 2026 10:20:00 +0100\r\n" + once
        assert digest(once) == digest(again)
        assert read_mail(once).message_id == read_mail(again).message_id == "m1@x.example"


class TestS21Direction:
    def test_s21_the_real_ending_is_seen(self):
        hostile = file_part(
            "attachment; filename*=UTF-8''ordonnance-%E2%80%AEfdp.exe", b"MZ", "application/octet-stream"
        )
        found = only(read_mail(mixed(text_part(), hostile)))
        assert (found.name, found.faults) == ("ordonnance-fdp.exe", (Fault.NAME_CHANGED,))


class TestS43Formulas:
    def test_s43_formulas_stay_what_was_written(self):
        """Whoever writes a table of them quotes them."""
        formula = '=HYPERLINK("http://voleur.example";"ouvrir")'
        read = read_mail(
            mixed(text_part(), file_part('attachment; filename="@SUM(1+1).pdf"'), fields=f"Subject: {formula}\r\n")
        )
        assert (read.subject, names_of(read)) == (formula, ["@SUM(1+1).pdf"])


@needs_shared
class TestTheBank:
    @staticmethod
    def bank(name: str) -> bytes:
        return (shared("cases/mail") / f"{name}.eml").read_bytes()

    @pytest.mark.parametrize(
        ("name", "subject", "text"),
        [
            ("baseline-accepted", "Résultats du 3 février", "Bonjour, voici vos résultats."),
            ("S13a-charset-unknown", "Bonjour é", "Tension à 13/8, état stable."),
            ("S13b-charset-trailing-junk", "Essai", "Résultat négatif."),
            ("S14-rfc2231-continued", "Essai", "Bonjour, voici vos résultats."),
            ("S15-winmail-dat", "Essai", ""),
            ("S16-forwarded-rfc822", "TR: vos resultats", "Bonjour, voici vos résultats."),
            ("S17a-empty-body-one-pdf", "", ""),
            ("S17b-html-only-scripts", "Essai", ""),
            ("S19a-first", "Bilan", "Bonjour, voici vos résultats."),
            ("S20-to-closed-space", "Pour un espace clos", "Bonjour, voici vos résultats."),
            ("S21-bidi-filename", "Essai", "Bonjour, voici vos résultats."),
        ],
    )  # fmt: skip
    def test_subject_and_text(self, name, subject, text):
        read = read_mail(self.bank(name))
        assert (read.subject, read.body.text) == (subject, text)
        assert (read.sender.name, read.sender.address) == ("Dr Karim Benali", "dr.benali@medecin.mssante.example")

    @pytest.mark.parametrize(
        ("name", "kinds", "names"),
        [
            ("S14-rfc2231-continued", ["file"], [WANTED]),
            ("S15-winmail-dat", ["outlook"], ["winmail.dat"]),
            ("S16-forwarded-rfc822", ["message"], [""]),
            ("S17a-empty-body-one-pdf", ["file"], ["resultats.pdf"]),
            ("S17b-html-only-scripts", [], []),
            ("S21-bidi-filename", ["file"], ["ordonnance-fdp.exe"]),
        ],
    )
    def test_parts(self, name, kinds, names):
        read = read_mail(self.bank(name))
        assert ([each.kind for each in read.parts], names_of(read)) == (kinds, names)

    def test_s16_the_inner_file_is_offered_once(self):
        assert names_of(only(read_mail(self.bank("S16-forwarded-rfc822"))).mail) == ["interne.pdf"]

    def test_s19_one_message(self):
        assert digest(self.bank("S19a-first")) == digest(self.bank("S19b-same-id-same-content"))
        assert digest(self.bank("S19a-first")) != digest(self.bank("S13a-charset-unknown"))
