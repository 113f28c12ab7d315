"""Dossiers of one publisher for the checks that need no web: only what a test is about is filled in."""

from __future__ import annotations

import io
from uuid import UUID, uuid5

import pikepdf
from PIL import Image

from apps.formats import media
from apps.store.checks.base import FileFacts, Outcome, Subject, Tools
from apps.store.checks.registry import CHECKS
from tests.harness.clock import NOON

NAMES = UUID("8f0c2a3e-31d4-4c9b-9d6d-5f6a0e7f1b11")
EXEMPLE = "732829320"  # SIREN of the publisher of these tests


class NoWeb:
    """Whoever asks the web here is wrong."""

    def get(self, url, *, follow=True, plain=False):
        raise AssertionError(url)

    def handshake(self, host, *, port=443):
        raise AssertionError(host)

    def texts(self, name):
        raise AssertionError(name)


TOOLS = Tools(web=NoWeb())


def subject(*, files=(), emails=None, siren=EXEMPLE, is_mobile=False, at=NOON, **answers):
    """Answers by criterion, `CRI_ELI_02={"url": …}`."""
    return Subject(
        at=at, siren=siren, siret="", finess="", publisher="Exemple Santé", emails=emails or {},
        answers={name.replace("_", "-"): data for name, data in answers.items()}, files=tuple(files),
        is_mobile=is_mobile,
    )  # fmt: skip


def file(data=b"", *, name="preuve.pdf", state="clean", use="evidence", criteria=(), issued_on=None, valid_until=None,
         media_type=None, read=None):  # fmt: skip
    return FileFacts(
        id=uuid5(NAMES, name), name=name, media_type=media_type or media.sniff(data), size=len(data), state=state,
        use=use, criteria=tuple(criteria), issued_on=issued_on, valid_until=valid_until, read=read or (lambda: data),
    )  # fmt: skip


def run(code, dossier, target=None):
    """The finding of the check on the target, or on the only one that the dossier has."""
    if target is None:
        (target,) = CHECKS[code].targets(dossier)
    return CHECKS[code].run(target=target, subject=dossier, tools=TOOLS)


def end(finding):
    """Outcome and reason: `("fail", "redirect-wildcard")`; a pass has no reason."""
    assert (finding.outcome is Outcome.PASS) == (finding.reason == "")
    return finding.outcome.value, finding.reason


def of_file(code, made):
    """How the check ends for one file."""
    return end(run(code, subject(files=[made])))


def picture(size=(512, 512), kind="PNG", mode="RGB", **values):
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **values)
    return out.getvalue()


def blank_pdf(pages=1):
    document = pikepdf.new()
    for _ in range(pages):
        document.add_blank_page(page_size=(595, 842))
    return document


def saved(document, **values):
    out = io.BytesIO()
    document.save(out, **values)
    return out.getvalue()
