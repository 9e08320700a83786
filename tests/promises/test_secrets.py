"""Promise 4: no secret value reaches a screen, a log, the journal, an export, a crash report, a screenshot, a child."""

from __future__ import annotations

import ast
import base64
import gzip
import html
import json
import secrets
import sys
import urllib.parse
import zlib
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from launchready_tui import changing, headless
from launchready_tui.actions import NextAction
from launchready_tui.desk import Desk
from launchready_tui.model import Stage
from launchready_tui.options import LookOptions
from launchready_tui.owners import Owner
from launchready_tui.practice import DOMAIN
from launchready_tui.practice.repository import fake_key
from launchready_tui.secret import Secret
from launchready_tui.session import Session
from launchready_tui.workspace import Workspace
from screens.app import LaunchReady
from screens.dialogs.plan import PlanDialog
from tests.promises.canaries import KEY, NAMED, TOKEN, files_under, forms, seen, words_of
from tests.screens.pilot import said, screen_text, until

ROOT = Path(__file__).parents[2]
# Who may take a value out of its Secret: what sends it, stores it, or searches an export for it.
REVEALS = {
    "launchready_tui/fixes/providers/cloudflare.py": ["make"],
    "launchready_tui/fixes/providers/more.py": ["opened", "make"],
    "launchready_tui/fixes/providers/powerdns.py": ["make"],
    "launchready_tui/fixes/providers/_rfc2136_server.py": ["_keyring"],
    "launchready_tui/handover/selfscan.py": ["_needles"],
    "launchready_tui/hosts/asking.py": ["_ask", "_hide"],  # the token goes out, and is struck out of what comes back
    "launchready_tui/hosts/digests.py": ["setting"],  # a value becomes its digest
    "launchready_tui/handover/signing.py": ["signing_key"],
    "launchready_tui/session/marking.py": ["prepare"],  # the key of the fingerprints, for the process that scans
    "launchready_tui/vault/file.py": ["passphrase_problem"],
    "launchready_tui/vault/owners.py": ["load_owners"],
    "launchready_tui/vault/sealed.py": ["_key"],
    "launchready_tui/vault/vault.py": ["put"],
    "screens/_stage.py": ["action_evidence"],  # the detail panel's own: it scrolls the evidence into sight
}
PLANTED = [fake_key("stripe"), fake_key("github")]
OWNER = "cnry-account-Jd83kq"
CANARIES: list[str | bytes] = [TOKEN, NAMED, KEY, base64.b64encode(KEY).decode(), *PLANTED]


