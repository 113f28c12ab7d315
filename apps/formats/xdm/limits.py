"""How much of a package is ever read (MSS-51, SEC-11)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageLimits:
    """Limits of one archive: files, bytes when unpacked, unpacked by packed, and what keeps reading it short."""

    files: int = 100
    unpacked: int = 60_000_000
    ratio: int = 100
    metadata: int = 4_000_000  # bytes of one METADATA.XML; 100 documents need 0.7 MB
    subsets: int = 10
    markup: int = 1_000_000  # signs of tags and attributes in all documents: about 2 s of reading
    directory: int = 256_000  # bytes; 100 entries need 20 kB; zipfile builds an object of 1 kB from every 46 bytes


DEFAULT_LIMITS = PackageLimits()
