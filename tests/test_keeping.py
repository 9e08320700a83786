"""`launchready vault`, `tokens` and `secrets`: what they say, what they write down, how they end."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from launchready_tui.cli import main
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from launchready_tui.vault import Vaults
from launchready_tui.vault.owners import owner_entry
from launchready_tui.workspace import Workspace
from tests.promises.canaries import files_under, seen

NAME, OTHER = "good.example", "other.example"
NOWHERE = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)
PHRASE = "correct horse battery"
TODAY = dt.datetime.now(dt.UTC).astimezone().date().isoformat()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAUNCHREADY_HOME", str(tmp_path))
    (tmp_path / "code").mkdir()
    with Workspace(tmp_path).open(NAME, create=True) as store:
        store.save_project(Project(NAME, network=NOWHERE))
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_where_there_is_no_keyring_it_says_what_can_be_done(folder: Path) -> None:
    done = run("vault")
    assert done.exit_code == 1
    assert "no keyring that we can use" in done.output
    assert "launchready vault file" in done.output


def test_a_file_is_chosen_remembered_and_renewed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    done = run("vault", "file")
    assert done.exit_code == 0, done.output
    assert "in the encrypted file" in done.stdout
    assert run("vault").exit_code == 0
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", "not the right one")
    done = run("vault")
    assert done.exit_code == 1
    assert "did not open" in done.output
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    done = run("vault", "--new-passphrase")  # there is no terminal to type it at
    assert done.exit_code == 2
    assert "no terminal" in done.output


def test_an_easy_passphrase_makes_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", "hunter2")
    done = run("vault", "file")
    assert done.exit_code == 1
    assert "longer" in done.output
    assert not (folder / "vault.sealed").exists()
    assert Vaults(folder).chosen is None


def test_a_word_that_is_no_vault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT", "cupboard")
    done = run("secrets")
    assert done.exit_code == 2
    assert "keyring, file, session" in done.output


def test_a_workspace_without_a_project_may_choose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    done = run("vault", "file", "--workspace", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert Vaults(tmp_path).chosen == "file"


def test_what_other_projects_keep_goes_along(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    vaults = Vaults(folder, "file")
    entry = owner_entry(OTHER, "dns")
    asyncio.run(vaults.open().put(entry, Secret('{"system":"dns","owner":"Eve"}')))
    done = run("vault", "session")
    assert done.exit_code == 0, done.output
    assert "1 stays where it was stored before" in done.stdout
    assert asyncio.run(Vaults(folder, "file").open().get(entry)) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="a pty is Unix's")
def test_a_passphrase_is_typed_unseen(tmp_path: Path) -> None:
    from tests.terminal import wizard

    first, second = "cnry horse Battery 7staple", "cnry another Battery 8staple"

    def said(*words: str, typed: list[tuple[str, str]]) -> tuple[int | None, str]:
        with wizard(tmp_path, *words) as terminal:
            for asked, answer in typed:
                terminal.until(lambda: asked.encode() in terminal.output, asked)  # noqa: B023
                terminal.output = b""
                terminal.send(f"{answer}\n".encode())
            terminal.until(terminal.ended, "the end")
            terminal.read()
            return terminal.status, terminal.output.decode()

    status, out = said(
        "vault",
        "file",
        typed=[("A new passphrase", "short"), ("A new passphrase", first), ("The same again", first)],
    )
    assert status == 0, out
    status, out = said("vault", typed=[("Passphrase of the encrypted file", first)])
    assert (status, "your passphrase opens it" in out) == (0, True), out
    assert first not in out
    status, out = said("vault", typed=[("Passphrase of the encrypted file", second)])
    assert (status, "did not open" in out) == (1, True), out
    status, out = said(
        "vault",
        "--new-passphrase",
        typed=[("Passphrase of the encrypted file", first), ("A new passphrase", second), ("The same again", second)],
    )
    assert status == 0, out
    status, out = said("vault", typed=[("Passphrase of the encrypted file", second)])
    assert status == 0, out
    assert seen(files_under(tmp_path), [first, second]) == []


# ---- tokens ----


def test_no_token_is_kept(folder: Path) -> None:
    done = run("tokens")
    assert (done.exit_code, done.stdout) == (0, "No token is kept here.\n")
    assert json.loads(run("tokens", "--json").stdout) == {"schema_version": 1, "tokens": []}


def test_tokens_are_listed_by_name_and_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    monkeypatch.setenv("LAUNCHREADY_TOKEN_GANDI", "cnry-1")
    monkeypatch.setenv("LAUNCHREADY_SESSION_MEMBER", "cnry-2")
    vaults = Vaults(folder, "file")
    vault, name = vaults.open(), f"token/cloudflare/{NAME}"
    asyncio.run(vault.put(name, Secret("cnry-3")))
    asyncio.run(vault.reached(name, "It may write at Cloudflare."))
    vaults.index.choose("file")
    with Workspace(folder).open(NAME) as store:
        connection = {"kind": "cloudflare", "zone": NAME, "secret": name}
        store.save_project(Project(NAME, network=NOWHERE, connections=(connection,)))
    done = run("tokens")
    assert done.exit_code == 0
    assert "cnry" not in done.output
    assert f"{name}: cloudflare for {NAME}, in the encrypted file, stored" in " ".join(done.stdout.split())
    assert "It may write at Cloudflare." in done.stdout
    listed = {each["name"]: each for each in json.loads(run("tokens", "--json").stdout)["tokens"]}
    assert listed[name]["connected"]
    assert listed["LAUNCHREADY_TOKEN_GANDI"]["where"] == "the environment"
    assert listed["LAUNCHREADY_SESSION_MEMBER"]["provider"] == "test session member"
    assert run("tokens", "--remove", "nosuch").exit_code == 2
    done = run("tokens", "--remove", "LAUNCHREADY_TOKEN_GANDI")
    assert (done.exit_code, "take it out there" in done.output) == (2, True)
    done = run("tokens", "--remove", name)
    assert done.exit_code == 0, done.output
    assert "stays valid until you delete it there" in " ".join(done.output.split())
    assert asyncio.run(Vaults(folder, "file").open().get(name)) is None
    with Workspace(folder).open(NAME) as store:
        assert store.project.connections == ()
    assert name not in run("tokens").stdout


def test_a_token_that_no_connection_uses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAUNCHREADY_VAULT_PASSPHRASE", PHRASE)
    vaults = Vaults(folder, "file")
    vaults.index.choose("file")
    asyncio.run(vaults.open().put("token/gandi/old.example", Secret("cnry-4")))
    assert "no connection uses it" in " ".join(run("tokens").stdout.split())
    assert run("tokens", "--remove", "token/gandi/old.example").exit_code == 0
    assert Vaults(folder).index.read().entries == {}


def test_trying_a_token_where_nothing_is_connected(folder: Path) -> None:
    done = run("tokens", "--test")
    assert (done.exit_code, "no token to try" in done.output) == (0, True)


# ---- secrets ----


def test_secrets_are_written_down_renewed_and_removed(folder: Path) -> None:
    assert "No secret is written down." in run("secrets").stdout
    words = ["--location", "1Password", "--owner", "Ada", "--created", "2026-01-02", "--rotate-by", "2026-04-02"]
    done = run("secrets", "add", "STRIPE_KEY", *words, "--had", "Ada", "--had", "Sam")
    assert done.exit_code == 0, done.output
    listed = json.loads(run("secrets", "--json").stdout)
    (secret,) = listed["secrets"]
    assert (secret["system"], secret["had"], secret["lacking"]) == ("Payments", ["Ada", "Sam"], [])
    done = run("secrets", "left", "sam", "--on", "2026-03-01")
    assert "STRIPE_KEY" in done.output
    assert "Make it new" in done.stdout
    (secret,) = json.loads(run("secrets", "--json").stdout)["secrets"]
    assert (secret["renew_now"], secret["exposed"], secret["how"]) == (True, "2026-03-01", "sam left")
    assert run("secrets", "rotated", "STRIPE_KEY").exit_code == 0
    (secret,) = json.loads(run("secrets", "list").stdout and run("secrets", "--json").stdout)["secrets"]
    assert (secret["renew_now"], secret["rotated_on"]) == (False, TODAY)
    due = dt.date.fromisoformat(secret["rotate_by"]) - dt.date.fromisoformat(TODAY)
    assert due.days == 90  # as long as it was before
    assert run("secrets", "add", "STRIPE_KEY", "--location", "Bitwarden").exit_code == 0
    (secret,) = json.loads(run("secrets", "--json").stdout)["secrets"]
    assert (secret["location"], secret["owner"]) == ("Bitwarden", "Ada")
    assert run("secrets", "none").exit_code == 2
    assert run("secrets", "remove", "STRIPE_KEY").exit_code == 0
    assert run("secrets", "remove", "STRIPE_KEY").exit_code == 2
    assert run("secrets", "none", "--who", "Ada").exit_code == 0
    assert "Ada, " in run("secrets").stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "STRIPE_KEY", "--location", "sk_live_practice0000000000000000"], "looks like the secret itself"),
        (["add", "kJ8s9dfKJ3kd92kdLLw"], "looks like the secret itself"),
        (["add", "STRIPE_KEY", "--had", "Ada", "--had", "ghp_practice000000000000000000000000000"], "itself"),
        (["add", "STRIPE_KEY", "--location", "cnry-env-token"], "looks like the secret itself"),
        (["add", "STRIPE_KEY", "--created", "soon"], "year-month-day"),
        (["add", "STRIPE_KEY", "--created", "2999-01-01"], "still to come"),
        (["add", " "], "its name"),
        (["rotated", "NOSUCH"], "no secret NOSUCH"),
    ],
)
def test_what_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], says: str) -> None:
    monkeypatch.setenv("LAUNCHREADY_TOKEN_CLOUDFLARE", "cnry-env-token")
    done = run("secrets", *words)
    assert done.exit_code == 2, done.output
    assert says in " ".join(done.output.split())
    journal = folder / "projects" / NAME / "journal.jsonl"
    assert '"secret"' not in journal.read_text("utf-8")
    assert words[-1] not in journal.read_text("utf-8")


def test_what_the_code_names_is_proposed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    code = folder / "code"
    (code / ".env.example").write_text("STRIPE_KEY=\nPORT=\n")
    (code / ".env").write_text("DATABASE_URL=postgres://cnry\n")
    for words in (["init", "-q"], ["add", "-A", "-f"]):
        subprocess.run(["git", *words], cwd=code, check=True)
    with Workspace(folder).open(NAME) as store:
        store.save_project(Project(NAME, network=NOWHERE, repo=str(code)))
    said = run("secrets").stdout
    assert "STRIPE_KEY (.env.example)" in said
    assert "DATABASE_URL (.env, with its value in git)" in said
    assert "cnry" not in said
    run("secrets", "add", "STRIPE_KEY")
    found = json.loads(run("secrets", "--json").stdout)["not_listed"]
    assert found == [{"name": "DATABASE_URL", "where": ".env", "system": "Database", "leaked": True}]
