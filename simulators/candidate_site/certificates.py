"""An authority of its own and one certificate for each site, good ones and such as nobody should trust.

Made anew at each start: they are counted in days from now. The key of the authority is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LASTS, _SOON, _PAST = timedelta(days=200), timedelta(days=12), timedelta(days=3)
_AUTHORITY_LASTS = timedelta(days=800)
_KEY = ec.EllipticCurvePrivateKey


class Kind(Enum):
    """How the certificate of a site stands."""

    GOOD = "good"
    SOON = "soon"
    EXPIRED = "expired"
    OTHER_NAME = "other-name"
    SELF_SIGNED = "self-signed"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Files of one start: `pairs` by host, certificate and key."""

    authority: Path
    pairs: dict[str, tuple[Path, Path]]


def make(folder: Path, sites: Iterable[tuple[str, Kind]], *, at: datetime) -> Made:
    """The files for these hosts, below `folder`."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority_key, key = _new_key(), _new_key()
    key_file = _write_key(folder / "key.pem", key)
    authority = _authority(authority_key, at)
    pairs: dict[str, tuple[Path, Path]] = {}
    for host, kind in sites:
        if kind is not Kind.NONE:
            signer = (key, _name(host)) if kind is Kind.SELF_SIGNED else (authority_key, authority.subject)
            made = _leaf(host, kind, key, signer, at)
            pairs[host] = (_write(folder / f"{host}.pem", made.public_bytes(serialization.Encoding.PEM)), key_file)
    file = _write(folder / "authority.pem", authority.public_bytes(serialization.Encoding.PEM))
    return Made(authority=file, pairs=pairs)


def _authority(key: _KEY, at: datetime) -> x509.Certificate:
    name = _name("Autorité des sites de démonstration")
    usage = x509.KeyUsage(
        digital_signature=False, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    return (
        _unsigned(name, name, key, (at - timedelta(days=400), at + _AUTHORITY_LASTS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _leaf(host: str, kind: Kind, key: _KEY, signer: tuple[_KEY, x509.Name], at: datetime) -> x509.Certificate:
    signing_key, issuer = signer
    named = f"autre.{host}" if kind is Kind.OTHER_NAME else host
    ends = {Kind.SOON: at + _SOON, Kind.EXPIRED: at - _PAST}.get(kind, at + _LASTS)
    return (
        _unsigned(_name(named), issuer, key, (ends - _LASTS - timedelta(days=1), ends))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(named)]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .sign(signing_key, hashes.SHA256())
    )


def _unsigned(
    subject: x509.Name, issuer: x509.Name, key: _KEY, runs: tuple[datetime, datetime]
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(runs[0])
        .not_valid_after(runs[1])
    )


def _name(common: str) -> x509.Name:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Sites de démonstration")
    return x509.Name([organisation, x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _new_key() -> _KEY:
    return ec.generate_private_key(ec.SECP256R1())


def _write_key(path: Path, key: _KEY) -> Path:
    path.touch(mode=0o600)
    plain = serialization.NoEncryption()
    return _write(path, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))


def _write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path
