"""The RFC 7208 test suite through `launchready ask` as a process of its own, on real name servers, verdict by verdict.

Explanations count too. Every case that comes out otherwise stands in DIFFERENT, with its reason.
"""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from pathlib import Path

from tests.command import launchready
from tests.mail.suite import SuiteCase, SuiteServer, scenarios

SILENCE_SECONDS = 5.0  # a silent name takes all of it; the other answers of its world come at once
SECONDS = 30.0
# name of the case -> (what we say, why). Empty: we say what the suite says.
DIFFERENT: dict[str, tuple[str, str]] = {}


async def outcomes(home: Path) -> list[tuple[SuiteCase, str, str]]:
    """Every case of the suite with (result, explanation) as `ask` gives them."""
    lines: list[bytes] = []
    cases: list[SuiteCase] = []
    async with AsyncExitStack() as stack:
        for scenario in scenarios():
            server = SuiteServer(scenario)
            port = await server.start()
            stack.push_async_callback(server.aclose)
            for case in scenario.cases:
                asked = {
                    "id": len(cases),
                    "kind": "spf",
                    "ip": case.ip,
                    "helo": case.helo,
                    "sender": case.sender,
                    "resolver": f"127.0.0.1:{port}",
                    "timeout": SILENCE_SECONDS if scenario.has_silence else SECONDS,
                }
                lines.append(json.dumps(asked).encode() + b"\n")
                cases.append(case)
        ran = await launchready("ask", home=home, stdin=b"".join(lines))
    assert ran.status == 0, ran.err
    answers = {told["id"]: told for told in map(json.loads, ran.out.splitlines())}
    assert all(told["ok"] for told in answers.values()), [told for told in answers.values() if not told["ok"]]
    said = [answers[number]["data"] for number in range(len(cases))]
    return [(case, told["result"], told["explanation"]) for case, told in zip(cases, said, strict=True)]


async def test_the_whole_suite(tmp_path: Path) -> None:
    told = await outcomes(tmp_path)
    wrong, second_best = {}, []
    for case, result, explanation in told:
        right = result in case.results and case.explanation in (None, explanation)
        if not right:
            wrong[case.name] = (
                f"{case.scenario} ({case.spec}): {result} {explanation!r}, not {case.results} {case.explanation!r}"
            )
        elif result != case.results[0]:
            second_best.append(case.name)
    print(f"{len(told) - len(wrong)} of {len(told)} cases as the suite has them; allowed, not preferred: {second_best}")
    explained = [case for case, _, _ in told if case.explanation]
    assert len(explained) == 14  # the suite's own words were read, and not left out
    assert len(told) == 203
    assert set(wrong) == set(DIFFERENT), wrong
