"""The handover: who owns what, what stands, what was changed, what is open, and how to check all of it again.

These types are the file: `toml.py` writes them, `schema.json` is made from them. A field is added with a default and
never renamed; what a reader could misread raises SCHEMA_VERSION. A date that nobody knows is left out of the file.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct, field

from launchready_tui.handover.mail_parts import DkimKeyLine, FlowLine, ProofLine, SenderLine

SCHEMA_VERSION = 1

Day = dt.date | None


class Product(Struct, frozen=True, kw_only=True):
    """What is handed over. `standing` is the one line that says ready or not, as of `looked_at`. `handed_over_by` is
    who wrote the file, "" where nobody said; `tool` is what it was written with."""

    domain: str
    name: str = ""
    canonical_url: str = ""
    ready: bool = False
    standing: str = ""
    looked_at: dt.datetime | None = None
    written_at: dt.datetime | None = None
    absent: dict[str, str] = field(default_factory=dict)
    handed_over_by: str = ""
    tool: str = ""


class System(Struct, frozen=True, kw_only=True):
    """One account. `recovery` says where recovery codes are kept and never holds one; "" means that nobody said.
    `renews` is the day until which it is paid, `renewal` how that goes on ("auto-renew is on"). `login_mail` signs in,
    `recovery_mail` gets the code when that fails; `held_outside`: a contractor reads one of them."""

    system: str
    label: str
    critical: bool
    absent: bool = False
    provider: str = ""
    sign_in: str = ""
    account: str = ""
    owner: str = ""
    contact: str = ""
    backup: str = ""
    backup_contact: str = ""
    backup_confirmed: bool = False
    second_factor: bool = False
    recovery: str = ""
    last_proved: Day = None
    proved_by: str = ""
    renews: Day = None
    renewal: str = ""
    backup_proved: Day = None
    login_mail: str = ""
    recovery_mail: str = ""
    held_outside: bool = False


class Records(Struct, frozen=True, kw_only=True):
    """All DNS records of one name and type, as seen, and what they are for. `ttl` is in seconds. `purpose_by` is who
    said so: a person's name, "the record itself", "nobody yet"."""

    name: str
    type: str
    values: list[str]
    purpose: str
    ttl: Annotated[int, Meta(ge=0)] | None = None
    purpose_by: str = ""


class Subdomain(Struct, frozen=True, kw_only=True):
    """A subdomain of the plan: needed `now`, `later`, to be removed (`remove`), or "" where nobody decided."""

    host: str
    when: str = ""
    why: str = ""
    who: str = ""


class RedirectRow(Struct, frozen=True, kw_only=True):
    """An address that a visitor may type: what is expected, what was seen (first status, where it leads, redirects
    followed), its state in a word, why, and the command that shows it."""

    url: str
    expected: str
    seen: str
    state: str
    status: int = 0
    location: str = ""
    hops: Annotated[int, Meta(ge=0)] = 0
    why: str = ""
    curl: str = ""


class Route(Struct, frozen=True, kw_only=True):
    """An address that people or programs use. `url` is "" where the product has none."""

    kind: str
    url: str = ""
    purpose: str = ""


class Stated(Struct, frozen=True, kw_only=True):
    """Something that a check saw: its state in a word (pass, warn, fail, info, waiting, unknown) and in a sentence."""

    check: str
    what: str
    state: str
    seen: str
    subject: str = ""
    details: dict[str, str] = field(default_factory=dict)


class Deploy(Struct, frozen=True, kw_only=True):
    """How a version goes live, and how the last one comes back. `document` is the page that says so, `document_tried`
    who followed it when, `built` the last clean build; `rollback_steps` are the platform's own, `not_restored` is what
    they leave as it is; `backup` is who restored a backup when."""

    steps: str = ""
    rollback: str = ""
    rollback_minutes: str = ""
    rollback_rehearsed: Day = None
    told_by: str = ""
    document: str = ""
    document_tried: str = ""
    built: str = ""
    rollback_steps: list[str] = field(default_factory=list)
    not_restored: list[str] = field(default_factory=list)
    backup: str = ""


class WayBack(Struct, frozen=True, kw_only=True):
    """What to do when something broke: `kind` is app, dns or dmarc. `where` is a command or an address. `told_by` is
    who agreed to it and when; "" says that it is only proposed, from what the wizard knows."""

    kind: str
    title: str
    trigger: str = ""
    steps: list[str] = field(default_factory=list)
    where: str = ""
    who: str = ""
    minutes: str = ""
    told_by: str = ""
    told_on: Day = None


