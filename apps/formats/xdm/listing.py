"""An archive that is no XDM package: the names of its files, and one of them at a time (S09, S12)."""

from __future__ import annotations

from dataclasses import dataclass

from apps.formats.xdm.archive import Archive, DamagedFileError, Member
from apps.formats.xdm.faults import PackageError, PackageErrorCode
from apps.formats.xdm.limits import DEFAULT_LIMITS, PackageLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFile:
    """`name` is None where it cannot be shown; `declared_size` is what the archive says, nobody checked it."""

    number: int
    name: str | None
    declared_size: int


def list_files(data: bytes, *, limits: PackageLimits = DEFAULT_LIMITS) -> tuple[ListedFile, ...]:
    """The files of any ZIP archive, unsafe names and links left out. Raises `PackageError`; nothing is unpacked."""
    return tuple(
        ListedFile(number=member.number, name=member.name, declared_size=member.declared_size)
        for member in Archive(data, limits).members
        if _is_safe(member)
    )


def read_file(data: bytes, number: int, *, limits: PackageLimits = DEFAULT_LIMITS) -> bytes:
    """The bytes of the file of that number in `list_files`. Raises `PackageError`, `DAMAGED_FILE` for that file."""
    archive = Archive(data, limits)
    for member in archive.members:
        if member.number == number and _is_safe(member):
            try:
                return archive.read(member)
            except DamagedFileError as error:
                raise PackageError(PackageErrorCode.DAMAGED_FILE, str(error)) from error
    raise PackageError(PackageErrorCode.NO_DOCUMENT, f"no file {number}")


def _is_safe(member: Member) -> bool:
    return member.key is not None and not member.is_link
