"""A launch in memory with messages, senders, a DMARC plan, and a product that sends when it is asked to."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

from launchready_tui.fixes.model import Change, Plan, Sight, State, Step
from launchready_tui.mail.dmarc_plan import DOWN, DOWN_AT, PLAN
from launchready_tui.mail.spf_tree import Cost, Node
from launchready_tui.model import Evidence, Finding, Fix, RecordSet, Setting, Stage, failed, passed, unknown, warned
from launchready_tui.proofs import Delivery, Hop, Kind, Link, Proof, Recorded, Signature, StoredMessage
from launchready_tui.saying import Problem
from launchready_tui.senderplan import SenderChange
from launchready_tui.senders import SenderGuide, guide
from launchready_tui.sendersight import Need, SenderState
from launchready_tui.session import Outcome, SenderPlan, WhoSends
from launchready_tui.session.senders import Act
from launchready_tui.tryout import Kind as TryKind
from launchready_tui.tryout import Link as UsedLink
from launchready_tui.tryout import TryOut
from launchready_tui.unsaved import UnsavedStore
from tests.screens.fake import FakeSession
from tests.screens.launch import NAME, make_check

MOMENT = dt.datetime(2026, 11, 24, 9, 41, tzinfo=dt.UTC)
SUBJECT = "Reset your password, Ada Lovelace"
MAILS = (
    "email.spf.limits",
    "email.spf.approved",
    "email.dmarc.policy",
    "email.eml.aligned",
    "email.eml.content",
    "email.flow.reset",
    "email.flow.invite",
)


def proof(name: str = "one", kind: Kind = "reset", *, good: bool = True) -> Proof:
    """A message that proves that it is ours, or one that does not."""
    signature = Signature(
        NAME, "s1", "pass" if good else "fail", "It holds." if good else "The body is not as it was signed.", good
    )
    hops = (
        Hop(f"mail.{NAME}", "app", "93.184.215.14", MOMENT, 0.0),
        Hop("mx.google.com", f"mail.{NAME}", "93.184.215.14", MOMENT, 4.0, inside=True),
    )
    link = f"https://{NAME}/reset/x" if good else "http://localhost:3000/reset/x"
    return Proof(
        kind=kind,
        verdict="yours" if good else "not-yours",
        sentence="This message proves that it is yours."
        if good
        else f"This message does not prove that it is {NAME}'s.",
        from_domain=NAME,
        from_address=f"hello@{NAME}",
        subject=SUBJECT,
        at=MOMENT,
        came=MOMENT,
        aligned=good,
        dkim=(signature,),
        spf=Delivery("pass", NAME, "93.184.215.14", "us", good, "mx is in the list."),
        faults=() if good else ("The link leads to a developer's machine.",),
        notes=("It was sent from one server.",),
        receiver="mx.google.com",
        recorded=(Recorded("dkim", "pass" if good else "fail", NAME, "s1"), Recorded("spf", "pass", NAME)),
        hops=hops,
        delay=4.0,
        links=(Link(link, NAME if good else "localhost", "" if good else "here"),),
        name=name,
    )


class Mailbox:
    """A product that sends when it is asked to, and two inboxes in a folder."""

    inboxes: tuple[str, ...] = ("gmail", "outlook")

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[tuple[str, str]] = []
        self.spam: set[str] = set()
        self.trouble = ""
        self.go = asyncio.Event()
        self.go.set()

    def address(self, inbox: str) -> str:
        return f"ada@{inbox}.example"

    def messages(self, inbox: str | None = None) -> tuple[Path, ...]:
        found = (self.folder / inbox if inbox else self.folder).glob("**/*.eml")
        return tuple(sorted(found, key=lambda path: path.name, reverse=True))

    async def use_link(self, message: Path) -> UsedLink:
        return "broken" if "spam" in message.parts else "once"

    async def trigger(self, kind: TryKind, inbox: str) -> None:
        await self.go.wait()
        if self.trouble:
            raise Problem(self.trouble)
        self.asked.append((kind, inbox))
        folder = self.folder / inbox / ("spam" if inbox in self.spam else "")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{len(self.asked):03}-{kind}.eml").write_bytes(f"From: a@{NAME}\r\n\r\n{kind}\r\n".encode())


TREE = Node(
    "record",
    NAME,
    NAME,
    record=f"v=spf1 include:_spf.google.com include:gone.example a:mail.{NAME} ~all",
    children=(
        Node(
            "include",
            "include:_spf.google.com",
            "_spf.google.com",
            "Google Workspace",
            "v=spf1 include:_netblocks.google.com ~all",
            children=(Node("include", "include:_netblocks.google.com", "_netblocks.google.com", "Google Workspace"),),
        ),
        Node("include", "include:gone.example", "gone.example", fault="gone.example has no SPF record", dead=True),
        Node("a", f"a:mail.{NAME}", f"mail.{NAME}", addresses=("93.184.215.14",)),
    ),
)


class MailSession(FakeSession):
    """`kept` are the proofs on file by name; `added` what was handed in, `planned` which sender changes were asked."""

    def __init__(self, mailbox: Mailbox | None = None) -> None:
        super().__init__()
        self.store = UnsavedStore(self.project)
        self.tryout: TryOut | None = mailbox
        self.kept: dict[str, Proof] = {}
        self.added: list[tuple[Path | bytes, Kind | None]] = []
        self.planned: list[tuple[str, str]] = []
        self.connected = True
        self.trouble = ""
        self.gone = asyncio.Event()
        named = [replace(make_check(Stage.EMAIL, at), id=id) for at, id in enumerate(MAILS)]
        asking = {"email.flow.reset": "flow.reset", "email.flow.invite": "flow.invite"}
        named = [replace(check, question=asking.get(check.id)) for check in named]
        self.checks = (*(check for check in self.checks if check.stage is not Stage.EMAIL), *named)
        self.found |= {check.id: self._found(check.id) for check in named}
        moment = dt.datetime.now(dt.UTC)
        self.outcomes |= {check.id: Outcome(self.found[check.id], moment) for check in named}

    def _found(self, id: str) -> Finding:
        record = RecordSet(f"_dmarc.{NAME}", "TXT", ("v=DMARC1; p=quarantine; t=y",))
        step = Fix("records", "The next step: try quarantine.", records=(record,))
        here = Fix("setting", "Tell your product its own address.", settings=(Setting("mail.links", NAME),))
        match id:
            case "email.dmarc.policy":
                plan = (
                    "Now: Watch (p=none), since 3 Nov 2026, by your word. Nothing is blocked.",
                    "Next: Try quarantine (p=quarantine; t=y), from today on. Receivers are told.",
                    "Later: Reject (p=reject), not before 3 Mar 2027. Forged mail is refused.",
                )
                down = ((DOWN, "v=DMARC1; p=none"), (DOWN_AT, f"_dmarc.{NAME}"))
                return warned("The record watches.", step, evidence=[Evidence(PLAN, line) for line in plan], facts=down)
            case "email.eml.content":
                return failed("The link leads to localhost.", here)
            case "email.eml.aligned":
                return unknown("No message is on file.", needs="a message of yours (.eml)")
            case "email.flow.reset" | "email.flow.invite":
                return unknown("Nobody tried it.", needs="a try", question=id.removeprefix("email."))
            case _:
                return passed("It is sound.")

    def can_fix(self, check: str) -> bool:
        fix = self.outcomes[check].finding.fix if check in self.outcomes else None
        return super().can_fix(check) or bool(fix and fix.settings)

    async def watch(self, change: Change) -> AsyncGenerator[Sight, None]:
        """The product is changed; what it sent before stays as it is."""
        yield Sight("done", "Seen at every server.", 0.0)

    # ---- messages ----
    def messages(self) -> tuple[StoredMessage, ...]:
        return tuple(StoredMessage(name, each.kind, Path(f"{name}.eml")) for name, each in self.kept.items())

    async def proofs(self) -> tuple[Proof, ...]:
        return tuple(self.kept.values())

    async def add_message(self, what: Path | bytes, kind: Kind | None = None) -> Proof:
        if isinstance(what, Path) and not what.is_file():
            raise Problem(f"There is no file at {what}.")
        self.added.append((what, kind))
        data = what if isinstance(what, bytes) else what.read_bytes()
        made = proof(f"m{len(self.added)}", kind or "other", good=b"localhost" not in data)
        self.kept[made.name] = made
        return made

    def remove_message(self, name: str) -> None:
        del self.kept[name]

    def found_messages(self) -> tuple[Path, ...]:
        taken = {what for what, _ in self.added}
        return tuple(path for path in super().found_messages() if path not in taken)

    def message_checks(self):  # type: ignore[no-untyped-def]  # as the real one
        return tuple(check for check in self.checks if check.id.startswith(("email.eml.", "email.flow.")))

    # ---- who sends ----
    async def who_sends(self) -> WhoSends:
        if self.trouble:
            raise Problem(self.trouble)
        google, brevo = guide("google-workspace"), guide("brevo")
        need = Need("spf", "TXT", NAME, "include:_spf.google.com", "there", "your SPF record has it")
        states = (
            SenderState("google-workspace", "Google Workspace", google, True, ("your MX records",), (need,)),
            SenderState("brevo", "Brevo", brevo, False, ("a message signed with mail",), ()),
        )
        return WhoSends(states, Cost(NAME, TREE), "1 sender that you did not name has a record.")

    async def plan_down(self, check: str, *, by_hand: bool = False) -> Plan:
        step = Step(
            "records", f"_dmarc.{NAME}", "TXT", State(("v=DMARC1; p=quarantine",)), State(("v=DMARC1; p=none",))
        )
        return Plan(check, "One step back", f"Cloudflare, zone {NAME}", (step,), untouched=14)

    def can_change_senders(self) -> bool:
        return self.connected

    async def plan_sender(
        self, act: Act, sender: SenderGuide | str, *, with_keys: bool = False, by_hand: bool = False
    ) -> SenderPlan:
        name = sender.name if isinstance(sender, SenderGuide) else sender
        self.planned.append((act, name))
        new = f"v=spf1 {'include:' + name if act == 'add' else 'mx'} ~all"
        step = Step("records", NAME, "TXT", State(("v=spf1 a ~all",), 300), State((new,), 300))
        plan = Plan("email.spf.approved", f"{act} {name}", f"Cloudflare, zone {NAME}", (step,), untouched=14)
        return SenderPlan(SenderChange(f"{act} {name}", None, new), plan, 4)
