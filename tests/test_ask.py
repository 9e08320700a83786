"""`launchready ask`: a line in, a line out, whatever the line is."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import pytest

from launchready_tui.ask import LINE_BYTES, answer, serve
from tests.certs import Authority


async def ask(**line: Any) -> dict[str, Any]:
    told = await answer(json.dumps({"id": 1, **line}))
    assert told["id"] == 1
    return told


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("not json", "bad-json"),
        ("[]", "bad-json"),
        ("[" * 100_000, "bad-json"),
        (b"\xff\xfe", "bad-json"),
        ('{"id": 1}', "bad-kind"),
        ('{"kind": "\\u001b[2J"}', "bad-kind"),
        ('{"kind": "dns"}', "bad-argument"),
        ('{"kind": "dns", "name": "x", "type": "A", "resolver": "nonsense"}', "bad-argument"),
        ('{"kind": "dns", "name": "x", "type": "A", "resolver": "127.0.0.1", "timeout": "x"}', "bad-argument"),
        ('{"kind": "dns", "name": "x", "type": "A;", "resolver": "127.0.0.1"}', "bad-argument"),
        ('{"kind": "redirects", "chain": [{}], "host": "x"}', "bad-argument"),
        ('{"kind": "cert", "chain_pem": "x", "host": "x", "at": "2026-01-01"}', "bad-argument"),
        ('{"kind": "cert", "chain_pem": "x", "host": "x", "at": "soon"}', "bad-argument"),
        ('{"kind": "render", "facts": [], "width": 80}', "bad-argument"),
        ('{"kind": "render", "facts": {}, "width": 1e9}', "bad-argument"),
        ('{"kind": "spf"}', "bad-argument"),
        ('{"kind": "export"}', "bad-argument"),
    ],
)
async def test_what_is_wrong_with_a_line_is_said(line: str | bytes, code: str) -> None:
    told: Any = await answer(line)
    assert told["ok"] is False
    assert told["error"]["code"] == code
    assert "\x1b" not in told["error"]["message"]


async def test_a_flood_on_one_line_is_refused() -> None:
    told: Any = await answer("x" * (LINE_BYTES + 1))
    assert told["error"]["code"] == "too-large"


async def test_redirects() -> None:
    told = await ask(kind="redirects", host="good.example", chain=[{"url": "http://good.example/", "status": 200}])
    assert told["data"] == {"pass": False, "code": "no-https"}


async def test_a_certificate() -> None:
    authority = Authority()
    leaf = authority.leaf("good.example")
    told = await ask(kind="cert", chain_pem=authority.chain_pem(leaf), host="bad.example", at="2026-11-24T00:00:00Z")
    data = told["data"]
    assert "name-mismatch" in data["findings"]
    assert (data["key"], data["sig"], data["sans"]) == ("ecdsa256", "sha256", 1)


async def test_dns_that_nobody_answers() -> None:
    silent, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0)
    )
    port = silent.get_extra_info("sockname")[1]
    try:
        told = await ask(kind="dns", name="good.example", type="A", resolver=f"127.0.0.1:{port}", timeout=0.2)
    finally:
        silent.close()
    assert told["data"] == {"status": "timeout", "records": []}


async def test_an_export_holds_no_secret() -> None:
    fake = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    told = await ask(kind="export", facts={"product": "Good", "note": fake})
    assert told["error"]["code"] == "secret"
    assert fake not in json.dumps(told)


async def test_thousands_of_lines_in_one_process() -> None:
    lines = b"".join(
        json.dumps({"id": i, "kind": "org-domain", "name": f"a{i}.good.example"}).encode() + b"\n" for i in range(3_000)
    )
    said: list[str] = []
    await serve(io.BytesIO(lines + b"\n\nnot json\n"), said.append)
    answers = [json.loads(line) for line in said]
    assert len(answers) == 3_001
    assert {a["id"] for a in answers if a["ok"]} == set(range(3_000))
    assert all("\n" not in line and line.isascii() for line in said)
