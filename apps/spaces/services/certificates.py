"""The certificate of a delegation, as a tagged PDF (SPA-54)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import typst

_TEMPLATE = Path(__file__).parents[1] / "data" / "delegate_certificate.typ"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """The words of the certificate in the reader's language; `facts` are pairs of term and value."""

    title: str
    author: str
    intro: str
    facts: Sequence[tuple[str, str]]
    never_title: str
    never: Sequence[str]
    outro: Sequence[str]


def certificate_pdf(certificate: Certificate) -> bytes:
    """PDF/UA-1. The words travel as data: a name can be anything and is never read as code of the template."""
    data = json.dumps(asdict(certificate), ensure_ascii=False)
    made: bytes = typst.compile(str(_TEMPLATE), format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"])
    return made
