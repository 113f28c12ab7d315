"""Sites of candidates of the store: certificates as they should not be, names that choose a site, a page for people."""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime

import httpx
import pytest
from cryptography import x509

from simulators.candidate_site.config import Config, ConfigurationError
from simulators.candidate_site.names import NOBODY
from simulators.candidate_site.proofs import Proofs
from simulators.candidate_site.running import served
from simulators.candidate_site.sites import ANALYTICS, BAD, GOOD, HOSTILE, MIDDLING, all_sites
from tests.simulators.process import ROOT, free_port

NOW = datetime.fromtimestamp(time.time(), tz=UTC)
COMMAND = [sys.executable, "-m", "simulators.candidate_site"]
DOMAIN = "service-demo.example"
LONG = {"timeout": 20, "trust_env": False}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("candidate")
    return Config(secure=0, clear=0, folder=folder / "made", names=folder / "names.json")


@pytest.fixture(scope="module")
def servers(config):
    with served(config, at=NOW) as running:
        yield running


def names_of(config):
    return json.loads(config.names.read_text(encoding="utf-8"))


def trusting(config):
    return ssl.create_default_context(cafile=names_of(config)["authority"])


def handshake(config, servers, host, context=None):
    with (
        socket.create_connection(servers.secure.server_address, timeout=5) as opened,
        (context or trusting(config)).wrap_socket(opened, server_hostname=host) as secured,
    ):
        return secured.version(), secured.getpeercert()


def ask(config, servers, host, path="/"):
    """One GET over TLS, the name decides about the site."""
    connection = http.client.HTTPSConnection(*servers.secure.server_address, context=trusting(config), timeout=5)
    with socket.create_connection(servers.secure.server_address, timeout=5) as opened:
        connection.sock = trusting(config).wrap_socket(opened, server_hostname=host)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
    return answer.status, dict(answer.getheaders()), body


def people(servers, path="/", **fields):
    address = f"http://localhost:{servers.clear.server_address[1]}{path}"
    return httpx.post(address, data=fields, **LONG) if fields else httpx.get(address, **LONG)


class TestCertificates:
    @pytest.mark.parametrize("host", [GOOD, MIDDLING, BAD, HOSTILE, ANALYTICS, f"bientot.{DOMAIN}"])
    def test_good_ones_are_believed(self, config, servers, host):
        version, certificate = handshake(config, servers, host)

        assert version == "TLSv1.3"
        assert certificate["subjectAltName"] == (("DNS", host),)

    @pytest.mark.parametrize(
        ("name", "fault"),
        [
            ("expire", "certificate has expired"),
            ("autre-nom", "Hostname mismatch"),
            ("auto-signe", "self-signed certificate|self signed certificate"),
        ],
    )
    def test_bad_ones_are_not(self, config, servers, name, fault):
        with pytest.raises(ssl.SSLCertVerificationError, match=fault):
            handshake(config, servers, f"{name}.{DOMAIN}")

    def test_soon_is_twelve_days(self, config):
        made = x509.load_pem_x509_certificate((config.folder / f"bientot.{DOMAIN}.pem").read_bytes())

        assert (made.not_valid_after_utc - NOW).days in {11, 12}

    def test_the_key_is_for_its_owner_alone_and_that_of_the_authority_for_nobody(self, config, servers):
        assert stat.S_IMODE((config.folder / "key.pem").stat().st_mode) == 0o600
        assert [path.name for path in config.folder.glob("*key*")] == ["key.pem"]

    def test_no_tls_at_all(self, config, servers):
        with pytest.raises(ssl.SSLError, match=r"(?i)wrong.version.number"):
            handshake(config, servers, f"en-clair.{DOMAIN}")

    def test_old_versions_alone(self, config, servers):
        with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
            handshake(config, servers, f"tres-ancien.{DOMAIN}")


class TestNames:
    def test_the_file_says_where_everything_is(self, config, servers):
        told = names_of(config)
        (address,) = told["names"][GOOD]

        assert told["connections"][f"{address}:443"] == ["127.0.0.1", servers.secure.server_address[1]]
        assert told["connections"][f"{address}:80"] == ["127.0.0.1", servers.clear.server_address[1]]
        assert told["texts"]["_ens-portal.carnet-tension.example"]

    def test_closed_sites_lead_to_nobody(self, config, servers):
        told = names_of(config)
        (address,) = told["names"][f"ferme.{DOMAIN}"]

        assert told["connections"][f"{address}:443"] == ["127.0.0.1", NOBODY]
        assert told["connections"][f"{address}:80"] == ["127.0.0.1", NOBODY]

    def test_sto_111_names_that_lead_inside_have_no_way_there(self, config, servers):
        told = names_of(config)

        assert told["names"][f"metadonnees.{DOMAIN}"] == ["169.254.169.254"]
        assert not any(key.startswith(("10.", "169.254.", "127.")) for key in told["connections"])
        assert all(host == "127.0.0.1" for host, _ in told["connections"].values())

    def test_every_site_has_an_address_of_its_own(self, servers):
        sites = all_sites(NOW.date())

        assert len({site.host for site in sites}) == len(sites)


