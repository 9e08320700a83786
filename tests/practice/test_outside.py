"""The practice startup as other programs see it: our own `check` in a second process, dig and curl."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from launchready_tui.model import Status
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.faults import FAULTS, Fault
from launchready_tui.practice.letters import KEY_NAME
from launchready_tui.practice.pages import script
from launchready_tui.practice.startup import Practice
from tests.practice.test_faults import ELSEWHERE, People, heal, look, running
from tests.real.servers import binary, require

HIDDEN = {"old-sender"}  # two SPF records are there at first, and hide who is in them
LISTED = {"dns.records.purpose"}  # sees every record only where the name server is connected, and nothing is here


async def output(*words: str, env: dict[str, str] | None = None) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        *words,
        env={**os.environ, **(env or {})},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(60):
        out, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode("utf-8", "replace") or said.decode("utf-8", "replace")


AGREED = {"deploy.build.clean"}  # runs only after a yes, which the printed command does not give


async def test_a_second_process_finds_the_same_faults(tmp_path: Path) -> None:
    async with running(tmp_path / "practice") as practice:
        words = shlex.split(practice.command())
        home = {"LAUNCHREADY_HOME": str(tmp_path / "other home")}
        status, out = await output(sys.executable, "-m", "launchready_tui", *words[1:], "--json", env=home)
        assert status == 1, out
        theirs = {each["id"]: each["status"] for each in json.loads(out)["findings"]}
        ours = {id: finding.status for id, finding in (await look(practice, People())).items()}
    asked = {id for id, state in ours.items() if state is Status.UNKNOWN}
    for id, state in ours.items():
        if id not in asked | ELSEWHERE | LISTED | AGREED and not id.startswith("handover."):
            assert theirs[id] == state, id
    for fault in FAULTS:
        if fault.check_id not in LISTED and fault.id not in HIDDEN:
            assert theirs[fault.check_id] not in ("pass", "info"), fault.id


DIG = {
    "www-gone": (f"www.{DOMAIN}", "CNAME"),
    "api-missing": (f"api.{DOMAIN}", "A"),
    "mx-alias": (DOMAIN, "MX"),
    "old-address": (DOMAIN, "A"),
    "old-name": (f"old.{DOMAIN}", "A"),
    "two-spf": (DOMAIN, "TXT"),
    "old-sender": (DOMAIN, "TXT"),
    "cut-key": (KEY_NAME, "TXT"),
    "no-dmarc": (f"_dmarc.{DOMAIN}", "TXT"),
}
CURL = {
    "env-exposed": f"https://{DOMAIN}/.env",
    "two-addresses": f"https://www.{DOMAIN}/",
    "path-dropped": f"http://{DOMAIN}/invite?from=ada",
    "certificate-old": f"https://{DOMAIN}/",
    "http-open": f"http://{DOMAIN}/",
    "no-hsts": f"https://{DOMAIN}/",
    "mixed-script": f"https://{DOMAIN}/",
    "no-headers": f"https://{DOMAIN}/",
    "no-shield": f"https://{DOMAIN}/",
    "login-broken": f"https://{DOMAIN}/login",
    "api-broken": f"https://app.{DOMAIN}/api/health",
    "not-cached": f"https://{DOMAIN}{script().path}",
    "not-compressed": f"https://{DOMAIN}{script().path}",
    "huge-picture": f"https://{DOMAIN}/",
    "local-links": f"https://{DOMAIN}/reset",
    "unsigned": f"https://{DOMAIN}/reset",
}
SENDS = ("local-links", "unsigned")  # what curl asks for comes by mail


async def seen(practice: Practice, fault: Fault) -> str:
    """What dig or curl shows of a fault, without what differs at every look."""
    network = practice.project.network
    if fault.id in DIG:
        server, port = network.resolvers[0]
        _, out = await output(binary("dig") or "dig", f"@{server}", "-p", str(port), "+short", *DIG[fault.id])
        return "\n".join(sorted(out.splitlines()))
    url = CURL[fault.id]
    ports = {scheme: network.connect_to[DOMAIN, number][1] for scheme, number in (("http", 80), ("https", 443))}
    scheme = url.partition(":")[0]
    way = f"::127.0.0.1:{ports[scheme]}"
    if fault.id in SENDS:
        return await sent(practice, url, way)
    words = ("--cacert", str(network.ca), "--connect-to", way, "-s", "-i", "--raw", "-H", "Accept-Encoding: gzip", url)
    _, out = await output(binary("curl") or "curl", *words, "--write-out", "%{certs}")
    return re.sub(r"(?m)^Date: .*$", "", out)


async def sent(practice: Practice, url: str, way: str) -> str:
    """What the mail shows that the site's form sends when curl fills it in."""
    form = ("--data-urlencode", f"email={practice.mail.address('gmail')}", url)
    await output(binary("curl") or "curl", "--cacert", str(practice.project.network.ca), "--connect-to", way, *form)
    async with asyncio.timeout(10):
        await practice.mail._mailer.sent()
    mail = practice.mail.messages("gmail")[0].read_text()
    link = re.search(r"https?://[^/]+/reset/", mail)
    assert link is not None
    return f"{link.group()} {'DKIM-Signature' in mail}"


@pytest.mark.real
@pytest.mark.parametrize("fault", [each for each in FAULTS if each.heals in ("records", "setting")], ids=lambda f: f.id)
async def test_each_fix_changes_what_dig_and_curl_see(tmp_path: Path, fault: Fault) -> None:
    require("dig", "curl")
    async with running(tmp_path / "practice", [fault.id]) as practice:
        before = await seen(practice, fault)
        assert before == await seen(practice, fault)
        people = People()
        people.say_all()  # what is to go is asked of a person first
        await people.send(practice)
        await heal(practice, fault.check_id, (await look(practice, people, [fault.check_id]))[fault.check_id])
        after = await seen(practice, fault)
    assert after != before
