"""Files of the founder's repository: write one, or let git stop tracking one. Nothing of the repository is run."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import replace as replace_step
from pathlib import Path

from launchready_tui.disk import WorkspaceProblem, read_capped
from launchready_tui.fixes.model import FixProblem, Kind, Moved, State, Step
from launchready_tui.fixes.planning import AS_IT_LIES
from launchready_tui.sources.git import NoGit, git, git_write, reason
from launchready_tui.system import replace, sync_folder


class CodeFolder:
    """A step's `type` is "text" (`values` is the whole text) or "tracked" (`values` is "mode blob" of git's index)."""

    kind: Kind = "file"
    zone = ""

    def __init__(self, folder: Path) -> None:
        self._top = _top_of(folder)

    @property
    def name(self) -> str:
        return f"the code folder {self._top.name}"

    def _path(self, name: str) -> Path:
        path = (self._top / name).resolve()
        if not path.is_relative_to(self._top.resolve()) or _is_gits(name):
            raise FixProblem(f"{name} is not inside the code folder.")
        if (self._top / name).is_symlink():
            raise FixProblem(f"{name} is a link; change the file that it leads to by hand.")
        return path

    async def _git(self, *arguments: str, writes: bool = False) -> bytes:
        said = await (git_write if writes else git)(str(self._top), *arguments)
        if isinstance(said, NoGit) or said.code:
            why = said.say if isinstance(said, NoGit) else reason(said.err)
            raise FixProblem(f"Git did not do it: {why}.")
        return said.out

    async def read(self, name: str, type: str) -> State:
        path = self._path(name)
        try:
            if type == "tracked":
                staged = await self._git("ls-files", "-z", "--stage", "--", f":(literal){name}")
                fields = staged.split(b"\0")[0].decode("utf-8", "replace").split("\t")[0].split(" ")
                return State((f"{fields[0]} {fields[1]}",)) if len(fields) == 3 else State()
            return State((read_capped(path).decode("utf-8"),))
        except FileNotFoundError:
            return State()
        except (WorkspaceProblem, OSError, UnicodeDecodeError) as error:
            raise FixProblem(f"We could not read {name}: it is not a text file that we may open.") from error

    async def count(self) -> int | None:
        return None

    @property
    def atomic(self) -> bool:
        return False

    async def complete(self, step: Step) -> Step:
        """A file that git is to track gets the mode and the name of its content, as it lies there now."""
        if step.type != "tracked" or step.after.values != (AS_IT_LIES,):
            return step
        path = self._path(step.name)
        if not path.is_file():
            raise FixProblem(f"{step.name} is not there any more. Look again.")
        blob = (await self._git("hash-object", "--no-filters", "--", step.name)).decode().strip()
        mode = "100755" if os.access(path, os.X_OK) and os.name == "posix" else "100644"
        return replace_step(step, after=State((f"{mode} {blob}",)))

    async def conflicts(self, step: Step) -> tuple[Step, ...]:
        return ()

    async def write(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if (await self.read(step.name, step.type)).values != step.before.values:
                raise Moved(f"{step.name} changed since the plan was made. Nothing was changed; look again.")
        for step in steps:
            path = self._path(step.name)
            try:
                if step.type == "tracked" and step.after.values:
                    mode, blob = step.after.values[0].split(" ")
                    await self._keep_content(step.name, blob)
                    await self._git("update-index", "--add", "--cacheinfo", f"{mode},{blob},{step.name}", writes=True)
                elif step.type == "tracked":
                    await self._git("update-index", "--force-remove", "--", step.name, writes=True)
                elif step.after.values:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    put_in_place(path, step.after.values[0].encode())
                else:
                    path.unlink()
            except OSError as error:
                raise FixProblem(f"We could not write {step.name}: {error.strerror}.") from error

    async def _keep_content(self, name: str, blob: str) -> None:
        """See to it that git has a content before its index names it. Raises Moved where the file is another by now."""
        said = await git(str(self._top), "cat-file", "-e", blob)
        if isinstance(said, NoGit) or said.code:
            now = (await self._git("hash-object", "-w", "--no-filters", "--", name)).decode().strip()
            if now != blob:
                raise Moved(f"{name} changed since the plan was made. Nothing was changed; look again.")


def _top_of(folder: Path) -> Path:
    """The top of the work tree around a folder: paths of a fix start there. The folder itself where there is no git."""
    here = folder.expanduser().resolve()
    return next((at for at in (here, *here.parents) if (at / ".git").exists()), here)


def _is_gits(name: str) -> bool:
    """Git's own folder, also as file systems without case and Windows' short names spell it."""
    return any(part.casefold().rstrip(". ") in (".git", "git~1") for part in Path(name).parts)


def put_in_place(path: Path, data: bytes) -> None:
    """Put a file in place at once, with the rights that the old one had. Raises OSError; the old one is kept then."""
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        new = Path(file.name)
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            new.chmod(mode)
        except OSError:
            new.unlink(missing_ok=True)
            raise
    try:
        replace(new, path)
        sync_folder(path.parent)
    except OSError:
        new.unlink(missing_ok=True)
        raise