class Email(Struct, frozen=True, kw_only=True):
    """Who takes the mail, who sends it, its records as they stood, what proves it, and what was seen of all this.

    `domain` is the name in the addresses. `senders_told_by` is who said which senders are approved. `spf_tree` and
    `policy_plan` are lines of text; `spf_lookups` is what the SPF record costs, left out where nobody could tell.
    """

    domain: str = ""
    inbox: str = ""
    senders: list[str] = field(default_factory=list)
    senders_told_by: str = ""
    mail_servers: list[str] = field(default_factory=list)
    spf: str = ""
    spf_lookups: Annotated[int, Meta(ge=0)] | None = None
    spf_tree: list[str] = field(default_factory=list)
    dmarc: str = ""
    policy_plan: list[str] = field(default_factory=list)
    dkim_selectors: list[str] = field(default_factory=list)
    mta_sts: str = ""
    tls_rpt: str = ""
    bimi: str = ""
    sender_list: list[SenderLine] = field(default_factory=list)
    dkim_keys: list[DkimKeyLine] = field(default_factory=list)
    proofs: list[ProofLine] = field(default_factory=list)
    flow_tests: list[FlowLine] = field(default_factory=list)
    seen: list[Stated] = field(default_factory=list)


class Monitor(Struct, frozen=True, kw_only=True):
    """What watches the product: `name` is whose service it is, `watches` an address, `page` where it shows. `tells` is
    whom it tells, and how."""

    name: str
    watches: str = ""
    every: str = ""
    tells: str = ""
    page: str = ""
    told_by: str = ""


class AlertProof(Struct, frozen=True, kw_only=True):
    """An alert that was raised on purpose: when, by what, whom it reached, and after how many seconds."""

    at: dt.datetime
    what: str
    reached: str = ""
    seconds: Annotated[int, Meta(ge=0)] | None = None


class SecretLine(Struct, frozen=True, kw_only=True):
    """One secret of the product, by name and place; its value is never here. `location` is where it is kept."""

    name: str
    system: str = ""
    location: str = ""
    owner: str = ""
    created: Day = None
    rotate_by: Day = None
    rotated_on: Day = None
    note: str = ""


class ChangeLine(Struct, frozen=True, kw_only=True):
    """One change that was made, with what was there before. `number` is what `launchready undo` takes."""

    number: int
    at: dt.datetime
    who: str
    what: str
    before: str
    after: str
    undone: bool = False


class OpenFinding(Struct, frozen=True, kw_only=True):
    """One fault that is still there. `checks` see it; `note` is what is under way."""

    checks: list[str]
    severity: str
    stage: str
    state: str
    seen: str
    consequence: str
    todo: str
    who: str = ""
    minutes: int = 0
    note: str = ""


class OpenQuestion(Struct, frozen=True, kw_only=True):
    """What could not be told, and what would let us tell."""

    check: str
    what: str
    severity: str
    seen: str
    needs: str = ""


class Sign(Struct, frozen=True, kw_only=True):
    """A sign of failure to watch for, whether it shows now, and where to look."""

    stage: str
    sign: str
    state: str
    look: list[str] = field(default_factory=list)


class AcceptedRisk(Struct, frozen=True, kw_only=True):
    """A risk that somebody took on, by name, until a day."""

    what: str
    severity: str
    who: str
    reason: str
    until: dt.date
    checks: list[str] = field(default_factory=list)


class Action(Struct, frozen=True, kw_only=True):
    """Something to do after the launch."""

    id: str
    what: str
    who: str = ""
    due: Day = None
    done: bool = False


class Answered(Struct, frozen=True, kw_only=True):
    """What the DNS answered: every value of one name and type, none where there was no such record. `ttl` in seconds,
    as the zone's own server has it; left out where that was not seen."""

    name: str
    type: str
    values: list[str] = field(default_factory=list)
    ttl: Annotated[int, Meta(ge=0)] | None = None


class WaySeen(Struct, frozen=True, kw_only=True):
    """Where an address led: its own status, where the way ended, with which status, after how many redirects. `kind` is
    site (one of the addresses a visitor types), link (the same with a path), subdomain or old."""

    url: str
    kind: str
    status: Annotated[int, Meta(ge=0)]
    end: str
    end_status: Annotated[int, Meta(ge=0)]
    hops: Annotated[int, Meta(ge=0)] = 0


class CertificateSeen(Struct, frozen=True, kw_only=True):
    """The certificate of a host: who issued it, and which one it was. One that is newer from the same is no change."""

    host: str
    issuer: str
    organisation: str = ""
    ends: dt.datetime | None = None
    sha256: str = ""


class HeaderSeen(Struct, frozen=True, kw_only=True):
    """A security header of a page, its values joined as browsers read them."""

    url: str
    name: str
    value: str


