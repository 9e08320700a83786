"""`launchready mail` as a founder runs it: one sentence, one exit status, whatever it is given."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import dns.name
import dns.zone
import pytest
import pytest_asyncio

from launchready_tui import limits
from launchready_tui.practice.nameserver import Nameserver
from launchready_tui.workspace import Workspace
from tests.command import Ran, launchready
from tests.mail.letters import IP, NOW, OURS, carried, rsa_key, signed, written

KEY = rsa_key().record
ZONE = f"""@ 60 IN SOA ns host 1 3600 600 604800 60
@ 60 IN NS ns
ns 60 IN A 127.0.0.1
@ 60 IN TXT "v=spf1 -all"
_dmarc 60 IN TXT "v=DMARC1; p=none"
s1._domainkey 60 IN TXT "{KEY[:200]}" "{KEY[200:]}"
"""
GOOD = carried(signed(written()))
BARE = carried(written())
AT = ("--at", NOW.isoformat())


@pytest_asyncio.fixture
async def place(tmp_path: Path) -> AsyncIterator[Mapping[str, object]]:
    name = dns.name.from_text(OURS)
    server = Nameserver({name: dns.zone.from_text(ZONE, origin=name, relativize=False, check_origin=False)}, {})
    port = await server.start()
    try:
        yield {"home": tmp_path / "home", "words": ("--resolver", f"127.0.0.1:{port}", "--private-network", *AT)}
    finally:
        await server.aclose()


async def mail(place: Mapping[str, object], *words: str, stdin: bytes | None = None) -> Ran:
    home, more = place["home"], place["words"]
    assert isinstance(home, Path)
    assert isinstance(more, tuple)
    return await launchready("mail", *words, *more, home=home, stdin=stdin)


def saved(folder: Path, data: bytes, name: str = "mail.eml") -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


@pytest.mark.parametrize(
    ("data", "status", "sentence"),
    [
        (GOOD, 0, "This message proves that it is yours."),
        (BARE, 1, "This message does not prove that it is yours: it carries no signature (DKIM); the SPF record"),
        (written(), 3, "We could not tell whether this message is yours: it never went through a mail server"),
    ],
)
async def test_the_sentence_comes_first(
    place: Mapping[str, object], tmp_path: Path, data: bytes, status: int, sentence: str
) -> None:
    ran = await mail(place, saved(tmp_path, data))
    assert ran.status == status, ran.err
    assert ran.out.splitlines()[0].startswith(sentence)
    assert ran.err == ""


async def test_as_json_and_from_a_pipe(place: Mapping[str, object]) -> None:
    ran = await mail(place, "-", "--json", stdin=GOOD)
    told = ran.document
    assert (ran.status, told["schema_version"], told["verdict"], told["aligned"]) == (0, 1, "yours", True)
    assert told["kind"] == "reset"
    assert told["dkim"][0]["result"] == "pass"
    assert told["spf"]["ip"] == IP
    assert told["links"] == [{"url": "https://good.example/reset?…", "host": OURS, "fault": ""}]


async def test_what_it_rests_on_is_printed(place: Mapping[str, object], tmp_path: Path) -> None:
    ran = await mail(place, saved(tmp_path, GOOD))
    for part in (
        "Signature     pass: good.example, key s1",
        "SPF           fail",
        "Delay         4 s",
        "Link          https",
    ):
        assert part in ran.out


async def test_another_domain_is_asked_about(place: Mapping[str, object], tmp_path: Path) -> None:
    ran = await mail(place, saved(tmp_path, GOOD), "--project", "other.example")
    assert ran.status == 1
    assert "from good.example, and not from other.example" in ran.out


async def test_on_a_shared_screen(place: Mapping[str, object], tmp_path: Path) -> None:
    ran = await mail(place, saved(tmp_path, GOOD), "--presenter")
    for hidden in ("Reset your password", "hello@", IP):
        assert hidden not in ran.out


async def test_nothing_in_it_acts_on_the_terminal(place: Mapping[str, object], tmp_path: Path) -> None:
    hostile = carried(signed(written("https://good.example/\x1b[2J\r\n", subject="\x1b]0;owned\x07\u202e")))
    for words in ((), ("--json",)):
        ran = await mail(place, saved(tmp_path, hostile), *words)
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Which message?"),
        (("FILE", "--list"), "Which message?"),
        (("/no/such/file.eml",), "There is no file"),
        (("/",), "folder"),
        (("FILE", "--keep"), "name it with --project"),
        (("FILE", "--at", "yesterday"), "not a time"),
        (("FILE", "--project", "not a domain"), ""),
        (("--list", "--project", OURS), "There is no project"),
    ],
)
async def test_wrong_usage(place: Mapping[str, object], tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    file = saved(tmp_path, GOOD)
    home = place["home"]
    assert isinstance(home, Path)
    ran = await launchready("mail", *(file if word == "FILE" else word for word in words), home=home)
    assert ran.status == 2
    assert ran.out == ""
    assert says in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7"])
async def test_what_is_no_message_is_said(place: Mapping[str, object], tmp_path: Path, data: bytes) -> None:
    for ran in (await mail(place, saved(tmp_path, data)), await mail(place, "-", stdin=data)):
        assert ran.status == 2
        assert ran.out == ""
        assert ran.err.strip().startswith("That ")


async def test_more_than_we_read(place: Mapping[str, object], tmp_path: Path) -> None:
    ran = await mail(place, saved(tmp_path, GOOD + b"x" * limits.MESSAGE_BYTES))
    assert ran.status == 2
    assert "40 MB" in ran.err
    assert ran.kilobytes < 200_000


async def test_messages_on_file(place: Mapping[str, object], tmp_path: Path) -> None:
    home = place["home"]
    assert isinstance(home, Path)
    Workspace(home / "launchready").open(OURS, create=True).close()
    kept = await mail(place, saved(tmp_path, GOOD), "--project", OURS, "--keep", "--json")
    assert kept.status == 0, kept.err
    name = kept.document["name"]
    assert name.startswith("reset-")
    listed = await mail(place, "--list", "--project", OURS)
    assert name in listed.out
    assert "Reset your password" in listed.out
    assert "Reset" not in (await mail(place, "--list", "--presenter")).out
    assert json.loads((await mail(place, "--list", "--json")).out)["messages"][0]["name"] == name
    look = await launchready(
        "check",
        OURS,
        "--only",
        "email.eml.aligned",
        "--json",
        "--no-registries",
        *place["words"],
        home=home,  # type: ignore[misc]
    )
    assert look.findings["email.eml.aligned"]["status"] == "pass"
    gone = await mail(place, "--remove", name)
    assert gone.status == 0
    assert (await mail(place, "--remove", name)).status == 2
    assert (await mail(place, "--list")).out == ""


async def test_several_messages_for_one_look(place: Mapping[str, object], tmp_path: Path) -> None:
    home = place["home"]
    assert isinstance(home, Path)
    reset, invite = (
        saved(tmp_path, GOOD, "a.eml"),
        saved(tmp_path, BARE.replace(b"Reset your password", b"You are invited"), "b.eml"),
    )
    words = ["check", OURS, "--only", "email.eml.dkim", "--json", "--no-registries", *place["words"]]  # type: ignore[misc]
    both = await launchready(*words, "--eml", reset, "--eml", invite, home=home)
    assert both.findings["email.eml.dkim"]["status"] == "fail"
    assert (await launchready(*words, "--eml", reset, home=home)).findings["email.eml.dkim"]["status"] == "pass"
    none = await launchready(*words, home=home)
    assert none.findings["email.eml.dkim"]["status"] == "unknown"
    assert "Show original" in none.findings["email.eml.dkim"]["fix"]["say"]
    bad = await launchready(*words, "--eml", saved(tmp_path, b"nothing", "c.eml"), home=home)
    assert (bad.status, bad.out) == (2, "")
    assert "That is no message" in bad.err
