"""What was handed over, held against now; and a receiver's word that they did that."""

from __future__ import annotations

from pathlib import Path

from launchready_tui import disk
from launchready_tui.checks import Check
from launchready_tui.disk import WorkspaceProblem
from launchready_tui.drift.compare import compare, questions
from launchready_tui.drift.facts import Facts, from_handover
from launchready_tui.drift.look import Step, observe
from launchready_tui.drift.taking import verify
from launchready_tui.driftlook import DriftLook, DriftView, ExportNote, Handed, Line, Result
from launchready_tui.handover.export import HANDOVER_FILE
from launchready_tui.handover.knownkeys import read_keys, trust
from launchready_tui.handover.reading import read_handover
from launchready_tui.handover.signing import SIGNATURE_SUFFIX, Signed, Verdict, check_signature, digest, sign
from launchready_tui.handover.verified import SUFFIX, NotVerified, Verified, read_verified, state_verified
from launchready_tui.project import Clock
from launchready_tui.saying import Problem
from launchready_tui.session.known import Known
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.tls import Tls
from launchready_tui.sources.web import Web
from launchready_tui.vault import VaultProblem

_CHECKS = ("handover.runbook.drift", "handover.runbook.verify")


class Verifying(Known):
    """Reads what was exported; a receiver's word goes into the journal."""

    def things(self) -> tuple[object, ...]:
        return (*super().things(), LastExport(self.exports, self.clock), self.handed())

    @property
    def exports(self) -> tuple[ExportNote, ...]:
        """Every handover that was written, the newest last."""
        return tuple(self._ledger.exports)

    def handed(self) -> Handed:
        section = bool(self.project.url("home") or self.project.url("login") or self.project.url("api"))
        return Handed(self.exports, tuple(self._ledger.verified), section)

    def verify_checks(self) -> tuple[Check, ...]:
        """The checks to look at again after an export, or a word."""
        return tuple(check for check in self.checks if check.id in _CHECKS)

    # ---- the last export ----
    def last_handover(self) -> tuple[Path, bytes]:
        """The file that was exported last. Raises WorkspaceProblem where there is none, or it is gone."""
        if not self.exports:
            raise WorkspaceProblem("Nothing was exported yet. x writes the handover; then it can be verified.")
        return _read(self.exports[-1])

    def signature_of(self, path: Path, data: bytes) -> Verdict:
        """What the signature beside a handover is worth. A key of one's own counts as known once it is trusted."""
        try:
            signature: bytes | None = disk.read_capped(path.with_name(path.name + SIGNATURE_SUFFIX))
        except FileNotFoundError:
            signature = None
        return check_signature(data, signature, read_keys(self._keys()))

    def trust_key(self, verdict: Verdict) -> str:
        """Remember a signer's key. Raises KeyProblem, WorkspaceProblem."""
        return trust(self._keys(), verdict, self.clock.now().astimezone().date())

    def _keys(self) -> Path:
        """Known keys are the workspace's, whichever project met them first."""
        return self.store.folder("exports").parents[2]

    async def compare_last(self, facts: Facts, step: Step | None = None) -> tuple[Line, ...]:
        """Ask again for every fact of a handover, over this project's network."""
        return await verify(facts, self.project, self.clock, step)

    # ---- signing ----
    async def sign_export(self, path: Path) -> tuple[Signed | None, str]:
        """Sign an export, or say in a sentence why it is not signed. An older signature beside it goes."""
        beside = path.with_name(path.name + SIGNATURE_SUFFIX)
        data = disk.read_capped(path)
        try:
            signed = await sign(self.vault, data, self.clock.now(), who=self._signer(), say=self._note)
            say = (
                "" if signed else "It is not signed: no keyring keeps a key here, and one that is gone proves nothing."
            )
        except (VaultProblem, ValueError) as problem:
            signed, say = None, f"It is not signed: {getattr(problem, 'sentence', str(problem))}"
        if signed is None:
            beside.unlink(missing_ok=True)
        else:
            disk.write_private(beside, signed.text.encode())
        return signed, say

    def _note(self, sentence: str) -> None:
        self.notes = (*self.notes, sentence)

    def _signer(self) -> str:
        """Who hands over: the owner of the domain's account, else whoever the system knows."""
        from launchready_tui.system import user_name

        return self.owners.get("registrar").owner or user_name()

    # ---- a receiver's word ----
    async def give_word(self, who: str, result: Result) -> tuple[Check, ...]:
        """Write a receiver's word beside the last export, and keep it. Raises VaultProblem, WorkspaceProblem."""
        self.may_write()
        path, data = self.last_handover()
        try:
            text = await state_verified(self.vault, data, self.told(who), self.clock.now(), result)
        except ValueError as error:
            raise Problem(str(error)) from error
        disk.write_private(path.with_name(path.name + SUFFIX), text.encode())
        return self.take_word(text.encode())

    def take_word(self, data: bytes) -> tuple[Check, ...]:
        """Keep a receiver's word. Raises NotVerified for one that does not hold, or that is about no export of ours."""
        self.may_write()
        said: Verified = read_verified(data)
        if all(note.sha256 != said.sha256 for note in self.exports):
            raise NotVerified(
                f"{said.name} verified a file that was not exported here (SHA-256 {said.sha256[:12]}…). Send them the "
                "newest handover, and have them verify that."
            )
        kept = {"who": said.name, "at": said.at.isoformat(), "sha256": said.sha256}
        self.write("verified", {**kept, "result": said.result, "words": said.words})
        return self.verify_checks()


def _read(note: ExportNote) -> tuple[Path, bytes]:
    path = Path(note.folder) / HANDOVER_FILE
    try:
        return path, disk.read_capped(path)
    except FileNotFoundError:
        raise WorkspaceProblem(f"{disk.shown(path)} is not there any more. x writes the handover anew.") from None


class LastExport(DriftLook):
    """Compares the last export through the sources of the look that is under way: what a check has asked is free."""

    def __init__(self, exports: tuple[ExportNote, ...], clock: Clock) -> None:
        self._exports, self._clock = exports, clock

    async def view(self, dns: Dns, web: Web, tls: Tls) -> DriftView:
        if not self._exports:
            return DriftView()
        last = self._exports[-1]
        try:
            _, data = _read(last)
            facts = from_handover(read_handover(data))
        except Problem as problem:
            return DriftView(last.at, say=problem.sentence)
        if last.sha256 and digest(data) != last.sha256:
            say = "the file is not as it was exported; somebody wrote in it. Export it anew (x)."
            return DriftView(last.at, say=say)
        seen = await observe(questions(facts), dns, web, tls)
        return DriftView(last.at, compare(facts, seen, self._clock.now()), facts.count)