class _Reveals(ast.NodeVisitor):
    """Every function that names `.reveal`, called or handed on."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.found: list[str] = []

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.inside.append(node.name)
        self.generic_visit(node)
        self.inside.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._function(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr in ("reveal", "_value") and not (node.attr == "_value" and _own(node)):
            self.found.append(self.inside[-1] if self.inside else "the module")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if node.value == "reveal":  # getattr(secret, "reveal")
            self.found.append(self.inside[-1] if self.inside else "the module")


def _own(node: ast.Attribute) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "self"


def reveals(source: str) -> list[str]:
    visitor = _Reveals()
    visitor.visit(ast.parse(source))
    return visitor.found


def test_who_reveals_is_who_may() -> None:
    found = {}
    for folder in ("launchready_tui", "screens"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name != "secret.py" and (who := reveals(path.read_text("utf-8"))):
                found[path.relative_to(ROOT).as_posix()] = who
    assert found == REVEALS


@pytest.mark.parametrize(
    "source", ["secret.reveal()", "map(Secret.reveal, secrets)", "getattr(secret, 'reveal')()", "print(token._value)"]
)
def test_the_test_finds_what_it_forbids(source: str) -> None:
    assert reveals(source)


def test_every_form_is_looked_for() -> None:
    around = {
        "plain": TOKEN.encode(),
        "base64": base64.b64encode(b"x" + TOKEN.encode() + b"y"),
        "hex": TOKEN.encode().hex().encode(),
        "json": json.dumps({"a": TOKEN}).encode(),
        "reversed": TOKEN[::-1].encode(),
        "base64url": base64.urlsafe_b64encode(b"xy" + TOKEN.encode() + b"y"),
        "base32": base64.b32encode(b"abc" + TOKEN.encode() + b"y"),
        "url": urllib.parse.quote(TOKEN, safe="").encode(),
        "utf-16": f"x{TOKEN}".encode("utf-16"),
        "html": html.escape(TOKEN).encode(),
        "gzip": b"before" + gzip.compress(f"x{TOKEN}".encode()) + b"after",
        "zlib": b"x" + zlib.compress(TOKEN.encode()),
        "broken": b"\n".join(TOKEN.encode()[at : at + 7] for at in range(0, 40, 7)),
    }
    assert seen(around, [TOKEN]) == list(around)
    assert seen(around, [NAMED]) == []


# ---- children ----

_children: list[bytes] | None = None


def _heard(event: str, arguments: tuple[object, ...]) -> None:
    if _children is not None and event == "subprocess.Popen":
        _children.append(repr(arguments).encode() + b"\n" + b"\n".join(_words(arguments)))


def _words(thing: object) -> Iterator[bytes]:
    if isinstance(thing, bytes):
        yield thing
    elif isinstance(thing, str):
        yield thing.encode("utf-8", "surrogateescape")
    elif isinstance(thing, dict):
        yield from _words(list(thing.items()))
    elif isinstance(thing, list | tuple):
        for each in thing:
            yield from _words(each)


@pytest.fixture
def children() -> Iterator[list[bytes]]:
    """Arguments and environment of every process that is started."""
    global _children
    if not hasattr(sys, "_children_heard"):
        sys.addaudithook(_heard)  # for good: it hears only while a test listens
        sys._children_heard = True  # type: ignore[attr-defined]  # a mark of ours
    _children = []
    yield _children
    _children = None


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_TOKEN_CLOUDFLARE", NAMED)
    monkeypatch.setattr(secrets, "token_bytes", lambda count: KEY[:count])


def owner(system: str) -> Owner:
    return Owner(system, "Namecheap", OWNER, owner="Ada", contact=f"{OWNER}@x.example", recovery="in the safe")


async def everything(session: Session) -> None:
    """What a founder does, with a secret in everything that they type."""
    async with aclosing(session.look()) as events:
        async for _ in events:
            pass
    for given in (TOKEN, NAMED, PLANTED[0]):
        session.answer("access.registrar", "yes", "Ada", note=f"the token is {given}")
        session.answer("access.dns", "yes", f"Ada {given}", fields={"url": f"https://x.example/?token={given}"})
        session.accept("edge.https.hsts", "Ada", f"later, {given}", session.clock.now().date())
        session.keep_action(NextAction("rotate", f"Rotate {given}", "Ada", session.clock.now().date()))
        session.ask_someone("edge.https.forced", f"Grace {given}")
    await session.save_owner(owner("dns"))
    for check in ("email.spf.single", "audit.env.tracked", "edge.https.forced"):
        async with aclosing(session.apply(await session.plan(check), f"Ada {TOKEN}")) as lines:
            async for line in lines:
                assert line.ok, line


@pytest.mark.slow
@pytest.mark.usefixtures("planted")
async def test_nowhere_in_a_whole_launch(
    tmp_path: Path, children: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(Workspace(tmp_path))
    session = await desk.practice()
    session._secrets["cloudflare"] = Secret(TOKEN)
    assert seen({"the key": (await session.vault_values())[0].reveal().encode()}, CANARIES)  # the canaries are in use
    shown: dict[str, bytes] = {}
    app = LaunchReady(desk, session=session)

    pilot: Pilot[None]

    def keep(name: str) -> None:
        shown[name] = screen_text(pilot).encode() + words_of(app.export_screenshot()) + said(pilot).encode()
        shown[f"{name}, what is held"] = repr(vars(app.screen)).encode()

    def fault() -> None:
        raise ZeroDivisionError(TOKEN)

    async def session_on_screen() -> None:
        nonlocal pilot
        async with app.run_test(size=(140, 40), notifications=True) as pilot:
            await everything(session)
            exported = await session.export()
            assert exported.hits == ()
            for stage in Stage:
                await pilot.press(f"{stage.number}")
                for _ in session.stage_checks(stage):
                    keep(f"stage {stage} {len(shown)}")
                    await pilot.press("down", "v")
            for key in ("question_mark", "l", "m", "d", "x", "a", "e", "k", "i"):
                await pilot.press(key)
                await pilot.pause()
                keep(f"dialog {key}")
                await pilot.press("escape", "1")
            app.push_screen(PlanDialog(await session.plan("dns.www.resolves"), who="Ada"))
            await until(pilot, lambda: app.screen.query_one("#who", Input))
            app.screen.query_one("#who", Input).value = "Ada"
            keep("a plan")
            app.call_later(fault)
            await until(pilot, lambda: app.crash)

    with pytest.raises(ZeroDivisionError):
        await session_on_screen()
    await desk.aclose()
    shown["the crash report"] = str(app.crash).encode()
    shown["what was said"] = "".join(capsys.readouterr()).encode()
    shown |= {f"child {number}": said for number, said in enumerate(children)}
    shown["notes"] = "\n".join((*session.notes, session.vault_say)).encode()
    shown["clipboard"] = (app.clipboard or "").encode()
    files = files_under(tmp_path, without=[tmp_path / "practice" / "repo"])
    assert {Path(name).name for name in files} >= {"journal.jsonl", "findings.json", "handover.toml", "risks.md"}
    assert len(children) > 5
    assert seen(shown, CANARIES) == []
    assert seen(files, CANARIES) == []
    # An owner of a session-only vault is shown and handed over, and kept nowhere else.
    exports = tmp_path / "projects" / DOMAIN / "exports"
    assert seen(files_under(exports), [OWNER])
    assert seen({n: d for n, d in files.items() if not n.startswith(str(exports))}, [OWNER]) == []


@pytest.mark.slow
@pytest.mark.usefixtures("planted")
def test_nowhere_in_what_commands_say(
    tmp_path: Path, children: list[bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    home = str(tmp_path)
    for do_apply in (False, True):
        wish = changing.Wish(do_apply=do_apply, who=f"Ada {NAMED}", as_json=True)
        fixed = changing.run_fix("email.spf.single", DOMAIN, home, LookOptions(), wish)
        assert fixed == 0
    assert changing.run_changes(DOMAIN, home, as_json=True) == 0
    assert changing.run_changes(DOMAIN, home, as_json=False) == 0
    assert changing.run_undo(None, DOMAIN, home, LookOptions(), changing.Wish(who="Ada")) == 0
    assert headless.run_export(DOMAIN, home, None) == 0
    options = LookOptions(workspace=home, resolvers=("127.0.0.1:9",), private_network=True, registries=False)
    for as_json in (True, False):
        assert headless.run_check(DOMAIN, options, as_json=as_json, stream=False) in (1, 3)
    out, err = capsys.readouterr()
    assert '"findings"' in out
    assert '"changes"' in out
    where = {"stdout": out.encode(), "stderr": err.encode(), **{f"child {n}": said for n, said in enumerate(children)}}
    assert seen(where, CANARIES) == []
    assert seen(files_under(tmp_path, without=[tmp_path / "practice" / "repo"]), CANARIES) == []


def test_forms_differ() -> None:
    assert len(forms(TOKEN)) > 12
