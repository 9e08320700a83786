"""The other dialogs, by keys: lists, addresses, owners, actions, export, consent, copy."""

from __future__ import annotations

import datetime as dt

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Checkbox, Input, Static

from launchready_tui.model import Stage
from launchready_tui.nodes import Seen
from launchready_tui.ownerform import TEXTS, TICKS
from launchready_tui.owners import Owner
from screens._stage import StageScreen
from screens.dialogs.action import ActionDialog
from screens.dialogs.addresses import AddressesDialog
from screens.dialogs.answer import AnswerDialog
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.consent import ConsentDialog
from screens.dialogs.copy import CopyScreen
from screens.dialogs.exported import ExportedDialog
from screens.dialogs.owner import OwnerDialog
from screens.dialogs.risks import RisksDialog
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME
from tests.screens.pilot import app_of, detail_of, hints_of, opened, rows_of, screen_text, stage_of, until

FIXABLE = "audit.topic.check01"
ASKS = "dns.topic.check10"


async def shows(pilot: Pilot[None], screen: type) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, screen))
    await pilot.pause()


def problem(pilot: Pilot[None]) -> str:
    return str(pilot.app.screen.query_one("#problem", Static).content)


# ---- lists ----
async def test_the_risk_list_opens_the_finding() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("l")
        await shows(pilot, RisksDialog)
        await pilot.press("down", "enter")
        await shows(pilot, StageScreen)
        assert stage_of(pilot).STAGE is not Stage.AUDIT
        assert "Mail from" in detail_of(pilot) or "has no address" in detail_of(pilot)


async def test_the_risk_list_says_the_cost_beside_the_list_in_a_wide_window() -> None:
    async with opened(FakeSession(), size=(140, 40)) as pilot:
        await pilot.press("l")
        await shows(pilot, RisksDialog)
        words = screen_text(pilot)
        assert "They see an error page and leave" in words
        assert "Whoever can sign in at Namecheap, about 6 min." in words
        assert "6 min" in next(line for line in words.split("\n") if "▌✗ HIGH" in line and "has no address" in line)


async def test_help_finds_keys_and_words_and_starts_with_those_on_the_screen() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        await until(pilot, lambda: "Words on your screen" in screen_text(pilot))
        await pilot.press(*"dmarc")
        await until(pilot, lambda: "what to do with mail" in screen_text(pilot))
        await pilot.press(*"zzz")
        await until(pilot, lambda: "No key and no word like that" in screen_text(pilot))


async def test_signals_put_their_question_or_open_their_check() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("7", "i")
        await until(pilot, lambda: "Signs that it went wrong" in screen_text(pilot))
        buttons = [button for button in pilot.app.screen.query(Button) if "Answer" in str(button.label)]
        assert buttons
        buttons[0].press()
        await shows(pilot, AnswerDialog)


async def test_the_map_fits() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("m")
        await until(pilot, lambda: "Namecheap ──▶ Cloudflare DNS" in screen_text(pilot))


# ---- addresses, owners, actions ----
async def test_addresses_are_proposed_confirmed_or_declared_absent() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("d")
        await shows(pilot, AddressesDialog)
        await until(pilot, lambda: "proposed: your home page links to it" in screen_text(pilot))
        pilot.app.screen.query_one("#none-api", Checkbox).value = True
        pilot.app.screen.query_one("#none-repo", Checkbox).value = True
        pilot.app.screen.query_one("#who", Input).value = "Ada"
        pilot.app.screen.query_one("#url-signup", Input).value = "signup page"
        await pilot.press("ctrl+s")
        assert "is not an address" in problem(pilot)
        pilot.app.screen.query_one("#url-signup", Input).value = f"https://{NAME}/join"
        await pilot.press("ctrl+s")
        await shows(pilot, StageScreen)
        assert session.urls == {
            "login": f"https://app.{NAME}/login",
            "signup": f"https://{NAME}/join",
            "api": "",
        }
        assert session.project.subs == ("app",)
        assert (session.coded, session.told_by) == (False, "Ada")
        await until(pilot, lambda: [len(look) for look in session.looks] == [50])


async def test_an_owner_is_named() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("7")
        assert rows_of(pilot).current == "system:registrar"
        assert "things keep this handover from being complete" in screen_text(pilot)
        await pilot.press("enter")
        await shows(pilot, OwnerDialog)
        assert "in your system's keyring" in screen_text(pilot)
        pilot.app.screen.query_one("#backup", Input).value = "Grace"
        pilot.app.screen.query_one("#proved", Input).value = "someday"
        await pilot.press("ctrl+s")
        assert "year-month-day" in problem(pilot)
        pilot.app.screen.query_one("#proved", Input).value = "today"
        pilot.app.screen.query_one("#login_mail", Input).value = "ada"
        await pilot.press("ctrl+s")
        assert "login mail is an address" in problem(pilot)
        pilot.app.screen.query_one("#login_mail", Input).value = "ada@post.example"
        pilot.app.screen.query_one("#renewal", Input).value = "2027-03-03 by hand"
        pilot.app.screen.query_one("#second_factor", Checkbox).value = True
        await pilot.press("ctrl+s")
        await until(pilot, lambda: session.owners.get("registrar").backup == "Grace")
        cells = next(row.cells for row in rows_of(pilot).rows if row.id == "system:registrar")
        assert cells == ("Registrar", "Ada", "Grace", "today", "on")
        saved = session.owners.get("registrar")
        assert (saved.proved, saved.proved_by) == (dt.datetime.now(dt.UTC).astimezone().date(), "Ada")
        assert (saved.login_mail, saved.renews, saved.auto_renew) == ("ada@post.example", dt.date(2027, 3, 3), False)
        assert "3 Mar 2027" in detail_of(pilot) or "2027-03-03 by hand" in detail_of(pilot)


