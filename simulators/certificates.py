"""Certificates of a small trust space: authority, portal, operator; for demonstrations and tests (MSS-04).

`python -m simulators.certificates FOLDER` makes what is missing. Each certificate serves as server and as client for
`localhost`. Private keys are for nobody else's eyes, the authority's is thrown away.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from time import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PORTAL, OPERATOR = "portal", "operator"
MEMBERS = (PORTAL, OPERATOR)
SUBJECTS = {  # country, organisation, common name: the white list of the demonstration names the operator so
    PORTAL: ("FR", "Portail de démonstration", "patient.mssante.example"),
    OPERATOR: ("FR", "Opérateur simulé", "pro.mssante.example"),
}
NAMES = ("localhost",)
ADDRESSES = ("127.0.0.1", "::1")
LASTS = timedelta(days=800)
RENEWED = timedelta(days=30)  # before the end
_SKEW = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """PEM files of one member of the trust space."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """The files of one folder."""

    folder: Path

    @property
    def authority(self) -> Path:
        return self.folder / "authority.pem"

    def of(self, member: str) -> Pair:
        return Pair(certificate=self.folder / f"{member}.pem", key=self.folder / f"{member}-key.pem")

    @property
    def files(self) -> list[Path]:
        pairs = map(self.of, MEMBERS)
        return [self.authority, *(path for pair in pairs for path in (pair.certificate, pair.key))]


def make_certificates(folder: Path, *, names: Iterable[str] = NAMES, at: datetime | None = None) -> Certificates:
    """The files of this folder: left as they are, made anew when one is missing or the authority ends soon."""
    made, now = Certificates(folder=folder), at or datetime.fromtimestamp(time(), tz=UTC)
    if not _still_good(made, now):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(made, tuple(names), now)
    return made


def main(arguments: list[str]) -> int:
    """Make the files of the folder that is named; 0 in order, 2 without a folder."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m simulators.certificates FOLDER\n")
        return 2
    make_certificates(Path(arguments[0]))
    return 0


def _still_good(made: Certificates, now: datetime) -> bool:
    if not all(path.is_file() for path in made.files):
        return False
    authority = x509.load_pem_x509_certificate(made.authority.read_bytes())
    return authority.not_valid_after_utc > now + RENEWED


def _make(made: Certificates, names: tuple[str, ...], now: datetime) -> None:
    authority_key = ec.generate_private_key(ec.SECP256R1())
    issuer = _named("FR", "Autorité de démonstration", "Autorité")
    authority = _signed(_unsigned(issuer, issuer, authority_key, now), authority_key, authority_key, is_authority=True)
    for member in MEMBERS:
        key, pair = ec.generate_private_key(ec.SECP256R1()), made.of(member)
        builder = _unsigned(_named(*SUBJECTS[member]), issuer, key, now).add_extension(
            _alternatives(names), critical=False
        )
        certificate = _signed(builder, key, authority_key, is_authority=False)
        _write(pair.key, key.private_bytes(*_KEY_FORMAT))
        _write(pair.certificate, certificate.public_bytes(serialization.Encoding.PEM))
    _write(made.authority, authority.public_bytes(serialization.Encoding.PEM))


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + LASTS)
    )


def _signed(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    authority_key: ec.EllipticCurvePrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not is_authority, key_cert_sign=is_authority, crl_sign=is_authority,
        content_commitment=False, key_encipherment=False, data_encipherment=False, key_agreement=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
    )
    if not is_authority:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        builder = builder.add_extension(x509.ExtendedKeyUsage(both), critical=False)
    return builder.sign(authority_key, hashes.SHA256())


def _named(country: str, organisation: str, name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, country),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
            x509.NameAttribute(NameOID.COMMON_NAME, name),
        ]
    )


def _alternatives(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    addresses = [x509.IPAddress(ip_address(text)) for text in ADDRESSES]
    return x509.SubjectAlternativeName([*map(x509.DNSName, names), *addresses])


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all; readable by its owner alone."""
    part = path.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_bytes(data)
    part.replace(path)


_KEY_FORMAT = (
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.NoEncryption(),
)

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
