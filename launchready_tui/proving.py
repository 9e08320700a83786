"""Messages on file, judged for one project: what mail/proof.py finds, links held against the project's hosts."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from launchready_tui import limits
from launchready_tui.answers import Answers
from launchready_tui.checks.email._links import judge_links
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.kept import contents
from launchready_tui.mail.message import BadMessage
from launchready_tui.mail.proof import prove
from launchready_tui.mail.verdict import silent
from launchready_tui.project import Clock, Project
from launchready_tui.proofs import Kind, Proof, StoredMessage
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.message import Prove


def prover(project: Project, dns: Dns, clock: Clock, answers: Answers | None = None) -> Prove:
    """A function that judges one message on file. A file that cannot be read (any more) is unknown, with its reason."""
    room = asyncio.Semaphore(limits.MESSAGES_AT_ONCE)

    async def judged(message: StoredMessage) -> Proof:
        try:
            async with room:
                data = await asyncio.to_thread(contents, message.path)
                proof = await prove_bytes(data, message.kind, project, dns, clock, answers)
        except (WorkspaceProblem, BadMessage) as error:
            why = getattr(error, "sentence", "") or str(error)
            said = silent("the file cannot be read")
            return Proof(message.kind, "unknown", said, notes=(why,), name=message.name, needs="the message again")
        return replace(proof, name=message.name)

    return judged


async def prove_bytes(
    data: bytes, kind: Kind, project: Project, dns: Dns, clock: Clock, answers: Answers | None = None
) -> Proof:
    """What these bytes prove for the project; a project without a domain goes by the From. Raises BadMessage."""
    private = project.network.private
    proof = await prove(data, dns, clock.now(), domain=project.domain, kind=kind, private=private)
    about = project if project.domain else replace(project, domain=proof.from_domain)
    return replace(proof, links=judge_links(proof.links, about, answers))
