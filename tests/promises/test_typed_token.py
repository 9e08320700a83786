"""Promise 4 where a token is typed: it reaches the vault and the host, and nothing that a person or a file keeps."""

from __future__ import annotations

import base64
import secrets
from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui.desk import Desk
from launchready_tui.practice import DOMAIN
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.confirm import ConfirmDialog
from screens.dialogs.connect import ConnectDialog
from screens.widgets.rows import Rows
from screens.widgets.token import TokenInput
from tests.promises.canaries import KEY, TOKEN, files_under, seen, words_of
from tests.screens.pilot import said, screen_text, until

_TRIES = 1_500
RIGHT = base64.b64encode(KEY).decode()
# A key that the name server does not know, a text that is no key at all, and the right one.
TYPED = (base64.b64encode(b"cnry-another-key-of-32-bytes-Qz1").decode(), TOKEN, RIGHT)


@pytest.mark.slow
async def test_a_typed_token_is_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "token_bytes", lambda count: KEY[:count])
    desk = Desk(Workspace(tmp_path))
    session = await desk.practice()
    shown: dict[str, bytes] = {}
    app = LaunchReady(desk, session=session)
    pilot: Pilot[None]

    def keep(name: str) -> None:
        dialog = repr(vars(app.screen)) + repr(app.screen) + repr(app.screen.tree)
        shown[name] = screen_text(pilot).encode() + words_of(app.export_screenshot()) + said(pilot).encode()
        shown[f"{name}, what is held"] = dialog.encode() + repr(app.query("*")).encode()

    async def typed(token: str) -> None:
        field = app.screen.query_one(TokenInput)
        field.post_message(events.Paste(token))
        await until(pilot, lambda: field.value == token)
        keep(f"typed {TYPED.index(token)}")

    def fault() -> None:
        raise ZeroDivisionError(app.screen.query_one(TokenInput).value)

    async def connecting() -> None:
        nonlocal pilot
        async with app.run_test(size=(140, 40), notifications=True) as pilot:
            place = next(one for one in session.project.connections if one["kind"] == "rfc2136")
            await until(pilot, lambda: not app.hub or not app.hub.looking, tries=_TRIES)
            await pilot.press("h")
            await until(pilot, lambda: isinstance(app.screen, ConnectDialog), tries=_TRIES)
            await until(pilot, lambda: app.screen.query_one(Rows).current == "rfc2136")
            await until(pilot, lambda: "Connected" in screen_text(pilot), tries=_TRIES)
            for name in ("server", "port", "key"):
                app.screen.query_one(f"#rfc2136-{name}", Input).value = place[name]
            for token in TYPED:
                await typed(token)
                app.screen.query_one(TokenInput).focus()
                await pilot.press("ctrl+shift+a", "ctrl+x", "super+c")
                await pilot.press("enter")
                keep(f"tried {TYPED.index(token)}")
                await until(
                    pilot,
                    lambda: app.screen.query_one("#try").display and not app.screen.query_one(TokenInput).value,
                    tries=_TRIES,
                )
                keep(f"answered {TYPED.index(token)}")
            assert "It may write." in screen_text(pilot)
            assert (await session.vault_values())[-1].reveal() == RIGHT
            exported = await session.export()
            assert exported.hits == ()
            app.screen.run_worker(app.screen.forget())  # type: ignore[attr-defined]  # what its button does
            await until(pilot, lambda: isinstance(app.screen, ConfirmDialog))
            keep("asked")
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ConnectDialog))
            await typed(TOKEN)
            app.call_later(fault)
            await until(pilot, lambda: app.crash)

    with pytest.raises(ZeroDivisionError):
        await connecting()
    await desk.aclose()
    shown["the crash report"] = str(app.crash).encode()
    shown["what was said"] = "".join(capsys.readouterr()).encode()
    shown["notes"] = "\n".join((*session.notes, session.vault_say, session.standing().say)).encode()
    shown["clipboard"] = (app.clipboard or "").encode()
    files = files_under(tmp_path)
    assert (tmp_path / "projects" / DOMAIN / "journal.jsonl").exists()
    assert "connected" in [entry.kind for entry in session.store.journal.entries]
    assert seen(shown, TYPED) == []
    assert seen(files, TYPED) == []
