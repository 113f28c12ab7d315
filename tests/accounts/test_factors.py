"""One-time codes, recovery codes, seeds: SEC-18 at the level of rows."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection

from apps.accounts import factors, seeds
from apps.accounts.factors import Factor
from apps.files.crypto import TamperedError
from tests import factories
from tests.accounts.identifiers import SEED, account, code
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("seconds", "digits"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_sec_18_codes_are_those_of_rfc_6238(seconds, digits):
    """Appendix B, SHA-1, the last six of the eight digits."""
    assert factors.code_of(secret=SEED, step=seconds // 30) == digits
    assert factors.step_of(secret=SEED, code=digits, at=datetime.fromtimestamp(seconds, tz=UTC)) == seconds // 30


@pytest.mark.parametrize(("shift", "right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_sec_18_one_step_of_tolerance_on_each_side(shift, right):
    user = account()

    assert factors.check_totp(user=user, code=code(NOON, shift=shift), at=NOON) is right


def test_sec_18_a_code_works_once_for_as_long_as_it_could():
    user = account()
    typed = code(NOON)

    assert factors.check_totp(user=user, code=typed, at=NOON)
    for later in (0, 29, 30, 59):  # it stays within the tolerance for a minute more
        assert not factors.check_totp(user=user, code=typed, at=NOON + timedelta(seconds=later))


def test_sec_18_an_older_code_does_not_work_after_a_newer_one():
    user = account()

    assert factors.check_totp(user=user, code=code(NOON, shift=1), at=NOON)
    assert not factors.check_totp(user=user, code=code(NOON), at=NOON)
    assert factors.check_totp(user=user, code=code(NOON, shift=2), at=NOON + timedelta(seconds=30))


@pytest.mark.django_db(transaction=True)
def test_sec_18_of_two_processes_with_one_code_one_is_refused():
    user, typed = account(), code(NOON)
    found, start = [], threading.Barrier(4)

    def attempt() -> None:
        start.wait()
        found.append(factors.check_totp(user=user, code=typed, at=NOON))
        connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [False, False, False, True]


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 12])
def test_other_texts_are_no_codes(typed):
    assert not factors.check_totp(user=account(), code=typed, at=NOON)


def test_a_code_may_be_typed_with_a_space():
    typed = code(NOON)

    assert factors.check_totp(user=account(), code=f"{typed[:3]} {typed[3:]}", at=NOON)


def test_somebody_without_an_application_has_no_code():
    assert not factors.check_totp(user=account(has_totp=False), code=code(NOON), at=NOON)


def test_sec_18_a_recovery_code_works_once():
    user = account()
    codes = factors.recovery_codes(user=user)
    assert len(codes) == len(set(codes)) == 10
    assert {len(item) for item in codes} == {8}

    assert factors.check_recovery_code(user=user, code=codes[3], at=NOON)
    assert not factors.check_recovery_code(user=user, code=codes[3], at=NOON)
    assert factors.recovery_codes(user=user) == codes[:3] + codes[4:]


def test_sec_18_new_recovery_codes_end_the_former_ones():
    user = account()
    former = factors.recovery_codes(user=user)

    factors.renew_recovery_codes(user=user)

    assert not set(former) & set(factors.recovery_codes(user=user))
    assert not factors.check_recovery_code(user=user, code=former[0], at=NOON)


def test_sec_18_recovery_codes_are_their_owners_alone():
    sam, pia = account(), account(email="pia@editeur.example")

    assert not factors.check_recovery_code(user=pia, code=factors.recovery_codes(user=sam)[0], at=NOON)


def test_sec_18_no_seed_is_readable_in_the_rows():
    user = account()

    rows = str(list(Authenticator.objects.filter(user=user).values_list("data", flat=True)))

    assert SEED not in rows
    assert rows.count("s1.") == 2


def test_sec_18_a_seed_put_into_the_row_of_somebody_else_does_not_open():
    sam, pia = account(), account(email="pia@editeur.example")
    row = Authenticator.objects.get(user=sam, type=Authenticator.Type.TOTP)
    Authenticator.objects.filter(user=pia, type=Authenticator.Type.TOTP).update(data=row.data)

    with pytest.raises(TamperedError):
        factors.check_totp(user=pia, code=code(NOON), at=NOON)


def test_a_seed_without_an_owner_is_neither_closed_nor_opened():
    with pytest.raises(LookupError):
        seeds.closed(SEED)


def test_means_of_people():
    assert factors.means_of(account()) == {Factor.PASSWORD, Factor.TOTP, Factor.RECOVERY_CODES}
    assert factors.means_of(account(email="pia@editeur.example", has_totp=False)) == {Factor.PASSWORD}
    nobody = factories.user()
    nobody.set_unusable_password()
    assert factors.means_of(nobody) == set()


def test_sec_18_passwords_are_kept_by_argon2id():
    user = account()

    assert user.password.startswith("argon2$argon2id$")
    assert factors.check_password(user=user, password="quatre mots dans le vent")
    assert not factors.check_password(user=user, password="quatre mots dans le ven")
    assert not factors.check_password(user=None, password="quatre mots dans le vent")