async def test_what_was_seen_is_proposed_and_not_kept_until_it_is_saved() -> None:
    session = FakeSession()
    session._parts = {"dns": Seen("Cloudflare", "NS creatorhub.example"), "cdn": Seen(absent=True, by="https://x/")}
    session.answer("access.dns", "yes", "Grace", ticks=frozenset({"second-factor"}))
    async with opened(session) as pilot:
        await pilot.press("7", "down")
        assert next(row.cells for row in rows_of(pilot).rows if row.id == "system:dns")[3:] == ("today", "on")
        await until(
            pilot, lambda: "Service: Cloudflare (seen: NS creatorhub.example)" in " ".join(detail_of(pilot).split())
        )
        await pilot.press("enter")
        await shows(pilot, OwnerDialog)
        words = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "Proposed, as we saw it: Service (NS creatorhub.example)" in words
        await pilot.press("escape")
        await shows(pilot, StageScreen)
        assert session.owners.get("dns") == Owner("dns")
        await pilot.press("enter")
        await shows(pilot, OwnerDialog)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: session.owners.get("dns").provider == "Cloudflare")
        assert session.owners.get("dns").proved_by == "Grace"
        await shows(pilot, StageScreen)
        await pilot.press("down", "enter")
        await shows(pilot, OwnerDialog)
        assert "We saw none (https://x/)" in " ".join(screen_text(pilot).replace("│", " ").split())


@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
async def test_every_field_of_the_owner_is_reached_by_tab_and_the_buttons_stay_in_sight(size: tuple[int, int]) -> None:
    async with opened(FakeSession(), size=size) as pilot:
        await pilot.press("7", "enter")
        await shows(pilot, OwnerDialog)
        reached = []
        while (focused := pilot.app.focused) is not None and focused.id not in reached:
            reached.append(focused.id)
            assert "Save" in screen_text(pilot)
            assert focused.region.height == 1, "in sight: what is higher than the window scrolls along"
            await pilot.press("tab")
        assert set(reached) == {name for name, *_ in (*TEXTS, *TICKS)} - {"absent"} | {"save", "cancel"}


async def test_a_next_action_is_agreed_with_a_day() -> None:
    session = FakeSession()
    async with opened(session) as pilot:
        await pilot.press("7")
        await pilot.pause()
        rows_of(pilot).go("action:restore-test")
        await pilot.pause()
        assert hints_of(pilot)["enter"] == "Agree"
        await pilot.press("enter")
        await shows(pilot, ActionDialog)
        await pilot.press(*"Ada", "ctrl+s")
        assert "Give it a day" in problem(pilot)
        pilot.app.screen.query_one("#due", Input).value = "2027-01-15"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: session.next_actions())
        assert session.next_actions()[0].due == dt.date(2027, 1, 15)


@pytest.mark.parametrize("hits", [(), ("systems[0].account",)])
async def test_export_says_what_it_wrote_or_why_it_refused(hits: tuple[str, ...]) -> None:
    session = FakeSession()
    session.hits = hits
    async with opened(session) as pilot:
        await pilot.press("7", "x")
        await shows(pilot, ExportedDialog)
        words = screen_text(pilot)
        if hits:
            assert "Nothing was written" in words
            assert "systems[0].account" in words
        else:
            assert "Self-scan: no secret found" in words
            assert "handover.toml" in words


# ---- yes and no ----
@pytest.mark.parametrize(("key", "yes"), [("y", True), ("n", False), ("escape", None), ("enter", False)])
async def test_consent_says_what_is_sent_and_no_is_the_default(key: str, yes: bool | None) -> None:
    got: list[bool | None] = []
    async with opened(FakeSession()) as pilot:
        pilot.app.push_screen(ConsentDialog("measure", "Fast pages", "needs your yes"), got.append)
        await shows(pilot, ConsentDialog)
        assert "home page 62 times" in screen_text(pilot)
        await pilot.press(key)
        await until(pilot, lambda: got)
        assert got == [yes]


async def test_leaving_asks_first_only_while_something_is_written() -> None:
    async with opened(FakeSession()) as pilot:
        hub = app_of(pilot).hub
        assert hub is not None
        hub.writing.add(FIXABLE)
        await pilot.press("ctrl+q")
        await shows(pilot, ConfirmDialog)
        await pilot.press("enter")  # Stay has the focus
        await shows(pilot, StageScreen)
        hub.writing.clear()
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_the_value_stands_alone() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("c")
        await shows(pilot, CopyScreen)
        assert pilot.app.clipboard == "cname.vercel-dns.example."
        assert "cname.vercel-dns.example." in [line.rstrip() for line in screen_text(pilot).split("\n")]
        assert "Copied" not in screen_text(pilot)  # this terminal is not known to take it


async def test_copied_is_said_where_the_terminal_is_known_to_take_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-kitty")
    monkeypatch.delenv("TMUX", raising=False)
    monkeypatch.delenv("STY", raising=False)
    async with opened(FakeSession()) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: "Copied the value." in screen_text(pilot))


async def test_open_shows_the_address_where_no_browser_can_be_started() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.press("o")
        await until(pilot, lambda: "Open this address in your browser." in screen_text(pilot))
        assert "https://ap.www.namecheap.example/domains/list" in screen_text(pilot)


async def test_owners_leads_to_the_first_system_without_a_name() -> None:
    async with opened(FakeSession()) as pilot:
        await pilot.app.run_action("owners")
        await until(pilot, lambda: rows_of(pilot).current == "system:registrar")
        await pilot.press("down", "down")
        await pilot.app.run_action("owners")
        assert rows_of(pilot).current == "system:registrar"
