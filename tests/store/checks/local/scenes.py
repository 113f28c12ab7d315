"""What the lines of `cases` look at: dossiers by check and words."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from apps.directory.models import Establishment, LegalEntity
from apps.files.services import StoreUnavailableError
from apps.formats import media
from apps.journeys.demonstration.documents.pdf import text_pdf
from apps.store.checks.base import Subject
from tests.formats.sandbox.hostile import png_of
from tests.harness.clock import NOON
from tests.store.checks.local.dossiers import EXEMPLE, blank_pdf, file, picture, saved, subject
from tests.store.checks.local.test_files import workbook
from tests.store.checks.local.test_leaked_secrets import KEY

Scene = Callable[[], Subject]
TODAY = NOON.date()
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
GOOGLE = "https://play.google.com/store/apps/details?id=fr.exemple.suivi"


def entity(*, is_active=True, **values):
    LegalEntity.objects.create(finess="750000002", name="E", siren=EXEMPLE, is_active=is_active, seen_on=TODAY)
    return subject(**values)


def place(*, is_active=True, siret="73282932000074", **values):
    Establishment.objects.create(finess="340000017", name="E", siret=siret, is_active=is_active, seen_on=TODAY)
    return subject(**values)


def siren(number, **values):
    return {"CRI_LEG_01": {"siren": number, **values}}


def finess(number):
    return {"CRI_LEG_03": {"finess": number}}


def email(address, *, is_confirmed=False):
    return subject(CRI_FIC_03={"contact_email": address}, emails={address: is_confirmed})


def link(url, name="app_store_url"):
    return subject(CRI_FIC_04={name: url})


def uri(address, **values):
    return subject(CRI_ELI_02={"url": "https://suivi-exemple.fr/"}, CRI_INT_02={"uris": [address]}, **values)


def hds(number="HDS-1", host="Nuage Exemple", activities=("1",), **values):
    answer = {"certificate": number, "host_name": host, "activities": list(activities), **values}
    return subject(CRI_URB_01=answer)


def ending(days):
    return subject(files=[file(b"%PDF-", valid_until=TODAY + timedelta(days=days))])


def tested(day):
    return subject(files=[file(b"%PDF-", criteria=("CRI-SEC-05",), issued_on=day)])


def one(data=b"", **values):
    return subject(files=[file(data, **values)])


def logo(data):
    return one(data, use="logo", media_type=media.PNG)


def moving():
    frames, out = [Image.new("RGB", (512, 512), colour) for colour in ("red", "blue")], io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def placed():
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N"})
    return picture(exif=exif.tobytes())


def scripted():
    document = blank_pdf()
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document.pages[0].obj.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)])
    return saved(document)


def launching():
    document = blank_pdf()
    document.Root.OpenAction = Dictionary(S=Name.Launch, F=String("cmd.exe"))
    return saved(document)


def holding():
    document = blank_pdf()
    document.attachments["a.xlsx"] = pikepdf.AttachedFileSpec(document, b"PK", filename="a.xlsx")
    return saved(document)


def locked():
    return saved(blank_pdf(), encryption=pikepdf.Encryption(owner="a", user="b"))


def away():
    raise StoreUnavailableError


# Keys: code and words of a line. Days of `hds` are those of the list that the test writes.
SCENES: dict[tuple[str, str], Scene] = {
    ("siren", "listed, active"): lambda: entity(**siren(EXEMPLE)),
    ("siren", "with spaces (S32)"): lambda: place(CRI_LEG_01={"siret": "732 829 320 00074"}),
    ("siren", "listed by nobody"): lambda: subject(**siren(EXEMPLE)),
    ("siren", "gone from the copy"): lambda: entity(is_active=False, **siren(EXEMPLE)),
    ("siren", "of another company than the publisher"): lambda: subject(**siren("404833048")),
    ("siren", "11122233344455 (S32)"): lambda: subject(CRI_LEG_01={"siret": "11122233344455"}),
    ("siren", "SIRET of another SIREN"): lambda: subject(**siren("404833048", siret="73282932000074")),
    ("finess", "listed, active"): lambda: place(**finess("340000017")),
    ("finess", "key fits, listed by nobody"): lambda: subject(**finess("340000017")),
    ("finess", "gone from the copy"): lambda: place(is_active=False, **finess("340000017")),
    ("finess", "of another company than the publisher"): lambda: place(siret="40483304800022", **finess("340000017")),
    ("finess", "key does not fit"): lambda: subject(**finess("340000018")),
    ("email", "confirmed"): lambda: email("a@exemple.fr", is_confirmed=True),
    ("email", "not confirmed"): lambda: email("a@exemple.fr"),
    ("email", "on yopmail.com"): lambda: email("a@yopmail.com", is_confirmed=True),
    ("email", "without @"): lambda: email("exemple.fr"),
    ("store_links", GOOGLE): lambda: link(GOOGLE, "play_store_url"),
    ("store_links", "Google Play in the field of Apple"): lambda: link(GOOGLE),
    ("redirect_uris", "fr.exemple.suivi:/retour of a mobile application"): lambda: uri(
        "fr.exemple.suivi:/retour", is_mobile=True
    ),
    ("hds", "listed, 60 days left"): hds,
    ("hds", "listed, 59 days left"): lambda: hds("HDS-2"),
    ("hds", "listed for another host"): lambda: hds(host="Brume"),
    ("hds", "listed with another end"): lambda: hds(ends_on="2030-01-01"),
    ("hds", "no activity ticked"): lambda: hds(activities=()),
    ("hds", "an activity that is not covered"): lambda: hds(activities=("1", "5")),
    ("hds", "ended yesterday"): lambda: hds("HDS-3"),
    ("hds", "not listed"): lambda: hds("HDS-9"),
    ("hds", "no list in the settings"): hds,
    ("evidence_dates", "certificate with 60 days left"): lambda: ending(60),
    ("evidence_dates", "certificate with 59 days left"): lambda: ending(59),
    ("evidence_dates", "certificate that ended yesterday"): lambda: ending(-1),
    ("evidence_dates", "penetration test of 17 months ago"): lambda: tested(TODAY.replace(year=2025, month=6)),
    ("evidence_dates", "penetration test of 18 months ago"): lambda: tested(TODAY.replace(year=2025, month=5)),
    ("evidence_dates", "penetration test of tomorrow"): lambda: tested(TODAY + timedelta(days=1)),
    ("evidence_dates", "penetration test without a day"): lambda: tested(None),
    ("antivirus", "clean"): one,
    ("antivirus", "infected"): lambda: one(state="infected"),
    ("antivirus", "waiting, or parked"): lambda: one(state="parked"),
    ("antivirus", "taken away meanwhile"): subject,
    ("file_type", "PDF named audit.pdf"): lambda: one(b"%PDF-1.7\n", name="audit.pdf"),
    ("file_type", "XLSX named tableau.xlsx"): lambda: one(workbook(), name="tableau.xlsx"),
    ("file_type", "PNG named audit.pdf"): lambda: one(picture(), name="audit.pdf"),
    ("file_type", "SVG with a script (S31)"): lambda: one(SVG, name="logo.svg"),
    ("file_type", "XLSX with macros"): lambda: one(workbook("xl/vbaProject.bin"), name="tableau.xlsx"),
    ("file_type", "waiting for the antivirus"): lambda: one(state="waiting"),
    ("file_type", "infected"): lambda: one(state="infected"),
    ("file_type", "while the store does not answer"): lambda: one(read=away),
    ("pdf", "one page of text"): lambda: one(text_pdf("Rapport", title="Rapport")),
    ("pdf", "one page without text"): lambda: one(saved(blank_pdf())),
    ("pdf", "opens a program"): lambda: one(launching()),
    ("pdf", "not read within a minute"): lambda: one(saved(blank_pdf())),
    ("pdf", "script behind a link"): lambda: one(scripted()),
    ("pdf", "file inside"): lambda: one(holding()),
    ("pdf", "encrypted"): lambda: one(locked()),
    ("pdf", "501 pages"): lambda: one(saved(blank_pdf(501))),
    ("pdf", "20 MB and a byte"): lambda: one(b"%PDF-" + b"0" * 19_999_996),
    ("pdf", "cut"): lambda: one(saved(blank_pdf())[:120]),
    ("pdf", "while the child is ended from outside"): lambda: one(saved(blank_pdf())),
    ("images", "logo of 512 × 512"): lambda: logo(picture()),
    ("images", "screenshot of 1920 × 1080"): lambda: one(picture((1920, 1080)), use="screenshot"),
    ("images", "logo of 600 × 512"): lambda: logo(picture((600, 512))),
    ("images", "logo of 511 × 511"): lambda: logo(picture((511, 511))),
    ("images", "logo in four inks"): lambda: logo(picture(kind="JPEG", mode="CMYK")),
    ("images", "logo with a place"): lambda: logo(placed()),
    ("images", "SVG with a script (S31)"): lambda: logo(SVG),
    ("images", "logo not read within a minute"): lambda: logo(picture()),
    ("images", "logo that moves"): lambda: logo(moving()),
    ("images", "cut"): lambda: logo(picture()[:-40]),
    ("images", "5 MB and a byte"): lambda: logo(b"\x89PNG\r\n\x1a\n" + b"0" * 4_999_993),
    ("images", "header of 60,000 × 60,000"): lambda: logo(png_of(60_000, 60_000)),
    ("secrets", "CSV without any"): lambda: one(b"nom;duree\n", name="a.csv"),
    ("secrets", "CSV with a password as in `.env`"): lambda: one(b"DB_PASSWORD=correct-horse\n", name="a.csv"),
    ("secrets", "PDF with a private key"): lambda: one(text_pdf(KEY, title="Annexe")),
    ("secrets", "PDF that is encrypted"): lambda: one(locked()),
}
