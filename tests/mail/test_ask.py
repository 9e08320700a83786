"""The handlers of `launchready ask`: shapes, sentences for bad arguments, and the public suffix list's own vectors."""

from __future__ import annotations

import re
from importlib import resources

import dns.name
import dns.zone
import pytest

from launchready_tui.mail import ask
from launchready_tui.practice.nameserver import Nameserver
from tests.mail.keys import ED25519, RSA_512, RSA_1024, RSA_2048

_VECTOR = re.compile(r"^checkPublicSuffix\((null|'[^']*'), (null|'[^']*')\);")


def vectors() -> list[tuple[str, str | None]]:
    """The published test vectors (they come with the list); null input is no name here."""
    text = resources.files("publicsuffixlist").joinpath("test_psl.txt").read_text(encoding="utf-8")
    found = [match for line in text.splitlines() if (match := _VECTOR.match(line))]
    return [
        (match[1].strip("'"), None if match[2] == "null" else match[2].strip("'"))
        for match in found
        if match[1] != "null"
    ]


def test_there_are_vectors() -> None:
    assert len(vectors()) > 70


@pytest.mark.parametrize(("name", "expected"), vectors())
async def test_a_vector(name: str, expected: str | None) -> None:
    assert await ask.org_domain({"name": name}) == {"org_domain": expected}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Good.Example.", "good.example"),
        ("www.GOOD.example", "good.example"),
        ("a..example", None),
        ("", None),
        (".", None),
        ("Bücher.example", "bücher.example"),
        ("shop.xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("www。good。example", "good.example"),
        ("co.uk", None),
        ("shop.co.uk", "shop.co.uk"),
        ("user.github.io", "user.github.io"),
        ("github.io", None),
        ("x" * 300 + ".example", "x" * 300 + ".example"),
    ],
)
async def test_other_names(name: str, expected: str | None) -> None:
    assert await ask.org_domain({"name": name}) == {"org_domain": expected}


async def test_a_dmarc_record() -> None:
    said = await ask.dmarc_record({"txt": "v=DMARC1; p=reject; pct=20; rua=mailto:a@good.example"})
    assert said["valid"] is True
    assert said["errors"] == []
    assert said["warnings"] == ["The tag pct was removed by RFC 9989 and no longer counts."]
    assert said["tags"] == {
        "v": "DMARC1",
        "p": "reject",
        "sp": "reject",
        "np": "reject",
        "adkim": "r",
        "aspf": "r",
        "fo": "0",
        "psd": "u",
        "t": "n",
        "rua": "mailto:a@good.example",
    }
    bad = await ask.dmarc_record({"txt": "v=dmarc1; p=none"})
    assert (bad["valid"], bad["tags"]) == (False, {})
    assert bad["errors"]


async def test_spf() -> None:
    zone = dns.zone.from_text(
        "@ 300 IN SOA ns h 1 2 3 4 5\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n"
        '@ 300 IN TXT "v=spf1 -all exp=e.good.example"\n'
        'e 300 IN TXT "not %{i}"\n',
        origin="good.example.",
        relativize=False,
    )
    server = Nameserver({dns.name.from_text("good.example."): zone}, {})
    port = await server.start()
    try:
        args = {"ip": "192.0.2.3", "helo": "h.example", "sender": "a@good.example", "resolver": f"127.0.0.1:{port}"}
        assert await ask.spf({**args, "timeout": 3}) == {"result": "fail", "explanation": "not 192.0.2.3"}
        assert await ask.spf(args | {"sender": "a@none.good.example"}) == {"result": "none", "explanation": ""}
    finally:
        await server.aclose()


GOOD = {"ip": "192.0.2.3", "helo": "h", "sender": "a@b.example", "resolver": "127.0.0.1:53"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"ip": "nonsense"}, "IP address"),
        ({"ip": 7}, "“ip” must be a text"),
        ({"resolver": "localhost:53"}, "IP:PORT"),
        ({"resolver": "127.0.0.1:0"}, "IP:PORT"),
        ({"resolver": "127.0.0.1:99999"}, "IP:PORT"),
        ({"resolver": None}, "“resolver” must be a text"),
        ({"timeout": "soon"}, "timeout"),
        ({"timeout": True}, "timeout"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"sender": "x" * 2_000}, "at most"),
    ],
)
async def test_bad_arguments_are_answered_with_a_sentence(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)):
        await ask.spf(GOOD | change)


@pytest.mark.parametrize("handler", [ask.org_domain, ask.dmarc_record, ask.dkim_key, ask.dmarc_align])
async def test_missing_arguments(handler: object) -> None:
    assert callable(handler)
    with pytest.raises(ValueError, match="must be a text"):
        await handler({})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("127.0.0.1", ("127.0.0.1", 53)),
        ("[::1]:5353", ("::1", 5353)),
        ("::1", ("::1", 53)),
        ("[::1]", ("::1", 53)),
    ],
)
def test_resolvers(text: str, expected: tuple[str, int]) -> None:
    assert ask.resolver_of(text) == expected


@pytest.mark.parametrize(
    ("txt", "expected"),
    [
        (f"v=DKIM1; k=rsa; p={RSA_2048}", (True, False, "rsa", 2_048)),
        (f"k=ed25519; p={ED25519}", (True, False, "ed25519", 256)),
        (f"p={RSA_1024}", (True, False, "rsa", 1_024)),
        (f"p={RSA_512}", (False, False, "rsa", 512)),
        ("v=DKIM1; p=", (False, True, "rsa", None)),
        ("v=DKIM1; p=!", (False, False, "rsa", None)),
    ],
)
async def test_a_dkim_key(txt: str, expected: tuple[object, ...]) -> None:
    said = await ask.dkim_key({"txt": txt})
    assert tuple(said[name] for name in ("valid", "revoked", "type", "bits")) == expected
    assert bool(said["errors"]) is not said["valid"]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("r", True), ("s", False), ("R", True)],
)
async def test_alignment(mode: str, expected: bool) -> None:
    assert await ask.dmarc_align({"from": "news.good.example", "auth": "good.example", "mode": mode}) == {
        "aligned": expected
    }


async def test_a_mode_that_is_none() -> None:
    with pytest.raises(ValueError, match="r \\(relaxed\\) or s"):
        await ask.dmarc_align({"from": "a.example", "auth": "a.example", "mode": "x"})
