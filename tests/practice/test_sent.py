"""The practice site really sends: asked by its form, by SMTP on loopback, signed, judged and kept by an inbox."""

from __future__ import annotations

import asyncio
import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import dkim
import pytest

from launchready_tui.practice import DOMAIN
from launchready_tui.practice.faults import SOUND_SETTINGS
from launchready_tui.practice.inboxes import NAMES, SPAM
from launchready_tui.practice.letters import KEY_NAME, KINDS, SELECTOR, Kind
from launchready_tui.practice.startup import Practice
from tests.practice.test_startup import fetch, look_up, running


def read(path: Path) -> EmailMessage:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


def link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"https?://\S+", body.get_content())
    assert found is not None
    return found.group()


async def key_in_dns(practice: Practice) -> bytes:
    answer = await look_up(practice, KEY_NAME, "TXT")
    (record,) = answer.answer[0]
    return b"".join(record.strings)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_sound_startup_sends_what_any_receiver_can_prove(tmp_path: Path, kind: Kind) -> None:
    async with running(tmp_path / "practice", faults=()) as practice:
        for name in NAMES:
            await practice.mail.trigger(kind, name)
        gmail, outlook = (practice.mail.messages(name)[0] for name in NAMES)
        key = await key_in_dns(practice)
        for path in (gmail, outlook):
            assert SPAM not in path.parts
            mail = read(path)
            assert dkim.verify(path.read_bytes(), dnsfunc=lambda name, timeout=5: key)
            results = str(mail["Authentication-Results"])
            assert "spf=pass" in results
            assert f"dkim=pass header.d={DOMAIN} header.s={SELECTOR}" in results
            assert "dmarc=pass" in results
            assert f"from mail.{DOMAIN}" in str(mail["Received"])
            assert "[127.0.0.1]" in str(mail["Received"])
            assert "ESMTPS" in str(mail["Received"]), "the way there was encrypted"
        target = link(read(gmail))
        assert target.startswith(f"https://{DOMAIN}/{kind}/")
        assert link(read(outlook)) != target
        assert await practice.mail.use_link(outlook) == "once"
        assert await practice.mail.use_link(outlook) == "broken", "it was used up"
        path_of_link = target.removeprefix(f"https://{DOMAIN}")
        assert (await fetch(practice, DOMAIN, path_of_link)).startswith(b"HTTP/1.1 200")
        assert (await fetch(practice, DOMAIN, path_of_link)).startswith(b"HTTP/1.1 410"), "it works once"


async def test_a_broken_startup_sends_what_proves_nothing(tmp_path: Path) -> None:
    async with running(tmp_path / "practice") as practice:
        await practice.mail.trigger("reset", "gmail")
        (path,) = practice.mail.messages()
        assert SPAM in path.parts
        mail = read(path)
        assert "DKIM-Signature" not in mail
        assert "spf=permerror" in str(mail["Authentication-Results"]), "two records cancel each other"
        assert "dkim=none" in str(mail["Authentication-Results"])
        assert link(mail).startswith("http://localhost:3000/reset/")
        assert await practice.mail.use_link(path) == "broken"


async def test_a_cut_key_fails_and_each_setting_heals_its_part(tmp_path: Path) -> None:
    async with running(tmp_path / "practice", faults=["cut-key", "unsigned", "local-links"]) as practice:
        settings = Path(practice.project.connections[1]["path"])
        for add, seen in (("mail.signing", "dkim=fail"), ("mail.links", "dkim=fail")):
            now = json.loads(settings.read_text())
            settings.write_text(json.dumps(now | {add: SOUND_SETTINGS[add]}))
            await practice.mail.trigger("reset", "gmail")
            mail = read(practice.mail.messages()[0])
            assert seen in str(mail["Authentication-Results"]).replace("permerror", "fail")
            assert "dmarc=pass" in str(mail["Authentication-Results"]), "SPF proves it"
        assert link(mail).startswith(f"https://{DOMAIN}/")


async def test_nobody_else_is_written_to(tmp_path: Path) -> None:
    async with running(tmp_path / "practice", faults=()) as practice:
        for address in ("somebody@elsewhere.example", "", "ada@gmail.example\r\nRCPT TO:<x@y.example>"):
            practice.mail._mailer.ask("reset", address)
        await practice.mail._mailer.sent()
        assert practice.mail.messages() == ()
        assert practice.mail._mailer.failed == []


async def test_the_inbox_and_the_key_stay_and_fresh_makes_new_ones(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    async with running(folder, faults=()) as practice:
        await practice.mail.trigger("invite", "outlook")
        key = await key_in_dns(practice)
    async with running(folder) as again:
        assert await key_in_dns(again) == key
        await again.mail.trigger("invite", "outlook")
        first, second = again.mail.messages("outlook")
        assert (first.name[:3], second.name[:3]) == ("002", "001")
        assert "dkim=pass" in first.read_text()
    async with running(folder, fresh=True, faults=()) as fresh:
        assert fresh.mail.messages() == ()
        assert await key_in_dns(fresh) != key


async def test_it_ends_while_mail_is_under_way(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with running(tmp_path / "practice", faults=()) as practice:
        practice.mail._mailer.ask("reset", practice.mail.address("gmail"))
    await asyncio.sleep(0)
    assert not {task for task in asyncio.all_tasks() - before if not task.done()}
