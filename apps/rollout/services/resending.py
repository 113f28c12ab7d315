"""A new code on demand (O-09): the same answer in the same time, whoever asks for whomever."""

from __future__ import annotations

from datetime import datetime

from apps.rollout.models import CodeRequest


def ask_again(*, family_name: str, given_name: str, birth_date: str, post_code: str, at: datetime) -> None:
    """Ask that the notice of this person be sent again with a new code, to the address already held.

    Written down and nothing more: a job looks for the person within a minute, so that neither the answer nor its time
    says whether somebody was found. `birth_date` as the register writes it, 00 for an unknown part. Exactly one person
    must fit, at most two new codes in thirty days leave for one person; otherwise nothing is sent.
    """
    CodeRequest.objects.create(
        family_name=family_name[:100],
        given_name=given_name[:150],
        birth_date=birth_date[:10],
        post_code=post_code[:10],
        asked_at=at,
    )
