"""email.bimi.record: present and valid, present and broken, absent; and never more than worth knowing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from launchready_tui.mail.bimi import parse
from launchready_tui.model import Status
from launchready_tui.sources import dns, web
from tests.world import NAME, CannedWeb, Row, World, found, hold

BIMI, DMARC = f"default._bimi.{NAME}", f"_dmarc.{NAME}"
LOGO, PROOF = f"https://{NAME}/logo.svg", f"https://{NAME}/vmc.pem"
SVG = '<?xml version="1.0"?><svg version="1.2" baseProfile="tiny-ps" viewBox="0 0 1 1"><title>x</title></svg>'
TYPE = (("content-type", "image/svg+xml"),)
SOUND: dict[str, web.Reply] = {
    LOGO: web.Page(LOGO, 206, (*TYPE, ("content-range", "bytes 0-2047/9000")), SVG.encode()),
    PROOF: web.Page(PROOF, 200, (("content-type", "application/x-pem-file"),), b"-----BEGIN CERTIFICATE-----\nMII"),
}


def names(
    *texts: str, pages: Mapping[str, web.Reply] | None = None, dmarc: str = "p=reject", answer: dns.Answer | None = None
) -> World:
    return World(
        dns={
            (BIMI, "TXT"): answer or found(BIMI, "TXT", *texts),
            (DMARC, "TXT"): found(DMARC, "TXT", f"v=DMARC1; {dmarc}; rua=mailto:d@{NAME}"),
        },
        web={**SOUND, **(pages or {})},
    )


def logo(reply: web.Reply) -> World:
    return names(GOOD, pages={LOGO: reply})


GOOD = f"v=BIMI1; l={LOGO}; a={PROOF}"
TABLE: dict[str, list[Row]] = {
    "email.bimi.record": [
        Row("sound", names(GOOD), Status.INFO, "with a certificate for it"),
        Row("without a certificate", names(f"v=BIMI1; l={LOGO};"), Status.INFO, "Gmail does not show it"),
        Row("absent", World(), Status.INFO, "names no logo"),
        Row("a wildcard's text", names("v=spf1 -all"), Status.INFO, "names no logo"),
        Row("declined", names("v=BIMI1; l=; a=;"), Status.INFO, "no logo is to stand"),
        Row("two records", names(GOOD, "v=BIMI1; l=https://x.example/y.svg"), Status.INFO, "2 records"),
        Row("http", names("v=BIMI1; l=http://good.example/logo.svg"), Status.INFO, "must be an https address"),
        Row("a PNG", names("v=BIMI1; l=https://good.example/logo.png"), Status.INFO, "must be an SVG file"),
        Row("no logo", names("v=BIMI1; a=https://good.example/vmc.pem"), Status.INFO, "no logo (l)"),
        Row("another version", names(f"v=bimi1; l={LOGO}"), Status.INFO, "must start with"),
        Row("DMARC is only watching", names(GOOD, dmarc="p=none"), Status.INFO, "quarantine or reject"),
        Row("DMARC in test mode", names(GOOD, dmarc="p=quarantine; t=y"), Status.INFO, "quarantine or reject"),
        Row("names below are not covered", names(GOOD, dmarc="p=reject; sp=none"), Status.INFO, "names below it too"),
        Row("404", logo(web.Page(LOGO, 404)), Status.INFO, "answers 404"),
        Row("refused", logo(web.NoPage(LOGO, "refused", "refused our connection", fact=True)), Status.INFO, "refused"),
        Row("silent", logo(web.NoPage(LOGO, "timeout", "said nothing")), Status.INFO, "could not tell"),
        Row("elsewhere", logo(web.Page(LOGO, 302, (("location", "/new.svg"),))), Status.INFO, "could not tell"),
        Row("a page", logo(web.Page(LOGO, 200, (("content-type", "text/html"),), b"<html>")), Status.INFO, "text/html"),
        Row("an ordinary SVG", logo(web.Page(LOGO, 200, TYPE, b"<svg viewBox='0 0 1 1'>")), Status.INFO, "Tiny PS"),
        Row(
            "too large",
            logo(web.Page(LOGO, 206, (*TYPE, ("content-range", "bytes 0-2047/90000")), SVG.encode())),
            Status.INFO,
            "90,000 bytes",
        ),
        Row(
            "no certificate there",
            names(GOOD, pages={PROOF: web.Page(PROOF, 200, (), b"<html>")}),
            Status.INFO,
            "no certificate (PEM)",
        ),
        Row("silence", names(answer=dns.TimedOut(BIMI, "TXT", 4.0)), Status.UNKNOWN, "another look"),
        Row(
            "a record full of escapes",
            names("v=BIMI1; l=https://\x1b[2J\u202egood.example/x.svg; \x07=1; l=2"),
            Status.INFO,
            hostile=True,
        ),
        Row(
            "a logo full of escapes",
            logo(web.Page(LOGO, 200, (("content-type", "\x1b]0;x\x07"),), b"\x1b[2J" * 100)),
            Status.INFO,
            hostile=True,
        ),
    ],
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


async def test_only_the_first_bytes_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, tuple[tuple[str, str], ...], int | None]] = []
    real = CannedWeb.get

    async def get(self: CannedWeb, url: str, **how: object) -> web.Reply:
        asked.append((url, how.get("headers"), how.get("most")))  # type: ignore[arg-type]
        return await real(self, url)

    monkeypatch.setattr(CannedWeb, "get", get)
    await hold("email.bimi.record", Row("sound", names(GOOD), Status.INFO))
    assert asked == [(url, (("range", "bytes=0-2047"),), 2_048) for url in (LOGO, PROOF)]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        (GOOD, 0),
        ("v = BIMI1 ; l = https://x.example/a.svg", 0),
        ("v=BIMI1;l=;", 0),
        ("v=BIMI1", 1),
        ("v=BIMI1; l=https://[/a.svg", 1),
        ("v=BIMI1; l=//x.example/a.svg", 1),
        ("v=BIMI1; oops; l=https://x.example/a.svg", 1),
        ("v=BIMI2; l=https://x.example/a.svg", 1),
        (";" * 50_000, 1),
    ],
)
def test_records(text: str, errors: int) -> None:
    assert len(parse(text).errors) == errors
