"""The practice name server as dig and nsupdate see it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.practice.test_nameserver import GOOD, KEY, serving
from tests.real.servers import binary, require

pytestmark = pytest.mark.real

SECRET = base64.b64encode(KEY.secret).decode()


@pytest.fixture(autouse=True)
def _tools() -> None:
    require("dig", "nsupdate")


async def output(program: str, *arguments: str, said: str | None = None) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        binary(program) or program,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(20):
        out, _ = await process.communicate((said or "").encode())
    assert process.returncode is not None
    return process.returncode, out.decode()


async def dig(port: int, *arguments: str) -> str:
    code, out = await output("dig", "@127.0.0.1", "-p", str(port), "+tries=1", "+time=3", *arguments)
    assert code == 0, out
    assert "malformed" not in out
    assert "WARNING" not in out
    return out


Sees = Callable[[str], bool]


@pytest.mark.parametrize(
    ("arguments", "sees"),
    [
        (("+short", "www.good.example", "A"), lambda out: out.split() == ["good.example.", "127.0.0.1"]),
        (("+short", "+tcp", "x.wild.good.example", "A"), lambda out: out.split() == ["127.0.0.4"]),
        (("missing.good.example", "A"), lambda out: "status: NXDOMAIN" in out and "\tSOA\t" in out and " aa " in out),
        (("good.example", "AAAA"), lambda out: "status: NOERROR" in out and "ANSWER: 0" in out and "\tSOA\t" in out),
        (("away.example", "NS"), lambda out: "ns.away.example.\t300\tIN\tA\t127.0.0.9" in out and " aa " not in out),
        (
            ("big.good.example", "TXT"),
            lambda out: "Truncated, retrying in TCP mode" in out and out.count("x" * 250) == 8,
        ),
        (("+noedns", "+ignore", "big.good.example", "TXT"), lambda out: " tc " in out),
        (("+edns=9", "+noednsnegotiation", "good.example", "A"), lambda out: "status: BADVERS" in out),
        (("www.python.org", "A"), lambda out: "status: REFUSED" in out),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
async def test_dig_sees(arguments: tuple[str, ...], sees: Sees) -> None:
    async with serving() as port:
        out = await dig(port, *arguments)
    assert sees(out), out


async def test_dig_copies_the_zone_with_its_key_and_not_without() -> None:
    async with serving() as port:
        copy = await dig(port, "-y", f"hmac-sha256:editor:{SECRET}", "good.example", "AXFR")
        none = await dig(port, "good.example", "AXFR")
        forged = f"hmac-sha256:editor:{base64.b64encode(b'else').decode()}"
        _, wrong = await output("dig", "@127.0.0.1", "-p", str(port), "-y", forged, "good.example", "A")
    assert copy.count("\tSOA\t") == 2
    assert "*.wild.good.example." in copy
    assert "Transfer failed" in none
    assert "BADSIG" in wrong


async def test_nsupdate_changes_the_zone_under_its_prerequisites(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_text(f'key "editor" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n')
    async with serving() as port:
        head = f"server 127.0.0.1 {port}\nzone {GOOD}\n"
        code, out = await output(
            "nsupdate",
            "-k",
            str(key),
            said=f"{head}prereq yxrrset www.{GOOD} CNAME {GOOD}\nupdate delete www.{GOOD} CNAME\n"
            f"update add www.{GOOD} 60 A 127.0.0.8\nsend\n",
        )
        assert code == 0, out
        assert (await dig(port, "+short", "www.good.example", "A")).split() == ["127.0.0.8"]
        code, out = await output(
            "nsupdate",
            "-k",
            str(key),
            said=f"{head}prereq nxdomain www.{GOOD}\nupdate add www.{GOOD} 60 A 127.0.0.9\nsend\n",
        )
        assert code != 0
        assert "YXDOMAIN" in out
        code, out = await output("nsupdate", said=f"{head}update delete www.{GOOD}\nsend\n")
        assert code != 0
        assert "REFUSED" in out
        assert (await dig(port, "+short", "www.good.example", "A")).split() == ["127.0.0.8"]
