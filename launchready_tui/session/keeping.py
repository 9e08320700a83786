"""Where an open project keeps names and tokens: choosing a vault, moving what is kept, and the list of tokens."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from launchready_tui.checks import Check
from launchready_tui.owners import LABELS, Owner, Owners
from launchready_tui.secret import Secret
from launchready_tui.session.connecting import Connecting
from launchready_tui.text import clean, plural
from launchready_tui.vault import Vault, VaultPlace, VaultProblem, token_entry
from launchready_tui.vault.choice import WHERE, Vaults
from launchready_tui.vault.owners import owner_entry, save_owner
from launchready_tui.vaultlook import VaultLook

ENVIRONMENT = "the environment"
_TOKEN, _SESSION = "LAUNCHREADY_TOKEN_", "LAUNCHREADY_SESSION_"
_STORED: tuple[Literal["keyring", "file"], ...] = ("keyring", "file")


@dataclass(frozen=True, slots=True)
class Token:
    """A token by name, never its value. `where` is where it is kept; `reach` is what it was last seen to reach."""

    name: str
    provider: str
    zone: str = ""
    where: str = ""
    at: dt.datetime | None = None
    reach: str = ""
    reached: dt.datetime | None = None
    used: bool = False

    @property
    def kept(self) -> bool:
        """Can it be removed here? What the environment holds cannot."""
        return self.where != ENVIRONMENT


def tokens_of(vaults: Vaults | None, used: Iterable[str] = ()) -> tuple[Token, ...]:
    """Every token that the workspace's list names, and those of the environment. `used` are names in connections."""
    in_use = set(used)
    found: dict[str, Token] = {}
    entries = vaults.index.read().entries if vaults is not None else {}
    for name, entry in entries.items():
        if name.startswith(token_entry("")):
            provider, zone = parts_of(name)
            where = WHERE[entry.place]
            found[name] = Token(name, provider, zone, where, entry.at, entry.reach, entry.reached, name in in_use)
    for name in sorted(in_use - set(found)):  # from before there was a list, or kept for this sitting
        provider, zone = parts_of(name)
        found[name] = Token(name, provider, zone, "where its connection says", used=True)
    for variable in sorted(os.environ):
        for prefix, kind in ((_TOKEN, ""), (_SESSION, "test session ")):
            if variable.startswith(prefix) and os.environ[variable].strip():
                provider = kind + variable.removeprefix(prefix).lower().replace("_", "-")
                found[variable] = Token(clean(variable, limit=200), clean(provider, limit=120), where=ENVIRONMENT)
    return tuple(found.values())


def parts_of(name: str) -> tuple[str, str]:
    """ "token/cloudflare/good.example" as its provider and its zone."""
    provider, _, zone = name.removeprefix(token_entry("")).partition("/")
    return clean(provider, limit=120), clean(zone, limit=260)


