"""What people say about keys that a scan found, and the key under which their fingerprints are made."""

from __future__ import annotations

import datetime as dt

from launchready_tui.checks import Check
from launchready_tui.options import BadOption
from launchready_tui.secret import Secret
from launchready_tui.secretmarks import Mark, SecretMarks, encode, place_of
from launchready_tui.secretscan.report import Found
from launchready_tui.secretscan.source import ScanKey, Scanned, SecretScan
from launchready_tui.session.known import Known
from launchready_tui.sources.repo import NoRepo, Repo
from launchready_tui.vault import VaultProblem

_ENTRY = "scan-key/"
PARTS = ("worktree", "history")


class Marking(Known):
    """A mark counts for one key by its fingerprint. The key of the fingerprints is in the vault from the first mark
    on; where there is none, a key in the history is known again by its place, which never changes."""

    _scan_key: ScanKey | None = None
    _key_kept = False

    @property
    def scan_key(self) -> ScanKey:
        if self._scan_key is None:
            self._scan_key = ScanKey()
        return self._scan_key

    @property
    def secret_marks(self) -> SecretMarks:
        return SecretMarks(self._ledger.marks)

    def things(self) -> tuple[object, ...]:
        return (*super().things(), self.scan_key, self.secret_marks)

    async def prepare(self) -> None:
        await super().prepare()
        if self._ledger.marks and self.vault.kind != "session":
            try:
                kept = await self.vault.get(_ENTRY + self.project.domain)
            except VaultProblem as problem:
                self.notes += (problem.sentence,)
                return
            if kept is not None:
                self._scan_key, self._key_kept = ScanKey(bytes.fromhex(kept.reveal())), True

    async def found_keys(self, *, again: bool = False) -> tuple[dict[str, Scanned | NoRepo], SecretMarks]:
        """What the last look found by part ("worktree", "history"); looked for now where there was none, or `again`."""
        known: dict[str, Scanned | NoRepo] = dict(self.scan_key.last)
        if not self.project.repo:
            return {}, self.secret_marks
        if again or any(part not in known for part in PARTS):
            repo, scan = Repo(self.project), SecretScan(self.scan_key)
            try:
                known = {"worktree": await scan.worktree(repo), "history": await scan.history(repo)}
            finally:
                await scan.aclose()
                await repo.aclose()
        return known, self.secret_marks

    async def mark_rotated(self, found: Found, day: dt.date, who: str) -> tuple[Check, ...]:
        """A new key was made in the place of this one. Raises BadOption for a day that cannot be."""
        today = self.clock.now().astimezone().date()
        if day > today + dt.timedelta(days=1):  # the founder's day may be ahead of ours
            raise BadOption(f"A new one cannot have been made on {day.isoformat()}, which is still to come.")
        if found.day and day.isoformat() < found.day:
            raise BadOption(f"The key came into your history on {found.day}: a new one was made on that day or later.")
        return await self._mark(Mark(found.print, place_of(found), "rotated", self.told(who), self.clock.now(), day))

    async def mark_false(self, found: Found, reason: str, who: str) -> tuple[Check, ...]:
        """A person says that it is no key, and why. Raises BadOption without a reason."""
        if not reason.strip():
            raise BadOption("Say why it is no key: a test's made-up value, say.")
        mark = Mark(
            found.print, place_of(found), "false-alarm", self.told(who), self.clock.now(), reason=self.told(reason)
        )
        return await self._mark(mark)

    def unmark(self, found: Found, who: str) -> tuple[Check, ...]:
        """Take back what was said of it. Raises BadOption where nothing was."""
        mark = self.secret_marks.of(found)
        if mark is None:
            raise BadOption("Nothing was said of this key yet.")
        self.write("secret-unmarked", {"print": mark.print, "place": mark.place, "by": self.told(who)})
        return self._mark_checks()

    async def _mark(self, mark: Mark) -> tuple[Check, ...]:
        self.may_write()
        await self._keep_key()
        self.write("secret-marked", encode(mark))
        return self._mark_checks()

    async def _keep_key(self) -> None:
        """From the first mark on, so that the next sitting makes the same fingerprints."""
        if self._key_kept or self.vault.kind == "session":
            return
        try:
            await self.vault.put(_ENTRY + self.project.domain, Secret(self.scan_key.key.hex()))
            self._key_kept = True
        except VaultProblem as problem:
            self.notes += (problem.sentence,)

    def _mark_checks(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if any(need.type is SecretMarks for need in check.needs))