class TestPages:
    def test_the_name_chooses_the_site(self, config, servers):
        good = ask(config, servers, GOOD)
        bad = ask(config, servers, BAD)

        assert (good[0], bad[0]) == (200, 200)
        assert "Strict-Transport-Security" in good[1]
        assert "Strict-Transport-Security" not in bad[1]
        assert b"google-analytics" in bad[2]
        assert b"google-analytics" not in good[2]

    def test_what_does_not_exist_is_not_there(self, config, servers):
        assert ask(config, servers, GOOD, "/rien")[0] == 404

    def test_statements_are_counted_from_today(self, config, servers):
        body = ask(config, servers, GOOD, "/accessibilite")[2].decode()

        assert str(NOW.year) in body or str(NOW.year - 1) in body
        assert "92 % des critères" in body

    @pytest.mark.parametrize(
        ("host", "status", "location"),
        [
            (GOOD, 301, f"https://{GOOD}/a?b=1"),
            (MIDDLING, 302, f"https://{MIDDLING}/a?b=1"),
            (f"sans-renvoi.{DOMAIN}", 404, None),
            ("inconnu.example", 404, None),
        ],
    )
    def test_clear_text_leads_to_tls_or_not(self, servers, host, status, location):
        address = f"http://127.0.0.1:{servers.clear.server_address[1]}/a?b=1"
        answer = httpx.get(address, headers={"Host": host}, **LONG)

        assert (answer.status_code, answer.headers.get("location")) == (status, location)

    def test_clear_text_of_the_bad_site_is_its_page(self, servers):
        address = f"http://127.0.0.1:{servers.clear.server_address[1]}/"

        assert "Carnet Tension" in httpx.get(address, headers={"Host": BAD}, **LONG).text


