"""Bytes of an IHE_XDM.ZIP in, documents with their faults out (MSS-50..53, IHE ITI TF-2 3.32)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from apps.formats.xdm.archive import Archive, DamagedFileError, Member
from apps.formats.xdm.contents import check_contents, is_read_as_cda
from apps.formats.xdm.faults import DocumentFault, PackageError, PackageErrorCode, PackageFault
from apps.formats.xdm.limits import DEFAULT_LIMITS, PackageLimits
from apps.formats.xdm.metadata import DeclaredDocument, Subset, read_metadata
from apps.formats.xdm.model import Package, PackagedDocument
from apps.formats.xdm.names import uri_keys

_FOLDER = "IHE_XDM"
_METADATA = "METADATA.XML"
_PLAIN = frozenset({"INDEX.HTM", "README.TXT"})
_DEPTH = 3  # IHE_XDM/SUBSET01/METADATA.XML


def read_package(data: bytes, *, limits: PackageLimits = DEFAULT_LIMITS) -> Package:
    """Read a package in memory: METADATA.XML of every subset, and the files named there, by name.

    Raises `PackageError` when nothing can be used: no archive, encrypted, over a limit, METADATA.XML missing or
    unreadable, a URI that leaves its folder. Whatever else is wrong is a fault of the package or of one document; a
    document with a fault of `BLOCKING` is neither shown nor saved. Every other file is ignored, archives inside too.
    """
    return _Reader(data, limits).package()


class _Reader:
    def __init__(self, data: bytes, limits: PackageLimits) -> None:
        self._limits = limits
        self._archive = Archive(data, limits)
        self._markup = 0
        self._faults: list[PackageFault] = []
        self._files: dict[str, list[Member]] = {}
        self._used: set[str] = set()
        for member in self._archive.members:
            self._shelve(member)

    def package(self) -> Package:
        documents: list[PackagedDocument] = []
        subsets = list(self._subsets())
        for folder, subset in subsets:
            documents += [self._document(folder, declared) for declared in subset.documents]
        if not documents:
            raise PackageError(PackageErrorCode.NO_DOCUMENT)
        submissions = tuple(subset.submission for _, subset in subsets if subset.submission)
        if len(submissions) < len(subsets):
            self._faults.append(PackageFault.NO_SUBMISSION_SET)
        if set(self._files) - self._used - _PLAIN:
            self._faults.append(PackageFault.EXTRA_FILES)
        single = self._folded(documents)
        return Package(
            documents=tuple(_told_apart(single)),
            submissions=tuple(dict.fromkeys(submissions)),
            faults=tuple(dict.fromkeys(self._faults)),
        )

    def _shelve(self, member: Member) -> None:
        if member.key is None:
            self._faults.append(PackageFault.UNSAFE_NAME)
        elif member.is_link:
            self._faults.append(PackageFault.LINK)
        else:
            same = self._files.setdefault(member.key, [])
            same.append(member)
            if len(same) > 1:
                self._faults.append(PackageFault.DUPLICATE_NAME)

    def _subsets(self) -> Iterator[tuple[str, Subset]]:
        """Every subset whose METADATA.XML can be read, with its folder."""
        keys = [key for key in sorted(self._files) if _is_metadata(key)]
        if not keys:
            raise PackageError(PackageErrorCode.NO_METADATA)
        if len(keys) > self._limits.subsets:
            raise PackageError(PackageErrorCode.TOO_MANY_FILES, f"{len(keys)} subsets")
        if len(keys) > 1:
            self._faults.append(PackageFault.SEVERAL_SUBSETS)
        for key in keys:
            try:
                yield key.rpartition("/")[0], self._metadata(key)
            except PackageError as error:
                if len(keys) == 1 or error.code is not PackageErrorCode.UNREADABLE_METADATA:
                    raise
                self._faults.append(PackageFault.UNREADABLE_SUBSET)

    def _metadata(self, key: str) -> Subset:
        self._used.add(key)
        first, *others = self._files[key]
        if others:
            raise PackageError(PackageErrorCode.AMBIGUOUS_METADATA)
        if first.declared_size > self._limits.metadata:
            raise PackageError(PackageErrorCode.TOO_LARGE, f"METADATA.XML of {first.declared_size} bytes")
        try:
            data = self._archive.read(first)
        except DamagedFileError as error:
            raise PackageError(PackageErrorCode.UNREADABLE_METADATA, str(error)) from error
        return read_metadata(data, most_documents=self._limits.files)

    def _document(self, folder: str, declared: DeclaredDocument) -> PackagedDocument:
        keys = uri_keys(folder, declared.uri) if declared.uri else ()
        if keys is None:
            raise PackageError(PackageErrorCode.UNSAFE_PATH, declared.uri or "")
        key = next((item for item in keys if item in self._files), None)
        if key is None:
            return _without_bytes(declared, DocumentFault.MISSING)
        is_taken = key in self._used  # one file cannot be two documents
        self._used.add(key)
        if is_taken or len(self._files[key]) > 1:
            return _without_bytes(declared, DocumentFault.AMBIGUOUS_NAME)
        member = self._files[key][0]
        try:
            data = self._archive.read(member)
        except DamagedFileError:
            return _without_bytes(declared, DocumentFault.DAMAGED)
        if is_read_as_cda(declared.entry, data):
            self._count_markup(data)
        return check_contents(declared, data, name=member.name)

    def _count_markup(self, data: bytes) -> None:
        """Each file may be as long to read as `formats.xml` allows, all of them together not a hundred times that."""
        self._markup += data.count(b"<") + data.count(b"=")
        if self._markup > self._limits.markup:
            raise PackageError(PackageErrorCode.TOO_LARGE, f"more than {self._limits.markup} signs of markup")

    def _folded(self, documents: Iterable[PackagedDocument]) -> list[PackagedDocument]:
        """The same document of two subsets counts once."""
        found: dict[object, PackagedDocument] = {}
        for number, document in enumerate(documents):
            is_told = document.unique_id and document.sha1
            key = (document.unique_id, document.sha1, document.entry.status) if is_told else number
            if key in found:
                self._faults.append(PackageFault.SAME_DOCUMENT_TWICE)
            found.setdefault(key, document)
        return list(found.values())


def _is_metadata(key: str) -> bool:
    parts = key.split("/")
    return len(parts) == _DEPTH and parts[0] == _FOLDER and parts[-1] == _METADATA


def _without_bytes(declared: DeclaredDocument, fault: DocumentFault) -> PackagedDocument:
    return PackagedDocument(entry=declared.entry, data=None, faults=(fault, *declared.faults), name=None)


def _told_apart(documents: list[PackagedDocument]) -> Iterator[PackagedDocument]:
    """Documents whose uniqueId another one has too are told; which of them is meant cannot be known."""
    times = Counter(document.unique_id for document in documents if document.unique_id)
    for document in documents:
        if times[document.unique_id or ""] > 1:
            yield replace(document, faults=(DocumentFault.SAME_ID_TWICE, *document.faults))
        else:
            yield document
