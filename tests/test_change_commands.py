"""connect, fix, changes and undo as a user types them: real processes, a real name server, exit status as written."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import dns.name
import dns.rdataset
import dns.tsig
import dns.versioned
import dns.zone
import pytest

from launchready_tui.practice.nameserver import Nameserver
from tests.fixes.test_cycle import KEY, ZONE

WWW = "dns.www.resolves"
TEXT = """
@ 300 IN SOA ns1 hostmaster 1 3600 600 86400 60
@ 300 IN NS ns1
@ 300 IN A 93.184.215.14
@ 300 IN TXT "v=spf1 -all"
ns1 300 IN A 127.0.0.1
"""


class Shop:
    def __init__(self, home: Path, server: Nameserver, port: int) -> None:
        self.home, self.server, self.port = home, server, port
        self.token: str | None = KEY

    async def run(self, *args: str, network: bool = True, stdin: str = "") -> tuple[int, str, str]:
        """(exit status, stdout, stderr) of one command; never a traceback, never the token."""
        reach = ("--private-network", "--no-registries", "--resolver", f"127.0.0.1:{self.port}")
        more = (*reach, "--dns-port", str(self.port)) if network else ()
        env = {
            **os.environ,
            "LAUNCHREADY_HOME": str(self.home),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        if self.token is not None:
            env["LAUNCHREADY_TOKEN_RFC2136"] = self.token
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "launchready_tui",
            *args,
            *more,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=env,
        )
        out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 60)
        told = out.decode() + err.decode()
        assert "Traceback" not in told
        assert KEY not in told
        assert process.returncode is not None
        return process.returncode, out.decode(), err.decode()

    async def connect(self) -> tuple[int, str, str]:
        server = ("--set", "server=127.0.0.1", "--set", f"port={self.port}", "--set", "key=test-key")
        return await self.run("connect", "rfc2136", "--project", ZONE, *server)

    def values(self, name: str, type: str) -> list[str]:
        found = self.server.zones[dns.name.from_text(ZONE)].get_rdataset(dns.name.from_text(name), type)
        return sorted(rdata.to_text() for rdata in found) if found else []


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    origin = dns.name.from_text(ZONE)
    zone = dns.zone.from_text(TEXT, origin, relativize=False, zone_factory=dns.versioned.Zone)
    key = dns.name.from_text("test-key")
    server = Nameserver({origin: zone}, {key: dns.tsig.Key(key, KEY, dns.tsig.HMAC_SHA256)})
    port = await server.start()
    yield Shop(tmp_path, server, port)
    await server.aclose()


async def test_from_nothing_connected_to_a_change_that_is_taken_back(shop: Shop) -> None:
    status, out, _ = await shop.connect()
    assert (status, out.splitlines()[0]) == (0, f"127.0.0.1 takes our changes to {ZONE}.")
    assert "LAUNCHREADY_TOKEN_RFC2136 of the environment" in out  # there is no keyring here: the next command needs it
    status, out, _ = await shop.run("connect", "--project", ZONE)
    assert (status, f"{ZONE}: may write." in out) == (0, True)

    status, out, err = await shop.run("fix", WWW, "--project", ZONE, "--json")
    plan = json.loads(out)
    assert (status, plan["standing"], plan["untouched"]) == (0, "ready to apply", 4)
    assert [(step["name"], step["before"]) for step in plan["steps"]] == [(f"www.{ZONE}", [])]
    assert shop.values(f"www.{ZONE}", plan["steps"][0]["type"]) == []

    status, out, err = await shop.run("fix", WWW, "--project", ZONE, "--apply", "--who", "Ada")
    assert (status, "Read back: it is there as shown" in err) == (0, True)
    assert shop.values(f"www.{ZONE}", plan["steps"][0]["type"]) == plan["steps"][0]["after"]

    status, out, _ = await shop.run("changes", "--project", ZONE, "--json", network=False)
    (change,) = json.loads(out)["changes"]
    assert (change["state"], change["who"], change["steps"][0]["state"]) == ("applied", "Ada", "written")

    status, out, err = await shop.run("undo", "--project", ZONE)
    assert (status, shop.values(f"www.{ZONE}", plan["steps"][0]["type"])) == (0, [])
    status, out, _ = await shop.run("changes", "--project", ZONE, network=False)
    assert "undone" in out


async def test_without_a_provider_the_record_is_shown_and_watched(shop: Shop) -> None:
    await shop.connect()  # makes the project
    await shop.run("connect", "--forget", "--project", ZONE)
    status, out, err = await shop.run("fix", WWW, "--project", ZONE)
    assert (status, "by hand" in out, "No DNS host is connected" in err) == (0, True, True)
    status, _, err = await shop.run("fix", WWW, "--project", ZONE, "--apply")
    assert status == 1
    plan = json.loads((await shop.run("fix", WWW, "--project", ZONE, "--json"))[1])
    step = plan["steps"][0]
    assert (plan["standing"], step["after"] != []) == ("can show", True)

    zone = shop.server.zones[dns.name.from_text(ZONE)]
    shown = asyncio.create_task(shop.run("fix", WWW, "--project", ZONE, "--apply", "--by-hand", "--who", "Ada"))
    asked = shop.server.answer

    def put_in(data: bytes, *, udp: bool) -> object:
        """Put the record in once somebody watches: the question about www after the change is written down."""
        if (shop.home / "projects" / ZONE / "journal.jsonl").read_text().count("change-by-hand"):
            with zone.writer() as txn:
                txn.replace(
                    dns.name.from_text(f"www.{ZONE}"),
                    dns.rdataset.from_text("IN", step["type"], 300, *step["after"]),
                )
        return asked(data, udp=udp)

    shop.server.answer = put_in  # type: ignore[method-assign, assignment]  # stands for a person at the panel
    status, _, err = await shown
    assert (status, "answer it, and so do the resolvers" in err) == (0, True)


async def test_a_token_that_may_not_write_is_said(shop: Shop) -> None:
    shop.token = "bm90IHRoZSByaWdodCBrZXkgYXQgYWxsLCBuby4uLi4="
    status, out, _ = await shop.connect()
    assert (status, "key" in out) == (1, True)


@pytest.mark.parametrize(
    "args",
    [
        ("connect", "nosuch", "--project", ZONE),
        ("connect", "rfc2136", "--project", ZONE, "--set", "server"),
        ("connect", "rfc2136", "--project", ZONE, "--set", "colour=red"),
        ("connect", "rfc2136", "--project", ZONE, "--set", "key=test-key"),
        ("connect", "rfc2136"),
        ("connect", "rfc2136", "--project", "not a domain"),
    ],
)
async def test_what_cannot_be_is_a_sentence_and_status_2(shop: Shop, args: tuple[str, ...]) -> None:
    status, out, err = await shop.run(*args)
    assert (status, out) == (2, "")
    assert err.strip()


async def test_what_has_no_record_to_change_says_what_to_do_or_what_was_seen(shop: Shop) -> None:
    await shop.connect()
    status, _, err = await shop.run("fix", "dns.ns.healthy", "--project", ZONE)  # this zone has but one
    assert (status, "This is for a person to do" in err, "name servers" in err) == (1, True, True)
    status, _, err = await shop.run("fix", "dns.apex.resolves", "--project", ZONE)
    assert (status, f"{ZONE} leads to 93.184.215.14" in err) == (1, True)
    reach = ("--private-network", "--no-registries", "--resolver", "127.0.0.1:9")
    status, _, err = await shop.run("fix", WWW, "--project", ZONE, *reach, network=False)
    assert (status, "Until we can tell, we know nothing to change." in err) == (1, True)


async def test_a_token_comes_through_a_pipe_and_none_is_said(shop: Shop) -> None:
    shop.token = None
    args = ("connect", "rfc2136", "--project", ZONE, "--set", "server=127.0.0.1", "--set", f"port={shop.port}")
    status, _, err = await shop.run(*args, "--set", "key=test-key")
    assert (status, "There is no token" in err) == (2, True)
    status, out, _ = await shop.run(*args, "--set", "key=test-key", stdin=f"{KEY}\n")
    assert (status, "takes our changes" in out) == (0, True)


async def test_a_dangerous_undo_wants_the_name(shop: Shop) -> None:
    await shop.connect()
    await shop.run("fix", WWW, "--project", ZONE, "--apply")
    zone = shop.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as txn:  # a zone of five: taking away two of them is much
        for name in ("ns1",):
            txn.delete(dns.name.from_text(f"{name}.{ZONE}"))
        txn.delete(dns.name.from_text(ZONE), "TXT")
    status, _, err = await shop.run("undo", "--project", ZONE)
    assert (status, f"--confirm {ZONE}" in err) == (2, True)
    status, _, err = await shop.run("undo", "--project", ZONE, "--confirm", ZONE)
    assert status == 0


async def test_the_dmarc_policy_one_step_back(shop: Shop) -> None:
    await shop.connect()
    policy, at = "email.dmarc.policy", f"_dmarc.{ZONE}."
    status, _, err = await shop.run("fix", policy, "--down")
    assert status == 1
    assert "no step back" in err
    status, _, err = await shop.run("fix", "email.dmarc.record", "--apply")
    assert (status, shop.values(at, "TXT")) == (0, [f'"v=DMARC1; p=none; rua=mailto:dmarc@{ZONE}"']), err
    zone = shop.server.zones[dns.name.from_text(ZONE)]
    with zone.writer() as change:
        strict = dns.rdataset.from_text("IN", "TXT", 300, f'"v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@{ZONE}"')
        change.replace(dns.name.from_text(at), strict)
    status, out, _ = await shop.run("fix", policy, "--down")
    assert status == 0
    assert f"+ TXT {at.rstrip('.')}   v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{ZONE}" in out
    status, _, err = await shop.run("fix", policy, "--down", "--apply")
    assert (status, shop.values(at, "TXT")) == (0, [f'"v=DMARC1; p=quarantine; np=reject; rua=mailto:dmarc@{ZONE}"']), (
        err
    )
    status, _, _ = await shop.run("undo", "2", "--apply")
    assert "p=reject" in shop.values(at, "TXT")[0]
