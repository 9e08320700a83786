"""Values that must never be seen, in every form in which they might be."""

from __future__ import annotations

import base64
import html
import json
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

TOKEN = 'cnry-Zx81k/Qw0Pms+T42é"LrVb=Nd'  # given to the session
NAMED = 'cnry-Hn52r/Bq9Ktd+W77ü"MsXp=Ga'  # LAUNCHREADY_TOKEN_… of the environment
_UNPACKED = 10_000_000
KEY = b"cnry-tsig-key-of-32-bytes-9f3a7c"  # of the practice name server, in base64 where it is used


def forms(value: str | bytes) -> frozenset[bytes]:
    """Plain, base64 and base64url (wherever it starts in a longer text), base32, hex, URL encoding, UTF-16, reversed,
    as JSON and HTML write it. What is packed (gzip, zlib) is unpacked by `seen`."""
    data = value.encode() if isinstance(value, str) else value
    text = data.decode()
    found = {data, data[::-1], text[::-1].encode(), data.hex().encode(), data.hex().upper().encode()}
    for shift in range(3):
        whole = base64.b64encode(bytes(shift) + data).rstrip(b"=")
        part = whole[(0, 2, 3)[shift] : -1]
        found |= {part, part.replace(b"+", b"-").replace(b"/", b"_")}
    every = "".join(f"%{byte:02x}" for byte in data)
    found |= {every.encode(), every.upper().encode()}
    found |= {
        "".join(
            chr(byte) if (byte < 128 and chr(byte).isalnum()) or chr(byte) in kept else f"%{byte:02X}" for byte in data
        ).encode()
        for kept in ("-", "-_.~", "-_.~/")
    }
    found |= {json.dumps(text)[1:-1].encode(), json.dumps(text, ensure_ascii=False)[1:-1].encode()}
    found |= {html.escape(text).encode(), repr(text)[1:-1].encode()}
    found |= {text.encode("utf-16-le"), text.encode("utf-16-be")}
    for shift in range(5):
        whole = base64.b32encode(bytes(shift) + data).rstrip(b"=")
        found.add(whole[(shift * 8 + 4) // 5 : -1])
    return frozenset(found)


def unpacked(data: bytes) -> Iterator[bytes]:
    """What stands compressed inside other bytes, wherever it starts."""
    for match in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", data):
        try:
            yield zlib.decompressobj(47).decompress(data[match.start() :], _UNPACKED)  # 47: gzip or zlib
        except zlib.error:
            continue


def seen(where: Mapping[str, bytes], canaries: Iterable[str | bytes]) -> list[str]:
    """The places that hold a canary in any form, line ends and spaces left out as well. Names the place alone."""
    needles = frozenset().union(*(forms(canary) for canary in canaries))
    out = []
    for name, data in where.items():
        for each in (data, *unpacked(data)):
            closed = re.sub(rb"\s+", b"", each)
            if any(needle in each or needle in closed for needle in needles):
                out.append(name)
                break
    return out


def words_of(svg: str) -> bytes:
    """The text of a screenshot, its lines one after the other."""
    return html.unescape(re.sub(r"<[^>]*>", "", svg)).replace("\xa0", " ").encode()


def files_under(root: Path, *, without: Iterable[Path] = ()) -> dict[str, bytes]:
    """Every file below a folder by its path, the path itself included in what is searched."""
    left_out = tuple(without)
    return {
        str(path): str(path).encode() + b"\n" + path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(path.is_relative_to(out) for out in left_out)
    }