class PageSeen(Struct, frozen=True, kw_only=True):
    """What an address of the product showed: its status, type and title, whether there was a way to sign in, and what a
    health page said (`says`: only words that stay the same from look to look)."""

    kind: str
    url: str
    status: Annotated[int, Meta(ge=0)]
    type: str = ""
    title: str = ""
    sign_in: bool = False
    says: dict[str, str] = field(default_factory=dict)


class Baseline(Struct, frozen=True, kw_only=True):
    """What the world was answered when this was written. Where nobody answered, nothing is stated. `name_servers` are
    as the zone above has them, `serial` is the zone's, `made_up_names` yes or no: do made-up names lead somewhere?
    `shields` are hosts behind a content network, whose addresses are that network's."""

    taken_at: dt.datetime | None = None
    name_servers: list[str] = field(default_factory=list)
    serial: str = ""
    made_up_names: str = ""
    answers: list[Answered] = field(default_factory=list)
    ways: list[WaySeen] = field(default_factory=list)
    certificates: list[CertificateSeen] = field(default_factory=list)
    headers: list[HeaderSeen] = field(default_factory=list)
    pages: list[PageSeen] = field(default_factory=list)
    shields: dict[str, str] = field(default_factory=dict)


class Verify(Struct, frozen=True, kw_only=True):
    """How anybody can check that the product works: addresses with what should be seen there, commands for whoever has
    the tool, and what only a person can try."""

    say: str = ""
    expect: dict[str, str] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    by_hand: list[str] = field(default_factory=list)


class Handover(Struct, frozen=True, kw_only=True):
    """The whole document, its sections in the order of the file."""

    product: Product
    schema_version: Annotated[int, Meta(ge=1)] = SCHEMA_VERSION
    systems: list[System] = field(default_factory=list)
    records: list[Records] = field(default_factory=list)
    subdomains: list[Subdomain] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    redirects: list[Stated] = field(default_factory=list)
    redirect_matrix: list[RedirectRow] = field(default_factory=list)
    edge: list[Stated] = field(default_factory=list)
    deploy: Deploy = field(default_factory=Deploy)
    ways_back: list[WayBack] = field(default_factory=list)
    performance: list[Stated] = field(default_factory=list)
    email: Email = field(default_factory=Email)
    monitors: list[Monitor] = field(default_factory=list)
    alert_proofs: list[AlertProof] = field(default_factory=list)
    secrets: list[SecretLine] = field(default_factory=list)
    changes: list[ChangeLine] = field(default_factory=list)
    open_findings: list[OpenFinding] = field(default_factory=list)
    open_questions: list[OpenQuestion] = field(default_factory=list)
    failure_signs: list[Sign] = field(default_factory=list)
    accepted_risks: list[AcceptedRisk] = field(default_factory=list)
    next_actions: list[Action] = field(default_factory=list)
    baseline: Baseline = field(default_factory=Baseline)
    verify: Verify = field(default_factory=Verify)


# Section -> the comment that stands above it in the file. A test holds that every section has one.
SECTIONS: dict[str, str] = {
    "product": "What is handed over, and whether it is ready.",
    "systems": "Who holds which account, who stands in, and when somebody last proved that they can sign in.",
    "records": "The DNS records, and what each is for.",
    "subdomains": "The subdomain plan: what is needed now, later, or to be removed, and why.",
    "routes": "The addresses that people and programs use.",
    "redirects": "How the other addresses lead to the one.",
    "redirect_matrix": "Every address that a visitor may type, what it does, and the command that proves it.",
    "edge": "Certificates, encryption and the shield before the product.",
    "deploy": "How a version goes live, and how the last one comes back.",
    "ways_back": "What to do when a release, a DNS change or the DMARC policy has broken something.",
    "performance": "How fast it was when this was written: the baseline to compare with.",
    "email": "How mail comes in and goes out.",
    "monitors": "What watches the product, and whom it tells.",
    "alert_proofs": "Alerts that were raised on purpose, to see that they arrive.",
    "secrets": "The product's keys and passwords by name and place. No value is ever in this file.",
    "changes": "What was changed, with what was there before. “launchready undo NUMBER” takes one back.",
    "open_findings": "What still needs attention, the worst first.",
    "open_questions": "What could not be told, and what would let us tell.",
    "failure_signs": "What to watch for, and where to look.",
    "accepted_risks": "Risks that somebody took on, by name and until a day.",
    "next_actions": "What comes next, and when.",
    "baseline": "What the world was answered that day: “launchready verify” asks again and compares.",
    "verify": "Is it healthy? Anybody can check this in a minute.",
}