class Keeping(Connecting):
    """`vaults` are those that the workspace could keep in; without them there is no choice (the practice startup)."""

    @property
    def vault_wants(self) -> Literal["", "passphrase", "choice"]:
        """What somebody has to say before anything can be stored; "" where nothing."""
        if self.vaults is None or self.vault_trouble is None or self.vault.kind != "session":
            return ""
        return "passphrase" if self.vault_trouble.kind == "file" else "choice"

    @property
    def vault_matters(self) -> bool:
        """Was anything stored, or a vault chosen? Then one that does not open is worth a word at every command."""
        return bool(self._own_names()) or (self.vaults is not None and self.vaults.chosen is not None)

    async def choose_vault(self, kind: VaultPlace, passphrase: Secret | None = None) -> str:
        """Keep names and tokens in a vault of this kind from now on, what is kept already included; returns a sentence.

        Raises VaultProblem where that vault keeps nothing (all stays as it was), WorkspaceProblem on a session for
        reading or where there is no choice.
        """
        self.may_write()
        if self.vaults is None:
            raise VaultProblem("refused", "The practice startup keeps everything for this sitting only.")
        before = self.vaults.chosen
        new = self.vaults.open(kind, passphrase)
        state = await new.probe()
        if not state.ok:
            raise VaultProblem(state.problem or "broken", state.say)
        moved, left = await self._move(new)
        kept = await self._keep_all(new)
        self.vault, self.vault_trouble, self.vault_say = new, None, state.say
        self.vaults.index.choose(kind)
        if self.vaults.told is not None:
            self.vaults.told = kind
        if kind == "file" and passphrase:
            self.vaults.passphrase = passphrase
        await self.load_owners()
        await self.load_tokens()
        count = moved + kept
        said = f"{'Names' if before == kind else 'From now on, names'} and tokens are kept {WHERE[kind]}."
        if count:
            said += f" {plural(count, 'of them was', 'of them were')} moved there."
        if left:
            said += f" {plural(left, 'stays', 'stay')} where {'it was' if left == 1 else 'they were'} stored before."
        return said

    async def _move(self, new: Vault) -> tuple[int, int]:
        """What other vaults keep, put into `new` and taken out there: (how many, how many stay). Into a vault that ends
        with this sitting, nothing is moved away from where it lasts."""
        assert self.vaults is not None
        entries = self.vaults.index.read().entries
        moved = left = 0
        for place in _STORED:
            names = [name for name, entry in entries.items() if entry.place == place]
            names += [name for name in self._own_names() if place == self.vault.kind and name not in names]
            if place == new.kind or not names:
                continue
            source = self.vault if self.vault.kind == place else self.vaults.open(place)
            source.index = None  # the list is the new vault's to write
            for name in names:
                try:
                    value = await source.get(name)
                    if value is None:
                        continue
                    if new.kind == "session":
                        left += 1
                        if name in self._own_names():
                            await new.put(name, value)
                        continue
                    await new.put(name, value)
                    moved += 1
                    await source.delete(name)
                except VaultProblem as problem:
                    self.notes += (f"{name}: {problem.sentence}",)
                    left += 1
                    if problem.kind in ("none", "unsafe", "waiting", "sealed", "slow"):
                        left += len(names) - names.index(name) - 1
                        break
        return moved, left

    def _own_names(self) -> list[str]:
        """The names under which this project's own are kept."""
        owners = [owner_entry(self.project.domain, system) for system in sorted(self._ledger.owners)]
        return owners + [each["secret"] for each in self.project.connections if each.get("secret")]

    async def _keep_all(self, new: Vault) -> int:
        """What this sitting alone knows, put into `new`; how many that were."""
        kept = 0
        for owner in self.owners.all():
            if owner == Owner(owner.system) or await new.get(owner_entry(self.project.domain, owner.system)):
                continue
            await save_owner(new, self.project.domain, owner)
            kept += 1
            if new.kind != "session":
                self.write("owner-stored", {"system": owner.system})
        for connection in self.project.connections:
            entry = connection.get("secret", "")
            if entry in self._secrets and await new.get(entry) is None:
                await new.put(entry, self._secrets[entry])
                kept += 1
        return kept

    def hold_owner(self, owner: Owner, problem: VaultProblem) -> tuple[Check, ...]:
        """An owner that the vault did not take, for this sitting; a note says why. Returns the checks to look at again.
        What no vault can take is raised again."""
        if problem.kind == "refused":
            raise problem
        self._hold(owner)
        self.notes += (f"Not stored: {LABELS[owner.system]}. {problem.sentence} It is kept for this sitting only.",)
        return tuple(check for check in self.checks if any(need.type is Owners for need in check.needs))

    def vault_checks(self) -> tuple[Check, ...]:
        """The checks that look at the vault."""
        return tuple(check for check in self.checks if any(need.type is VaultLook for need in check.needs))

    # ---- tokens ----
    def tokens(self) -> tuple[Token, ...]:
        """Every token by name: of this workspace, and of the environment."""
        used = [one["secret"] for one in self.project.connections if one.get("secret")]
        return tokens_of(self.vaults, used)

    async def remove_token(self, name: str) -> str:
        """Delete a token here, and this project's connection with it; returns a sentence. Raises VaultProblem."""
        self.may_write()
        gone = [one for one in self.project.connections if one.get("secret") == name]
        if gone:
            self._secrets.pop(name, None)
            self._save_connections(one for one in self.project.connections if one.get("secret") != name)
            self.reach = None
            for one in gone:
                self.write("disconnected", {"kind": one["kind"], "zone": one.get("zone", "")})
        await self.vault.delete(name)
        provider, zone = parts_of(name)
        return (
            f"The token for {provider or 'it'}{f' and {zone}' if zone else ''} is deleted here. At the provider it "
            "stays valid until you delete it there as well."
        )
