from __future__ import annotations

from time import monotonic

import pytest

from apps.store.gateways.web.base import UnreachableError
from apps.store.gateways.web.deadlines import Deadline
from apps.store.gateways.web.supply import Supply
from tests.store.gateways.places import dripping, page, redirect

HOST, OTHER = "exemple-sante.fr", "suivi.fr"


@pytest.fixture
def supply(net) -> Supply:
    net.site(HOST, page(b"accueil", lines=("Set-Cookie: a=1", "Set-Cookie: b=2", "Content-Encoding: identity")))
    web = net.web()
    return Supply(web=web, page=web.ask(f"https://{HOST}/"), deadline=Deadline(seconds=20))


def get(url: str, number: int = 1) -> dict[str, object]:
    return {"ask": number, "url": url, "is_get": True}


class TestAnswers:
    def test_the_page_itself_is_asked_once(self, net, supply):
        given = supply.answer(get(f"https://{HOST}/", 7))

        assert (given.facts["answer"], given.facts["status"], given.payloads) == (7, 200, (b"accueil",))
        assert [line for line in given.facts["lines"] if line[0] == "set-cookie"] == [
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
        ]
        assert not {"content-length", "content-encoding"} & {name for name, _ in given.facts["lines"]}
        assert net.asked == [HOST]
        assert (supply.requests, supply.refused) == ((), ())

    def test_parts_of_the_page_and_others(self, net, supply):
        net.site(OTHER, page(b"script"), address="93.184.215.20")

        assert supply.answer(get(f"https://{HOST}/style.css")).payloads == (b"accueil",)
        assert supply.answer(get(f"https://{OTHER}/s.js")).payloads == (b"script",)
        assert (supply.requests, supply.refused) == ((OTHER,), ())

    def test_hosts_behind_redirects_are_known(self, net, supply):
        net.site(OTHER, redirect("https://plus-loin.fr/"), address="93.184.215.20")
        net.site("plus-loin.fr", page(), address="93.184.215.21")

        supply.answer(get(f"https://{OTHER}/"))

        assert supply.requests == ("plus-loin.fr", OTHER)

    def test_a_host_that_does_not_answer_was_asked_all_the_same(self, net, supply):
        net.names[OTHER] = ["93.184.215.20"]

        assert supply.answer(get(f"https://{OTHER}/")).facts == {"answer": 1, "stopped": "refused"}
        assert supply.requests == (OTHER,)

    @pytest.mark.parametrize(
        ("url", "host", "reason"),
        [
            ("http://suivi.fr/", "suivi.fr", "scheme"),
            ("https://127.0.0.1/", "127.0.0.1", "not-public"),
            ("https://[::1]/", "::1", "not-public"),
            ("https://suivi.fr:8080/", "suivi.fr", "port"),
            ("https://inconnu.fr/", "inconnu.fr", "unresolved"),
            ("https://dedans.fr/", "dedans.fr", "not-public"),
        ],
    )
    def test_sto_112_the_guard_applies_to_every_part(self, net, supply, url, host, reason):
        net.names["dedans.fr"] = ["10.0.0.1"]
        dialled = list(net.dialled)

        assert supply.answer(get(url)).facts == {"answer": 1, "stopped": reason}
        assert (supply.refused, net.dialled) == ((host,), dialled)

    @pytest.mark.parametrize(
        "question", [{}, {"ask": "x", "url": None, "is_get": "yes"}, {"url": "https://[", "is_get": True}]
    )
    def test_nonsense_is_refused(self, supply, question):
        assert "stopped" in supply.answer(question).facts

    def test_other_methods_are_noted_and_not_made(self, net, supply):
        net.site(OTHER, page(), address="93.184.215.20")

        given = supply.answer({"ask": 3, "url": f"https://{OTHER}/collecte", "is_get": False})

        assert given.facts == {"answer": 3, "stopped": "limit"}
        assert (supply.requests, net.dialled) == ((OTHER,), [("93.184.215.14", 443)])

    def test_other_methods_to_the_inside_are_noted_as_refused(self, supply):
        given = supply.answer({"ask": 3, "url": "https://127.0.0.1/collecte", "is_get": False})

        assert given.facts == {"answer": 3, "stopped": "not-public"}
        assert (supply.requests, supply.refused) == ((), ("127.0.0.1",))


class TestLimits:
    def test_three_hundred_parts_and_no_more(self, net, supply):
        net.names[OTHER] = []
        for _ in range(300):
            supply.answer(get(f"https://{OTHER}/"))

        given = supply.answer(get(f"https://{HOST}/style.css"))

        assert given.facts["stopped"] == "limit"
        assert len(net.dialled) == 1

    def test_fifty_megabytes_and_no_more(self, net, supply):
        net.site(OTHER, page(b"a" * 2_000_000), address="93.184.215.20")
        sizes = [len(given.payloads) for given in (supply.answer(get(f"https://{OTHER}/{n}")) for n in range(30))]

        assert sizes == [1] * 26 + [0] * 4

    def test_after_the_end_nothing_is_asked(self, net, supply):
        supply.close()

        assert supply.answer(get(f"https://{OTHER}/")).facts["stopped"] == "limit"
        assert net.asked == [HOST]

    def test_one_clock_for_the_visit(self, net):
        net.site(HOST, page())
        net.site(OTHER, dripping(b"", b""), address="93.184.215.20")
        web = net.web()
        supply = Supply(web=web, page=web.ask(f"https://{HOST}/"), deadline=Deadline(seconds=0.4))
        begin = monotonic()

        assert supply.answer(get(f"https://{OTHER}/")).facts["stopped"] == "timeout"
        assert supply.answer(get(f"https://{OTHER}/")).facts["stopped"] == "timeout"
        assert monotonic() - begin < 2
        with pytest.raises(UnreachableError):
            supply.deadline.left()
