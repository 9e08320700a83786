"""A ready message that asks somebody: what is wrong, the exact record or step, where, and how to check it afterwards.

In the founder's voice and in plain text, so that it can be pasted anywhere. It is searched for secrets before it is
handed out; what looks like one is taken out and named.
"""

from __future__ import annotations

import re
import shlex
import textwrap

from launchready_tui.checks import Check
from launchready_tui.leaks import redact
from launchready_tui.model import Finding, Fix, RecordSet, Status
from launchready_tui.panel_text import heading, rows
from launchready_tui.project import Project
from launchready_tui.questions import QUESTIONS
from launchready_tui.text import clean, minutes, sentence

_WIDTH = 72  # characters a line: what mail programs quote without breaking
_ROW = 300  # of a row of records: a value that is broken cannot be copied
_SAFE = re.compile(r"^[A-Za-z0-9._:/?&=~%@+-]{1,300}$")

# setting -> the command that shows whether it is on; {url}, {http} and {probe} are quoted for a shell.
_SETTING_LOOKS = {
    "redirects.canonical": "curl -sSIL {http}",
    "redirects.path": "curl -sSIL {probe}",
    "https.redirect": "curl -sSI {http}",
    "https.hsts": "curl -sSI {url} | grep -i strict-transport-security",
    "headers.security": "curl -sSI {url}",
    "mixed.upgrade": "curl -sS {url} | grep -c 'http://'",
    "cdn.proxy": "curl -sSI {url}",
    "cache.static": "curl -sSI {url} | grep -i cache-control",
    "compression.text": "curl -sSI -H 'Accept-Encoding: gzip, br' {url} | grep -i content-encoding",
    "images.optimise": "curl -sSI {url} | grep -i content-length",
    "files.exposed": "curl -sSI {url}",
    "certificate.renew": "curl -sSI {url}",
    "site.login": "curl -sSI {url}",
    "site.api": "curl -sS {url}",
}


def _wrap(text: str) -> str:
    """Paragraphs at a mail's width; a line that is indented is a value and stays whole."""
    out = []
    for line in text.split("\n"):
        whole = not line or line.startswith("  ")
        out.append(
            line.rstrip()
            if whole
            else textwrap.fill(line, _WIDTH, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
        )
    return "\n".join(out)


def _record_lines(records: tuple[RecordSet, ...]) -> list[str]:
    lines = []
    for record in records:
        name = clean(record.name, limit=260)
        ttl = f"TTL {record.ttl}" if record.ttl else "TTL automatic"
        if not record.values:
            lines.append(f"  {record.type}  {name}   (delete; there should be none)")
        lines += [f"  {record.type}  {name}   {clean(value, limit=4_000)}   ({ttl})" for value in record.values]
    return lines


def _quoted(text: str) -> str:
    """A name or an address as one word of a shell command, whatever it holds."""
    return text if _SAFE.match(text) and not set("?&=~") & set(text) else shlex.quote(text)


def how_to_check(check: Check, finding: Finding, project: Project) -> list[str]:
    """Commands that show whether it is done; the first is the shortest."""
    fix = finding.fix
    host = finding.subject if finding.subject and " " not in finding.subject else project.domain
    url = host if host.startswith(("http://", "https://")) else f"https://{host}/"
    http = f"http://{url.split('://', 1)[1]}"
    commands: list[str] = []
    if fix is not None and fix.records:
        commands = [f"dig +short {record.type} {_quoted(clean(record.name, limit=260))}" for record in fix.records]
    elif fix is not None and fix.settings:
        looks = (_SETTING_LOOKS.get(setting.name, "curl -sSI {url}") for setting in fix.settings)
        commands = [
            look.format(url=_quoted(url), http=_quoted(http), probe=_quoted(f"{http}launchready-probe?x=1"))
            for look in looks
        ]
    elif fix is not None and fix.files:
        commands = [
            f"git ls-files -- {_quoted(clean(change.path, limit=300))}"
            + ("   (should print nothing)" if change.text is None else "")
            for change in fix.files
        ]
    elif check.stage in ("dns", "email") and " " not in host:
        kind = {"email.mx": "MX", "email.spf": "TXT", "email.dmarc": "TXT", "dns.ns": "NS"}.get(
            ".".join(check.id.split(".")[:2]), "A"
        )
        name = f"_dmarc.{project.domain}" if check.id.startswith("email.dmarc") else host
        commands = [f"dig +short {kind} {_quoted(name)}"]
    elif check.stage in ("edge", "deploy", "performance") or check.id in ("audit.exposed.files", "audit.url.single"):
        commands = [f"curl -sSI {_quoted(url)}"]
    return [*dict.fromkeys(commands), f"launchready check {_quoted(project.domain)} --only {check.id}"]


def _todo(fix: Fix) -> list[str]:
    lines = [fix.say]
    if fix.panel is not None:
        lines += ["", f"{heading(fix.panel)}:", *(f"  {line}" for line in rows(fix.panel, _ROW)), *fix.panel.notes]
    if fix.records:
        lines += ["", "The records, with their full names, as they should be:", *_record_lines(fix.records)]
    elif fix.copy:
        lines += ["", "To copy:", *(f"  {line}" for line in fix.copy.split("\n"))]
    if fix.page:
        lines += ["", f"Where: {clean(fix.page, limit=2_000)}"]
    return lines


def message(check: Check, finding: Finding, project: Project, to: str) -> str:
    """The message, its first line "Subject: …". `to` is a name; empty greets nobody by name.

    For a fault it says what to do; for something that we could not tell, it asks the question.
    """
    name = clean(to.strip(), limit=120)
    question = QUESTIONS.get(finding.question or check.question or "")
    asks = finding.status is Status.UNKNOWN
    about = f"a question ({check.title})" if asks else sentence(finding.saw).rstrip(".")
    subject = f"{project.domain}: {about}"
    lines = [f"Subject: {clean(subject, limit=200)}", "", f"Hello {name}," if name else "Hello,", ""]
    if asks:
        lines += [
            f"I am getting {project.domain} ready to launch, and there is one thing that I cannot tell by myself.",
            "",
        ]
        lines += [finding.saw, f"Why I ask: {check.why}"]
        if question is not None:
            lines += ["", question.text, question.help, "", "A short answer is enough:"]
            lines += [f"  - {label}" for _, label in question.choices]
            lines += [f"  - also: {label}" for _, label in question.ticks]
            for name, label in question.fields:
                allowed = " / ".join(words.lower() for _, words in question.options.get(name, ()))
                lines.append(f"  - {label}: {allowed or '…'}")
            lines += ["  - I do not know"]
        elif finding.needs:
            lines += ["", f"What would help: {finding.needs}."]
    else:
        lines += [f"I am getting {project.domain} ready to launch, and one thing needs your hand.", ""]
        lines += [f"What is wrong: {finding.saw}", f"Why it matters: {check.why}", ""]
        if finding.fix is not None:
            lines += ["What to do:", *_todo(finding.fix), "", f"It should take about {minutes(finding.fix.minutes)}."]
        else:
            lines += ["Could you look at it and tell me what it takes?"]
        lines += ["", "How to check it afterwards:"]
        lines += [f"  {command}" for command in how_to_check(check, finding, project)]
    lines += ["", "Please tell me when it is done, or what stands in the way. Thank you!" if not asks else "Thank you!"]
    whole = f"{lines[0]}\n" + _wrap("\n".join(lines[1:]))  # a subject is one line, however long
    return redact(clean(whole, limit=20_000, lines=True)) + "\n"
