"""`launchready ask`: the judges, for scripts. JSON lines in, JSON lines out, never interactive.

A line is {"id": …, "kind": "dns", …}; its answer {"id": …, "ok": true, "data": {…}} or {"id": …, "ok": false, "error":
{"code": …, "message": …}}. Several are worked on at once; answers come as they are ready, so match them by id.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import IO, Any

from launchready_tui.ask.kinds import KINDS, BadArgument, Refused
from launchready_tui.text import clean

AT_ONCE = 16  # lines worked on at the same time; ours
LINE_BYTES = 24_000_000  # one line: a message of 16 MB in base64; all else is far smaller


async def answer(line: str | bytes) -> dict[str, object]:
    """One line's answer. Never raises: what is wrong with the line is said in the answer."""
    ident: object = None
    try:
        if len(line) > LINE_BYTES:
            return _error(None, "too-large", f"One line holds at most {LINE_BYTES:,} bytes.")
        asked = json.loads(line)
        if not isinstance(asked, dict):
            return _error(None, "bad-json", "A line is one JSON object.")
        ident = asked.get("id")
        kind = asked.get("kind")
        if not isinstance(kind, str) or kind not in KINDS:
            return _error(
                ident, "bad-kind", f"There is no kind {clean(str(kind), limit=60)}. Kinds: {', '.join(KINDS)}."
            )
        return {"id": ident, "ok": True, "data": await KINDS[kind](asked)}
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
        return _error(None, "bad-json", "The line is not JSON.")
    except Refused as error:
        return _error(ident, error.code, str(error))
    except BadArgument as error:
        return _error(ident, "bad-argument", str(error))
    except Exception as error:  # noqa: BLE001  one line never ends the process; its author is told
        return _error(ident, "failed", f"We could not work this out: {type(error).__name__}: {error}")


def _error(ident: object, code: str, message: str) -> dict[str, object]:
    return {"id": ident, "ok": False, "error": {"code": code, "message": clean(message)}}


async def _lines(stream: IO[bytes]) -> AsyncIterator[bytes]:
    """Lines of a blocking stream, read on a thread of ours (an executor would hold the exit)."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[bytes | None] = asyncio.Queue(maxsize=AT_ONCE * 4)

    def read() -> None:
        try:
            for line in stream:
                asyncio.run_coroutine_threadsafe(queue.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(queue.put(None), loop).result()
        except (RuntimeError, OSError, ValueError, asyncio.CancelledError):
            return  # the loop is closed: nobody reads any more

    threading.Thread(target=read, daemon=True, name="ask").start()
    while (line := await queue.get()) is not None:
        yield line


async def serve(stream: IO[bytes], say: Callable[[str], Any]) -> None:
    """Answer every line of `stream` through `say`, at most AT_ONCE at a time."""
    room = asyncio.Semaphore(AT_ONCE)
    tasks: set[asyncio.Task[None]] = set()

    async def one(line: bytes) -> None:
        try:
            say(encode(await answer(line)))
        finally:
            room.release()

    async for line in _lines(stream):
        if not line.strip():
            continue
        await room.acquire()
        task = asyncio.create_task(one(line))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
    await asyncio.gather(*tasks)


def encode(data: Mapping[str, object]) -> str:
    """One line of JSON in plain ASCII, so that no terminal acts on what a server said."""
    return json.dumps(data, ensure_ascii=True, separators=(",", ":"), default=str)