class TestHello:
    @pytest.mark.parametrize(
        "sent", [b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", b"\x16" + b"\xff" * 400]
    )
    def test_what_is_no_tls_ends_the_connection_and_nothing_else(self, config, servers, sent):
        with suppress(OSError), socket.create_connection(servers.secure.server_address, timeout=5) as opened:
            opened.sendall(sent)
            opened.shutdown(socket.SHUT_WR)
            while opened.recv(4096):
                continue

        assert ask(config, servers, GOOD)[0] == 200

    def test_a_hello_in_small_pieces_is_waited_for(self, config, servers):
        host = f"autre-nom.{DOMAIN}"
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        client = trusting(config).wrap_bio(incoming, outgoing, server_hostname=host)
        with pytest.raises(ssl.SSLWantReadError):
            client.do_handshake()
        hello = outgoing.read()
        with socket.create_connection(servers.secure.server_address, timeout=5) as opened:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for start in range(0, len(hello), 200):
                opened.sendall(hello[start : start + 200])
            incoming.write(opened.recv(65536))

            with pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"):
                client.do_handshake()

    def test_a_client_that_names_nobody_meets_the_first_site(self, config, servers):
        context = trusting(config)
        context.check_hostname = False
        with (
            socket.create_connection(servers.secure.server_address, timeout=5) as opened,
            context.wrap_socket(opened) as secured,
        ):
            assert secured.getpeercert()["subjectAltName"] == (("DNS", GOOD),)


class TestProofs:
    def test_sto_109_a_code_pasted_by_hand_is_shown_by_that_site_alone(self, config, servers):
        said = people(servers, "/preuve", host=GOOD, code=" ens-portal-verification=un-code-donne ")

        assert "montre maintenant ce code" in said.text
        path = "/.well-known/ens-portal.txt"
        assert ask(config, servers, GOOD, path)[2] == b"ens-portal-verification=un-code-donne\n"
        assert ask(config, servers, BAD, path)[0] == 404

    @pytest.mark.parametrize(("host", "code"), [(GOOD, "a b"), ("ailleurs.fr", "un-code-donne-2"), (GOOD, "x")])
    def test_anything_else_changes_nothing(self, config, servers, host, code):
        people(servers, "/preuve", host=GOOD, code="le-code-d-avant")
        before = (config.folder / "proofs.json").read_bytes()

        said = people(servers, "/preuve", host=host, code=code)

        assert "ne ressemble pas à un code" in said.text
        assert (config.folder / "proofs.json").read_bytes() == before

    def test_the_page_for_people_lists_every_site_and_runs_nothing(self, servers):
        page = people(servers)

        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert f"https://{HOSTILE}/" in page.text
        assert "<script" not in page.text
        assert people(servers, "/style.css").headers["content-type"].startswith("text/css")

    def test_it_stands_under_the_name_of_the_machine_alone(self, servers):
        address = f"http://127.0.0.1:{servers.clear.server_address[1]}/preuve"
        elsewhere = httpx.post(address, data={"host": GOOD, "code": "x" * 9}, headers={"Host": GOOD}, **LONG)

        assert elsewhere.status_code == 404
        assert httpx.post(address, content=b"x" * 20_000, **LONG).status_code == 404

    def test_a_broken_file_is_no_file(self, tmp_path):
        (tmp_path / "proofs.json").write_text("{", encoding="utf-8")
        proofs = Proofs(file=tmp_path / "proofs.json")

        assert proofs.of(GOOD) is None
        assert proofs.put(GOOD, "un-code-donne")
        assert proofs.of(GOOD) == "ens-portal-verification=un-code-donne\n"


class TestConfig:
    def test_ports_and_files_follow_the_portal(self):
        made = Config.from_environment({"ENS_HTTP_PORT": "9000", "ENS_STATE_DIR": "/etat"})

        assert (made.secure, made.clear) == (9007, 9008)
        assert str(made.names) == "/etat/candidate-site.json"
        assert str(Config.from_environment({"ENS_STORE_DEMONSTRATION_SITES": "/ici.json"}).names) == "/ici.json"

    def test_what_is_no_number_is_named(self):
        with pytest.raises(ConfigurationError, match="ENS_CANDIDATE_PORT must be a number, not 'x'"):
            Config.from_environment({"ENS_CANDIDATE_PORT": "x"})


class TestProcess:
    @pytest.fixture
    def environ(self, tmp_path):
        ports = {"ENS_CANDIDATE_PORT": str(free_port()), "ENS_CANDIDATE_HTTP_PORT": str(free_port())}
        return {**os.environ, "ENS_STATE_DIR": str(tmp_path), "ENS_HTTP_PORT": "8000", **ports}

    def test_it_serves_until_it_is_told_to_stop(self, environ, tmp_path):
        process = subprocess.Popen(COMMAND, cwd=ROOT, env=environ, stderr=subprocess.PIPE)
        line = process.stderr.readline().decode()
        page = httpx.get(f"http://127.0.0.1:{environ['ENS_CANDIDATE_HTTP_PORT']}/", **LONG)
        again = subprocess.run(COMMAND, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=20, check=False)
        process.terminate()
        process.stderr.close()

        assert process.wait(timeout=10) == 0
        assert line.startswith("candidate_site TLS on ")
        assert "Sites de démonstration" in page.text
        assert (tmp_path / "candidate-site.json").is_file()
        assert (again.returncode, "Address already in use" in again.stderr) == (1, True)

    def test_a_variable_that_is_no_number_is_named(self, environ):
        wrong = {**environ, "ENS_CANDIDATE_PORT": "tls"}

        done = subprocess.run(COMMAND, cwd=ROOT, env=wrong, capture_output=True, text=True, timeout=20, check=False)

        assert (done.returncode, done.stderr) == (2, "candidate_site ENS_CANDIDATE_PORT must be a number, not 'tls'\n")


def test_many_at_once_meet_their_own_sites(config, servers):
    hosts = [GOOD, MIDDLING, BAD, HOSTILE] * 10
    statuses: dict[int, tuple[int, bool]] = {}

    def one(number, host):
        status, headers, _ = ask(config, servers, host)
        statuses[number] = (status, "Strict-Transport-Security" in headers)

    threads = [threading.Thread(target=one, args=each) for each in enumerate(hosts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == {number: (200, host != BAD) for number, host in enumerate(hosts)}


def test_the_page_names_what_a_form_asks_for(servers):
    page = people(servers).text

    assert "<code>/fhir</code>" in page
    assert "<code>/oidc</code>" in page
    assert "/jwks" not in page
