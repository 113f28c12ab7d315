"""S-04 through pages: password, code, enrolment, recovery code, limits, what does not leak."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.urls import reverse

from apps.accounts import factors
from apps.accounts.models import SecurityEvent, SignInSession, StaffRole
from tests import factories
from tests.accounts.browser import actions, signed_in_rows
from tests.accounts.identifiers import PASSWORD, SAM, account, code, give_code, give_password, sign_in
from tests.harness.client import PortalClient
from tests.harness.clock import NOON

pytestmark = pytest.mark.django_db
REFUSED = "L'adresse mail ou le mot de passe ne convient pas"
PASSWORD_PAGE, CODE_PAGE = "/connexion/identifiant/", "/connexion/identifiant/code/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


def test_a_member_of_the_staff_signs_in_with_password_and_code(client):
    sam = account(StaffRole.PLATFORM)

    first = give_password(client)
    assert first["Location"] == CODE_PAGE
    assert signed_in_rows() == 0  # the password alone opens nothing
    answer = give_code(client, code(NOON))

    assert answer["Location"] == "/choisir-espace/"  # which leads on to the work of the role
    row = SignInSession.objects.get(user=sam)
    assert (row.means, row.level, row.role, row.device) == ("password_totp", "factors", "staff", "computer")
    assert row.expires_at == NOON + timedelta(minutes=15)
    assert actions() == [("accounts.session.open", "")]
    assert client.get(answer["Location"])["Location"] == "/exploitation/quarantaine/"


def test_a_publisher_may_be_still_for_half_an_hour_and_stay_twelve(client, clock):
    pia = account(email="pia@editeur.example")
    sign_in(client, NOON, email="pia@editeur.example")
    row = SignInSession.objects.get(user=pia)
    assert (row.role, row.expires_at) == ("publisher", NOON + timedelta(minutes=30))

    for minutes in range(25, 12 * 60, 25):
        clock.move_to(NOON + timedelta(minutes=minutes))
        assert client.get("/compte/connexion/").status_code == 200
    assert SignInSession.objects.get(user=pia).expires_at == NOON + timedelta(hours=12)
    clock.move_to(NOON + timedelta(hours=12))
    assert client.get("/compte/connexion/").status_code == 302


def test_sec_15_staff_have_one_session(client):
    account(StaffRole.SUPPORT)
    sign_in(client, NOON)
    other = PortalClient()

    sign_in(other, NOON, shift=1)

    assert signed_in_rows() == 1
    assert other.get("/compte/connexion/").status_code == 200
    assert client.get("/compte/connexion/").status_code == 302


def test_sec_15_each_step_has_a_new_key(client, settings):
    account(StaffRole.PLATFORM)
    client.get(PASSWORD_PAGE)
    client.post("/theme/", {"theme": "dark"})
    keys = []
    for step in (lambda: give_password(client), lambda: give_code(client, code(NOON))):
        step()
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)

    assert len(set(keys)) == 2
    assert SignInSession.objects.count() == 1  # nothing of the visitor is left (S40)


def test_sec_34_staff_reach_no_page_of_a_space(client):
    account(StaffRole.PLATFORM)
    sign_in(client, NOON)

    assert client.get(reverse("dmp:document_list", args=[factories.space().pk])).status_code == 404


def test_sec_09_known_and_unknown_addresses_get_the_same_bytes():
    account(StaffRole.PLATFORM)
    account(email="fin@operateur.example", password="un autre mot de passe")

    answers = [
        give_password(PortalClient(), email=email, password="pas celui-la du tout")
        for email in (SAM, "xyz@operateur.example")
    ]

    known, unknown = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode().replace("&#x27;", "'")).replace(
            email, "…"
        )
        for answer, email in zip(answers, (SAM, "xyz@operateur.example"), strict=True)
    ]
    assert known == unknown
    assert [answer.status_code for answer in answers] == [422, 422]
    assert REFUSED in known


@pytest.mark.parametrize("change", ["closed", "unverified", "password", "no password"])
def test_sec_09_every_cause_has_the_one_text(client, change):
    sam = account(StaffRole.PLATFORM)
    if change == "closed":
        sam.is_active = False
    if change == "no password":
        sam.set_unusable_password()
    sam.save()
    if change == "unverified":
        EmailAddress.objects.update(verified=False)

    answer = give_password(client, password="faux mais long" if change == "password" else PASSWORD)

    assert answer.status_code == 422
    assert REFUSED in answer.content.decode().replace("&#x27;", "'")
    assert actions() == [("accounts.session.refuse", "accounts.password")]


def test_sec_09_the_sixth_try_waits_even_with_the_right_password(client, clock):
    sam = account(StaffRole.PLATFORM)
    for _ in range(5):
        give_password(client, password="faux mais long")

    refused = give_password(client)

    assert refused.status_code == 422
    assert "Réessayez à partir de 13\u00a0h\u00a015" in refused.content.decode().replace("&#x27;", "'")
    assert list(SecurityEvent.objects.values_list("user_id", "kind")) == [(sam.pk, "tries_exceeded")]
    clock.move_to(NOON + timedelta(minutes=15))
    assert give_password(client)["Location"] == CODE_PAGE


def test_sec_09_an_unknown_address_waits_as_well(client):
    for _ in range(5):
        give_password(client, email="xyz@operateur.example", password="faux mais long")

    assert "Réessayez à partir de" in give_password(client, email="XYZ@operateur.example").content.decode().replace(
        "&#x27;", "'"
    )
    assert not SecurityEvent.objects.exists()


def test_sec_09_wrong_codes_count_with_wrong_passwords_and_a_right_password_forgets_nothing(client):
    account(StaffRole.PLATFORM)
    for _ in range(2):
        give_password(client, password="faux mais long")
    give_password(client)
    for _ in range(3):
        assert give_code(client, "000000").status_code == 422

    assert "Réessayez à partir de" in give_code(client, code(NOON)).content.decode().replace("&#x27;", "'")
    assert "Réessayez à partir de" in give_password(PortalClient()).content.decode().replace("&#x27;", "'")
    assert signed_in_rows() == 0


def test_sec_09_a_whole_sign_in_forgets_the_failures(client):
    account(StaffRole.PLATFORM)
    for _ in range(4):
        give_password(client, password="faux mais long")
    sign_in(client, NOON)

    again = PortalClient()
    give_password(again, password="faux mais long")
    assert give_password(again)["Location"] == CODE_PAGE


def test_sec_18_a_code_read_over_the_shoulder_does_not_open_a_second_session(client):
    account(StaffRole.PLATFORM)
    sign_in(client, NOON)
    thief = PortalClient()
    give_password(thief)

    answer = give_code(thief, code(NOON))

    assert answer.status_code == 422
    assert ("accounts.session.refuse", "accounts.totp") in actions()


def test_the_second_step_waits_ten_minutes(client, clock):
    account(StaffRole.PLATFORM)
    give_password(client)
    late = NOON + timedelta(minutes=10)
    clock.move_to(late)

    assert give_code(client, code(late))["Location"] == PASSWORD_PAGE


@pytest.mark.parametrize("name", ["totp", "enrol", "recovery"])
def test_the_second_step_does_not_exist_without_the_first(client, name):
    account(StaffRole.PLATFORM)

    assert client.post(reverse(f"accounts:{name}"), {"code": code(NOON)})["Location"] == PASSWORD_PAGE


def test_an_account_closed_between_the_steps_stays_closed(client):
    sam = account(StaffRole.PLATFORM)
    give_password(client)
    sam.is_active = False
    sam.save()

    assert give_code(client, code(NOON))["Location"] == PASSWORD_PAGE


def test_sec_18_a_password_alone_leads_to_the_second_factor_and_nowhere_else(client):
    sam = account(StaffRole.PLATFORM, has_totp=False)

    assert give_password(client)["Location"] == "/connexion/identifiant/second-facteur/"
    assert client.get(CODE_PAGE)["Location"] == PASSWORD_PAGE
    assert client.get("/compte/connexion/").status_code == 302
    page = client.get("/connexion/identifiant/second-facteur/").content.decode().replace("&#x27;", "'")
    (seed,) = re.findall(r"<code>([A-Z2-7]{32})</code>", page)
    assert 'src="data:image/svg+xml;base64,' in page
    assert seed not in SignInSession.objects.get().data
    wrong = client.post("/connexion/identifiant/second-facteur/", {"code": "000000"})
    assert wrong.status_code == 422
    assert seed in wrong.content.decode().replace("&#x27;", "'")

    typed = factors.code_of(secret=seed, step=int(NOON.timestamp()) // 30)
    done = client.post("/connexion/identifiant/second-facteur/", {"code": typed})

    assert done["Location"] == "/compte/connexion/codes/"
    shown = re.findall(r"<code>(\d{8})</code>", client.get(done["Location"]).content.decode().replace("&#x27;", "'"))
    assert shown == factors.recovery_codes(user=sam)
    assert client.get(done["Location"])["Location"] == "/compte/connexion/"  # once
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["totp_added"]
    assert not factors.check_totp(user=sam, code=typed, at=NOON)
    assert sorted(actions()) == [("accounts.factor.add", ""), ("accounts.session.open", "")]


def test_sec_18_a_recovery_code_opens_one_session_and_is_told(client):
    sam = account(StaffRole.PLATFORM)
    typed = factors.recovery_codes(user=sam)[0]
    give_password(client)

    answer = client.post("/connexion/secours/", {"code": typed})

    assert answer["Location"] == "/choisir-espace/"
    assert SignInSession.objects.get(user=sam).means == "recovery_code"
    assert list(SecurityEvent.objects.values_list("kind", flat=True)) == ["code_used"]
    page = client.get(answer["Location"], follow=True).content.decode()
    assert "Ce code de secours ne fonctionne plus" in page.replace("&#x27;", "'")
    again = PortalClient()
    give_password(again)
    assert again.post("/connexion/secours/", {"code": typed}).status_code == 422


def test_the_way_back_is_kept_when_it_is_ours(client):
    account(StaffRole.PLATFORM)
    give_password(client, next="/compte/connexion/codes/")
    assert give_code(client, code(NOON))["Location"] == "/compte/connexion/codes/"

    other = PortalClient()
    give_password(other, next="https://ailleurs.example/")
    assert give_code(other, code(NOON, shift=1))["Location"] == "/choisir-espace/"


def test_forms_help_password_managers_and_never_send_a_password_back(client):
    account(StaffRole.PLATFORM)

    answer = give_password(client, password="faux mais long").content.decode().replace("&#x27;", "'")

    assert 'autocomplete="username"' in answer
    assert 'autocomplete="current-password"' in answer
    assert "faux mais long" not in answer
    give_password(client)
    assert 'autocomplete="one-time-code"' in client.get(CODE_PAGE).content.decode().replace("&#x27;", "'")


def test_who_is_signed_in_does_not_sign_in_again(client):
    account(StaffRole.PLATFORM)
    sign_in(client, NOON)

    assert client.get(PASSWORD_PAGE).status_code == 302
    assert client.get(CODE_PAGE)["Location"] == PASSWORD_PAGE


def test_the_sign_in_page_leads_here_with_the_way_back(client):
    page = client.get("/connexion/?next=/compte/connexion/").content.decode().replace("&#x27;", "'")

    assert 'href="/connexion/identifiant/?next=/compte/connexion/"' in page


def test_s_11_a_publisher_begins_at_the_home_of_publishers(client):
    account()
    give_password(client)
    assert give_code(client, code(NOON))["Location"] == "/editeurs/"
