"""Who owns what, beside the keyring: what counts and until when, what is proposed, what a person types, the command."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator
from contextlib import aclosing, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui import owning
from launchready_tui.answers import Answers
from launchready_tui.cli import main
from launchready_tui.model import Finding, Severity, Status, failed, unknown
from launchready_tui.nodes import Seen
from launchready_tui.ownerform import TEXTS, BadOwner, asked, filled, read_pair, read_tick, renewal, shown
from launchready_tui.owners import ALWAYS, SYSTEMS, Owner, Owners, answered, lacks, present, proof_days
from launchready_tui.project import Clock, Network, Project
from launchready_tui.session import Outcome, Session
from launchready_tui.stored import decode_owner
from launchready_tui.vault import Vault
from launchready_tui.workspace import Workspace
from tests.command import launchready
from tests.findings import fix
from tests.vault.fakes import Good
from tests.world import NOW, said

TODAY = NOW.date()
NOWHERE = Network(resolvers=(("127.0.0.1", 9),), private=True, registries=False)


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


# ---- what counts ----
def test_the_systems_that_a_launch_hangs_on() -> None:
    names = [system for system, _, _ in SYSTEMS]
    assert {"registrar", "dns", "cdn", "hosting", "repository", "database", "sender", "inbox"} <= set(names)
    assert {"auth", "payments", "analytics", "monitoring", "status", "api"} <= set(names)
    assert len(names) == len(set(names)) == 14


@pytest.mark.parametrize(("system", "days"), [("registrar", 30), ("dns", 30), ("hosting", 30), ("payments", 90)])
def test_a_proof_runs_out(system: str, days: int) -> None:
    assert proof_days(system) == days
    assert Owner(system, proved=ago(days)).counts(TODAY)
    assert not Owner(system, proved=ago(days + 1)).counts(TODAY)
    assert not Owner(system).counts(TODAY)


def test_an_entry_from_before_is_still_read() -> None:
    """Written before a proof had a name and a backup a day: it reads, and what it says still counts."""
    old = {"system": "dns", "owner": "Ada", "backup": "Grace", "backup_confirmed": True, "proved": "2026-11-20"}
    owner = decode_owner(old)
    assert (owner.owner, owner.proved, owner.backup_proved, owner.auto_renew) == (
        "Ada",
        dt.date(2026, 11, 20),
        None,
        None,
    )
    assert owner.backup_counts(TODAY)


def test_one_answer_serves_the_table_as_well() -> None:
    answer = said("access.registrar", "yes", "second-factor", who="Grace", days_ago=2)
    answers = Answers([answer, said("access.dns", "no")], Clock(NOW))
    owner = answered(Owner("registrar", owner="Ada", proved=ago(40), proved_by="Ada"), answers)
    assert (owner.proved, owner.proved_by, owner.second_factor) == (ago(2), "Grace", True)
    assert answered(Owner("registrar", proved=TODAY, proved_by="Ada"), answers).proved_by == "Ada", "the newer one"
    assert answered(Owner("dns"), answers) == Owner("dns"), "a no proves nothing"


def test_what_a_system_lacks() -> None:
    assert lacks(Owner("dns"), TODAY) == ("an owner", "a backup owner", "a proved sign-in")
    assert lacks(Owner("cdn", owner="Ada", proved=TODAY), TODAY) == ("a contact",)
    assert lacks(Owner("payments", absent=True), TODAY) == ()
    whole = Owner("dns", owner="Ada", contact="a@b.de", backup="Grace", proved=ago(30))
    assert lacks(whole, TODAY) == ()
    assert lacks(whole, TODAY + dt.timedelta(days=1)) == ("a proved sign-in",)


def test_what_every_launch_has_is_always_present() -> None:
    owners = Owners({system: Owner(system, absent=True) for system, _, _ in SYSTEMS})
    assert {owner.system for owner in present(owners, Project("good.example"))} == ALWAYS


# ---- what is typed ----
def test_what_is_typed_and_ticked_is_read() -> None:
    typed = {"owner": " Ada ", "proved": "today", "renewal": "2027-03-03  By Hand", "login_mail": "a@b.de"}
    owner = filled(Owner("dns", contact="+49"), typed, {"second_factor": True}, TODAY)
    assert owner == Owner(
        "dns",
        owner="Ada",
        contact="+49",
        proved=TODAY,
        proved_by="Ada",
        renews=dt.date(2027, 3, 3),
        auto_renew=False,
        login_mail="a@b.de",
        second_factor=True,
    )


def test_a_backup_confirmed_before_days_were_kept_stays_confirmed() -> None:
    old = Owner("dns", backup="Grace", backup_confirmed=True)
    assert filled(old, {"backup_proved": ""}, {}, TODAY).backup_confirmed
    dated = filled(old, {"backup_proved": "2026-11-20"}, {}, TODAY)
    assert dated.backup_counts(TODAY)
    assert not filled(dated, {"backup_proved": ""}, {}, TODAY).backup_confirmed, "taken back"


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("proved", "yesterday", "year-month-day"),
        ("proved", "2026-11-31", "year-month-day"),
        ("backup_proved", "2099-01-01", "has not come yet"),
        ("renewal", "2027-13-01 auto", "year-month-day"),
        ("renewal", "2027-01-01 perhaps", "auto or by hand"),
        ("login_mail", "ada", "an address such as"),
        ("recovery_mail", "a@b.de, c@d.de", "one alone"),
    ],
)
def test_what_does_not_fit_is_said_with_its_field(field: str, text: str, says: str) -> None:
    with pytest.raises(BadOwner, match=says) as caught:
        filled(Owner("dns"), {field: text}, {}, TODAY)
    assert caught.value.field == field


def test_the_registrar_cannot_be_absent() -> None:
    with pytest.raises(BadOwner, match="Every launch has this one"):
        filled(Owner("registrar"), {}, {"absent": True}, TODAY)
    assert "absent" not in dict(asked("registrar")[1])
    assert "absent" in dict(asked("cdn")[1])
    assert "login_mail" not in {name for name, _, _ in asked("cdn")[0]}


@given(st.dates(max_value=TODAY) | st.none(), st.dates() | st.none(), st.none() | st.booleans(), st.text(max_size=40))
def test_what_is_shown_reads_back(proved: dt.date | None, renews: dt.date | None, auto: bool | None, name: str) -> None:
    by = "Grace" if proved else ""
    owner = Owner("dns", proved=proved, proved_by=by, renews=renews, auto_renew=auto, owner="Ada", provider="P")
    assert filled(Owner("dns"), shown(owner), {}, TODAY) == owner


@given(st.sampled_from([field for field, _, _ in TEXTS]), st.text(max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(field: str, text: str) -> None:
    with suppress(BadOwner):
        owner = filled(Owner("dns"), {field: text}, {}, TODAY)
        assert all(ord(char) >= 32 for value in shown(owner).values() for char in value)


def test_pairs_of_the_command_line() -> None:
    assert read_pair("login-mail=a=b@c.de") == ("login_mail", "a=b@c.de")
    assert read_tick("second_factor", "Yes") is True
    assert read_tick("absent", "no") is False
    for text in ("owner", "colour=blue", "=x"):
        with pytest.raises(BadOwner, match="--set FIELD=VALUE"):
            read_pair(text)
    with pytest.raises(BadOwner, match="yes or no"):
        read_tick("absent", "perhaps")
    assert renewal(Owner("dns", auto_renew=True)) == "auto"


# ---- an open project ----
@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    store = Workspace(tmp_path).open("good.example", create=True)
    vault = Vault(find=Good)
    opened = Session(store, vault, clock=Clock(NOW), project=Project("good.example", network=NOWHERE))
    yield opened
    await opened.aclose()


def sees(session: Session, check: str, *facts: tuple[str, str]) -> None:
    session.outcomes[check] = Outcome(Finding(Status.PASS, "seen", facts=facts), NOW)


async def test_what_was_found_is_proposed_and_never_stored_by_itself(session: Session) -> None:
    session._parts = {
        "dns": Seen("Cloudflare", "NS good.example"),
        "hosting": Seen("Vercel", "https://good.example/"),
        "sender": Seen("Resend", "TXT good.example"),
        "inbox": Seen("Google Workspace", "MX good.example"),
        "cdn": Seen(absent=True, by="https://good.example/"),
    }
    sees(session, "audit.domain.expiry", ("registrar", "Namecheap"), ("domain-expires", "2027-03-03"))
    sees(session, "audit.registrar.protection", ("auto-renew", "on"))
    proposed = {system: {p.field: (p.text, p.by) for p in session.proposals(system)} for system, _, _ in SYSTEMS}
    assert proposed["registrar"] == {"provider": ("Namecheap", "RDAP"), "renewal": ("2027-03-03 auto", "RDAP")}
    assert proposed["dns"]["provider"] == ("Cloudflare", "NS good.example")
    assert proposed["hosting"]["provider"] == ("Vercel", "https://good.example/")
    assert proposed["sender"]["provider"] == ("Resend", "TXT good.example")
    assert proposed["inbox"]["provider"] == ("Google Workspace", "MX good.example")
    assert proposed["cdn"] == proposed["database"] == {}
    assert session.no_such_system("cdn") == "https://good.example/"
    assert not session.owners.told, "nothing is stored by itself"
    first = session.suggested_owner("registrar")
    assert (first.provider, first.renews, first.auto_renew) == ("Namecheap", dt.date(2027, 3, 3), True)
    await session.save_owner(first)
    assert session.proposals("registrar") == ()
    await session.save_owner(Owner("registrar", "GoDaddy"))
    assert ("provider", "Namecheap", "RDAP") in {(p.field, p.text, p.by) for p in session.proposals("registrar")}


async def test_an_answer_fills_the_table_and_is_proposed_for_the_entry(session: Session) -> None:
    session.answer("access.dns", "yes", "Grace", ticks=frozenset({"second-factor"}))
    owner = session.owner("dns")
    assert (owner.proved, owner.proved_by, owner.second_factor) == (TODAY, "Grace", True)
    assert session.owners.get("dns") == Owner("dns")
    assert {one.field: one.text for one in session.proposals("dns")} == {
        "proved": TODAY.isoformat(),
        "proved_by": "Grace",
    }


async def test_what_is_absent_is_kept_by_name_and_day(session: Session) -> None:
    await session.save_owner(Owner("analytics", absent=True), "Ada")
    assert session.project.absent == {"analytics": "Ada, 24 Nov 2026"}
    assert session.store.project.absent == session.project.absent
    assert session.owner("analytics").absent
    before = len(session.owners_lack())
    await session.save_owner(Owner("analytics", owner="Ada"))
    assert session.project.absent == {}
    assert len(session.owners_lack()) == before + 2, "a contact and a proof"


async def judged(session: Session, id: str) -> Finding:
    async with aclosing(session.look([session.check(id)])) as events:
        async for _ in events:
            pass
    return session.findings[id]


async def test_what_is_left_is_judged_after_every_look_and_every_word(session: Session) -> None:
    for check in session.checks:
        if not check.derived:
            session.outcomes[check.id] = Outcome(Finding(Status.PASS, "sound"), NOW)
    id = "handover.risks.open"
    assert (await judged(session, id)).status is Status.PASS
    broken = failed("www has no address.", fix(), severity=Severity.CRITICAL)
    session.outcomes["dns.www.resolves"] = Outcome(broken, NOW)
    await judged(session, "handover.access.dns")  # a look at something else judges it again
    assert session.findings[id].status is Status.FAIL
    (proposed, *_) = session.suggested_actions()
    assert proposed.id == "fix:dns.www.resolves"
    session.accept("dns.www.resolves", "Ada", "nobody types it", TODAY + dt.timedelta(days=30))
    assert (await judged(session, id)).status is Status.UNKNOWN, "access.dns, a critical, could not tell just now"
    session.outcomes["handover.access.dns"] = Outcome(Finding(Status.PASS, "sound"), NOW)
    assert (await judged(session, id)).saw == "1 risk is left, and each has a name beside it."
    session.outcomes["audit.url.single"] = Outcome(failed("Two addresses.", fix(), severity=Severity.HIGH), NOW)
    assert (await judged(session, id)).status is Status.WARN
    action = next(one for one in session.suggested_actions() if one.id == "fix:audit.url.single")
    session.keep_action(type(action)(action.id, action.what, "Grace", TODAY))
    assert (await judged(session, id)).status is Status.PASS
    session.outcomes["deploy.smoke.home"] = Outcome(unknown("silent", needs="another look"), NOW)
    assert (await judged(session, id)).status is Status.UNKNOWN


async def test_a_launch_without_changes_lists_none(session: Session) -> None:
    assert (await judged(session, "handover.journal.changes")).status is Status.INFO


# ---- the command ----
async def test_the_command_says_that_nothing_was_kept_without_a_keyring(tmp_path: Path) -> None:
    Workspace(tmp_path / "launchready").open("good.example", create=True).close()
    ran = await launchready("owners", home=tmp_path)
    assert ran.status == 0, ran.err
    assert ran.out.splitlines()[0].split() == ["System", "Owner", "Backup", "Last", "proved", "Second", "factor"]
    assert "things keep this handover from being complete." in ran.out
    ran = await launchready("owners", "dns", "--set", "owner=Ada", home=tmp_path)
    assert ran.status == 1
    assert "Nothing was kept" in ran.err
    for words, says in (
        (("owners", "coffee"), "There is no system"),
        (("owners", "--set", "owner=Ada"), "Which system?"),
        (("owners", "dns", "--set", "colour=blue"), "FIELD=VALUE"),
        (("owners", "registrar", "--set", "absent=yes"), "Every launch has this one"),
    ):
        ran = await launchready(*words, home=tmp_path)
        assert (ran.status, ran.out) == (2, "")
        assert says in ran.err


async def test_the_command_writes_down_and_masks(
    session: Session, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = owning.Ask(
        "dns", ("owner=Ada", "account=ada-hub", "contact=ada@post.example", "proved=today", "second-factor=yes"), "Ada"
    )
    await owning._write(session, ask)
    assert "Kept: DNS" in capsys.readouterr().err
    owner = session.owners.get("dns")
    assert (owner.owner, owner.proved, owner.second_factor) == ("Ada", TODAY, True)
    system = json.loads(json.dumps(owning.document(session, ["dns"])))["systems"][0]
    assert system["lacks"] == ["a backup owner"]
    assert (system["proved"], system["proved_by"], system["counts"]) == (TODAY.isoformat(), "Ada", True)
    assert any(line.split()[:2] == ["DNS", "Ada"] for line in owning.table(session, 100))
    assert "  account = ada-hub" in list(owning.one(session, "dns", 80))


def test_presenter_masks_the_values_and_not_the_fields() -> None:
    from launchready_tui.mask import mask

    plain = {"account": 'ada"hub', "contact": "ada@post.example", "systems": [{"lacks": ["a contact"], "n": 1}]}
    masked = json.dumps(owning._each(plain, lambda text: mask(text, {'ada"hub'})))
    assert "ada" not in masked
    assert json.loads(masked)["systems"] == [{"lacks": ["a contact"], "n": 1}]
    assert "owners" in main.commands
