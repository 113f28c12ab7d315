"""One contract for both stores of objects: a folder, and S3 (REL-12)."""

from __future__ import annotations

import stat
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from moto import mock_aws

from apps.files import jobs, services
from apps.files.gateways import store
from apps.files.gateways.base import GatewayError, StoreUnavailableError
from apps.files.gateways.scanner_embedded import EmbeddedScanner
from apps.files.gateways.store_s3 import ObjectStorage
from apps.files.models import StoredFile
from tests.files.clamd import nobody_there
from tests.harness.clock import NOON

FOLDER = "apps.files.gateways.store_folder.FolderStorage"
S3 = "apps.files.gateways.store_s3.ObjectStorage"
BUCKET = {"bucket_name": "contents", "region_name": "eu-west-3", "access_key": "test", "secret_key": "test"}


def use(settings, backend, **options):
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": backend, "OPTIONS": options}}


@pytest.fixture
def bucket(settings):
    with mock_aws():
        use(settings, S3, **BUCKET)
        place = {"LocationConstraint": BUCKET["region_name"]}
        default_storage.connection.create_bucket(Bucket="contents", CreateBucketConfiguration=place)
        yield


@pytest.fixture
def folder(settings, tmp_path):
    (tmp_path / "contents").mkdir()
    use(settings, FOLDER, location=str(tmp_path / "contents"))


@pytest.fixture(params=["folder", "bucket"])
def objects(request):
    request.getfixturevalue(request.param)


@pytest.fixture(
    params=["folder that is a file", "folder that is not there", "bucket that is not there", "S3 that is not there"]
)
def away(request, settings, tmp_path):
    """A store that does not answer."""
    if request.param == "folder that is not there":
        use(settings, FOLDER, location=str(tmp_path / "not mounted"))
        yield
    elif request.param == "folder that is a file":
        (tmp_path / "contents").write_text("a file where the folder should be")
        use(settings, FOLDER, location=str(tmp_path / "contents"))
        yield
    elif request.param == "S3 that is not there":
        use(settings, S3, endpoint_url=f"http://{nobody_there()}", **BUCKET)
        yield
    else:
        with mock_aws():
            use(settings, S3, **BUCKET)
            yield


@pytest.fixture
def no_place(settings):
    use(settings, S3, endpoint_url=f"http://{nobody_there()}", **BUCKET)


class TestContract:
    @pytest.mark.parametrize("size", [0, 1, 65_536, 9_000_000])
    def test_what_is_saved_is_read(self, objects, size):
        content = bytes(index % 251 for index in range(size))
        assert store.read(store.save(content)) == content

    def test_it_can_be_read_in_chunks(self, objects):
        name = store.save(b"abcdefgh")
        with default_storage.open(name, "rb") as stored:
            assert list(stored.chunks(3)) == [b"abc", b"def", b"gh"]

    def test_names_are_random_and_fit_their_column(self, objects):
        names = {store.save(b"same") for _ in range(3)}
        assert len(names) == 3
        assert {(len(name), name[2]) for name in names} == {(35, "/")}

    def test_what_is_not_there_is_not_found(self, objects):
        with pytest.raises(FileNotFoundError):
            store.read("ab/nothing")

    def test_deleted_is_gone_and_deleting_twice_is_once(self, objects):
        name, other = store.save(b"x"), store.save(b"y")
        store.delete(name)
        store.delete(name)
        with pytest.raises(FileNotFoundError):
            store.read(name)
        assert store.read(other) == b"y"


class TestAway:
    def test_rel_12_reading_says_so_and_never_that_a_file_is_lost(self, away):
        with pytest.raises(StoreUnavailableError) as caught:
            store.read("ab/x")
        assert isinstance(caught.value, GatewayError)
        assert str(caught.value).isidentifier()  # no place, no key (SEC-22)

    @pytest.mark.django_db
    def test_rel_12_a_deposit_leaves_no_row(self, no_place):
        with pytest.raises(StoreUnavailableError):
            services.store(space_id=uuid4(), content=services.Content(data=b"x", media_type="text/plain"), at=NOON)
        assert not StoredFile.objects.exists()


@pytest.mark.django_db
class TestFilesInTheStore:
    def test_from_deposit_to_reading(self, objects):
        content = services.Content(data=b"secret content", media_type="text/plain")
        file = services.store(space_id=uuid4(), content=content, at=NOON)
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)
        file.refresh_from_db()
        assert services.read(file) == b"secret content"
        assert b"secret" not in store.read(file.object_name)

    def test_bytes_gone_are_gone(self, objects):
        content = services.Content(data=b"secret content", media_type="text/plain")
        file = services.store(space_id=uuid4(), content=content, at=NOON)
        jobs.scan(vault_id=file.vault_id, file_id=file.id, scanner=EmbeddedScanner(), at=NOON)
        file.refresh_from_db()
        store.delete(file.object_name)
        with pytest.raises(services.FileGoneError):
            services.read(file)


def test_s3_waits_no_longer_than_a_page_may():
    storage = ObjectStorage(**BUCKET)
    times = storage.client_config
    assert (times.connect_timeout, times.read_timeout, times.retries) == (3, 10, {"total_max_attempts": 2})


def test_folder_keeps_what_only_its_owner_may_read(folder):
    path = Path(default_storage.path(store.save(b"x")))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
