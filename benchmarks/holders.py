"""People whose boxes are measured."""

from __future__ import annotations

from apps.accounts.ins import Authority, control_key
from apps.accounts.models import InsIdentity


def person_of(number: str) -> InsIdentity:
    """Somebody invented, with this number of the numbers of tests."""
    return InsIdentity.objects.create(
        ins_number=number, ins_key=control_key(number), authority=Authority.TEST_NIR, birth_family_name="MOREL",
        birth_given_names="ALICE", first_given_name="ALICE", sex=InsIdentity.Sex.FEMALE, birth_date="1984-06-14",
        birth_place="44109",
    )  # fmt: skip
