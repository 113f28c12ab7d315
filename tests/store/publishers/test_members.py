"""PU-02, STO-13, STO-48: roles, leaving, mandates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from apps.access import AccessDeniedError
from apps.audit.models import AuditEvent
from apps.common.ids import uuid7
from apps.files import jobs
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.models import StoredFile, Vault
from apps.files.services import FileNotReadableError
from apps.store.models import Member
from apps.store.services import members, uploads
from apps.store.services.errors import UnknownRowError, WrongValueError
from tests.harness.clock import NOON
from tests.store.factories import as_publisher, member
from tests.store.publishers.people import actions

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nmandat\n%%EOF"
EICAR = b"%PDF-1.7\nX5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-" + b"TEST-FILE!$H+H*"
NEVER = {"mandate_vault_id": None, "mandate_file_id": None, "mandate_until": None}
UNTIL = date(2027, 6, 30)


@pytest.fixture
def pia():
    return member()


@pytest.fixture
def marc(pia):
    return member(publisher=pia.publisher, name="Marc Delmas", roles=["technical"], **NEVER)


class TestRoles:
    def test_an_administrator_gives_them(self, pia, marc):
        members.change_roles(actor=as_publisher(pia), member_id=marc.id, roles=["signatory", "owner"], at=NOON)

        marc.refresh_from_db()
        assert marc.roles == ["owner", "signatory"]
        line = AuditEvent.objects.get(action="store.member.roles")
        assert (line.target, line.facts["roles"]) == (f"member:{marc.id}", "owner signatory")

    def test_the_same_roles_are_no_act(self, pia, marc):
        members.change_roles(actor=as_publisher(pia), member_id=marc.id, roles=["technical"], at=NOON)

        assert actions() == []

    @pytest.mark.parametrize(("roles", "reason"), [([], "missing"), (["chief"], "unknown")])
    def test_they_are_those_of_the_list(self, pia, marc, roles, reason):
        with pytest.raises(WrongValueError) as caught:
            members.change_roles(actor=as_publisher(pia), member_id=marc.id, roles=roles, at=NOON)
        assert caught.value.reason == reason

    def test_the_last_administrator_stays_one(self, pia, marc):
        with pytest.raises(WrongValueError) as caught:
            members.change_roles(actor=as_publisher(pia), member_id=pia.id, roles=["signatory"], at=NOON)
        assert caught.value.reason == "last-owner"

        members.change_roles(actor=as_publisher(pia), member_id=marc.id, roles=["owner"], at=NOON)
        members.change_roles(actor=as_publisher(pia), member_id=pia.id, roles=["signatory"], at=NOON)

        with pytest.raises(AccessDeniedError):  # with effect at once
            members.change_roles(actor=as_publisher(pia), member_id=marc.id, roles=["technical"], at=NOON)

    def test_sto_13_nobody_else_does(self, pia, marc):
        with pytest.raises(AccessDeniedError):
            members.change_roles(actor=as_publisher(marc), member_id=marc.id, roles=["owner"], at=NOON)

    def test_sec_01_members_of_others_are_not_found(self, pia):
        for member_id in (member().id, uuid7()):
            with pytest.raises(UnknownRowError):
                members.change_roles(actor=as_publisher(pia), member_id=member_id, roles=["owner"], at=NOON)


class TestLeaving:
    def test_an_administrator_ends_a_membership_and_the_row_stays(self, pia, marc):
        members.end(actor=as_publisher(pia), member_id=marc.id, at=NOON)

        marc.refresh_from_db()
        assert (marc.ended_at, marc.ended_by) == (NOON, pia.user)
        assert members.members_of(pia.publisher_id) == [pia]
        assert actions() == ["store.member.end"]

    def test_a_member_leaves_by_themself(self, pia, marc):
        members.end(actor=as_publisher(marc), member_id=marc.id, at=NOON)

        with pytest.raises(AccessDeniedError):  # the right is read anew
            members.end(actor=as_publisher(marc), member_id=marc.id, at=NOON)

    def test_but_ends_nobody_else(self, pia, marc):
        with pytest.raises(AccessDeniedError):
            members.end(actor=as_publisher(marc), member_id=pia.id, at=NOON)

    def test_the_last_administrator_cannot_leave(self, pia, marc):
        with pytest.raises(WrongValueError):
            members.end(actor=as_publisher(pia), member_id=pia.id, at=NOON)
        Member.objects.filter(pk=marc.pk).update(roles=["owner"])

        members.end(actor=as_publisher(pia), member_id=pia.id, at=NOON)

        with pytest.raises(WrongValueError):
            members.end(actor=as_publisher(marc), member_id=marc.id, at=NOON)

    def test_an_administrator_who_has_left_does_not_count(self, pia):
        member(publisher=pia.publisher, roles=["owner"], ended_at=NOON, ended_by=pia.user)

        with pytest.raises(WrongValueError):
            members.end(actor=as_publisher(pia), member_id=pia.id, at=NOON)


class TestMandate:
    def bring(self, by, of, data=PDF, until=UNTIL):
        members.add_mandate(actor=as_publisher(by), member_id=of.id, data=data, until=until, at=NOON)
        of.refresh_from_db()
        return StoredFile.objects.get(pk=(of.mandate_vault_id, of.mandate_file_id))

    def test_sto_48_it_lies_in_the_vault_of_the_organisation_and_waits_for_the_antivirus(self, pia, marc):
        file = self.bring(marc, marc)

        assert (file.vault.owner_kind, file.vault.owner_id) == (Vault.Owner.ORGANISATION, pia.publisher_id)
        assert (file.state, marc.mandate_until) == (StoredFile.State.WAITING, UNTIL)
        with pytest.raises(FileNotReadableError):
            members.read_mandate(actor=as_publisher(pia), member_id=marc.id, at=NOON)
        assert actions() == ["store.member.mandate"]

    def test_a_clean_one_is_read_by_the_team_and_traced(self, pia, marc):
        file = self.bring(pia, marc)
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)

        assert members.read_mandate(actor=as_publisher(pia), member_id=marc.id, at=NOON).data == PDF
        assert actions()[-1] == "store.member.mandate.read"
        with pytest.raises(UnknownRowError):
            members.read_mandate(actor=as_publisher(member()), member_id=marc.id, at=NOON)

    def test_s35_an_infected_one_is_read_by_nobody(self, pia, marc):
        file = self.bring(marc, marc, data=EICAR)
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)

        with pytest.raises(FileNotReadableError) as caught:
            members.read_mandate(actor=as_publisher(pia), member_id=marc.id, at=NOON)
        assert caught.value.state == StoredFile.State.INFECTED

    def test_a_new_one_takes_the_place_of_the_former(self, pia, marc):
        first = self.bring(marc, marc)
        second = self.bring(marc, marc, until=date(2028, 1, 1))

        assert first.id != second.id
        assert marc.mandate_until == date(2028, 1, 1)
        assert list(members.mandate_files([pia, marc])) == [marc.id]

    def test_sec_09_mandates_count_like_pieces(self, marc, monkeypatch):
        monkeypatch.setattr(uploads, "A_DAY", len(PDF))
        self.bring(marc, marc)
        with pytest.raises(WrongValueError) as caught:
            self.bring(marc, marc)
        assert (caught.value.field, caught.value.reason) == ("mandate", "too-often")
        assert StoredFile.objects.count() == 1

    @pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x1a\n0000", b"MZ not a pdf", PDF + b" " * members.LARGEST])
    def test_sec_11_it_is_a_pdf_by_content(self, marc, data):
        with pytest.raises(WrongValueError) as caught:
            self.bring(marc, marc, data=data)
        assert caught.value.field == "mandate"
        assert StoredFile.objects.count() == 0

    def test_it_is_not_over(self, marc):
        today = NOON.date()
        assert self.bring(marc, marc, until=today).state == StoredFile.State.WAITING
        with pytest.raises(WrongValueError) as caught:
            self.bring(marc, marc, until=today - timedelta(days=1))
        assert caught.value.field == "until"

    def test_sto_13_of_a_colleague_by_an_administrator_only(self, pia, marc):
        with pytest.raises(AccessDeniedError):
            self.bring(marc, pia)

    def test_who_has_none_has_none_to_read(self, pia, marc):
        with pytest.raises(UnknownRowError):
            members.read_mandate(actor=as_publisher(pia), member_id=marc.id, at=NOON)
