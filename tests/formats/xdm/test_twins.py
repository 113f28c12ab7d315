"""The PDF for humans beside a package (MSS-50)."""

from __future__ import annotations

import pytest

from apps.formats.xdm.twins import digests_inside, is_twin
from tests.formats.small_cda import SmallCda, media, payload, pdf, section, sections


def test_mss_50_the_same_pdf_is_a_twin():
    inside = digests_inside(SmallCda(body=payload(pdf())).data())

    assert is_twin(pdf(), of=inside)
    assert not is_twin(pdf("/Lang(fr)"), of=inside)


def test_dmp_90_a_copy_in_a_section_is_a_twin():
    body = sections(section("<paragraph>x</paragraph>", entries=media("P1", pdf(), "application/pdf")))

    assert is_twin(pdf(), of=digests_inside(SmallCda(body=body).data()))


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"<a/>", SmallCda().data()])
def test_what_holds_no_file_has_no_twin(data):
    assert digests_inside(data) == frozenset()
