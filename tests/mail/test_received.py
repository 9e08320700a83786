"""Who delivered a message, and what its receiver recorded, in the forms that real servers write."""

from __future__ import annotations

import datetime as dt

import authres
import pytest

from launchready_tui.mail import authres as ours
from launchready_tui.mail.message import Message, read
from launchready_tui.mail.received import delay, delivered, hops

GMAIL = """Delivered-To: ada@gmail.com
Received: by 2002:a05:6402:1d55:b0:5c9:4a5c:1b2d with SMTP id dz21csp123456edb;
        Mon, 23 Nov 2026 01:00:05 -0800 (PST)
X-Received: by 2002:a17:902:e5c7 with SMTP id u7mr1; Mon, 23 Nov 2026 01:00:04 -0800 (PST)
ARC-Authentication-Results: i=1; mx.google.com; dkim=pass header.i=@good.example
Return-Path: <bounce@em.good.example>
Received: from out.mailer.example (out.mailer.example. [93.184.215.14])
        by mx.google.com with ESMTPS id a1-20020a1709.2026.11.23.01.00.04
        for <ada@gmail.com>
        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);
        Mon, 23 Nov 2026 01:00:04 -0800 (PST)
Received-SPF: pass (google.com: domain of bounce@em.good.example designates 93.184.215.14 as permitted sender)
        client-ip=93.184.215.14;
Authentication-Results: mx.google.com;
       dkim=pass header.i=@good.example header.s=s1 header.b=abc;
       spf=pass (google.com: domain of bounce@em.good.example) smtp.mailfrom=bounce@em.good.example;
       dmarc=pass (p=NONE sp=NONE dis=NONE) header.from=good.example
"""
WORKSPACE = """Received: by 2002:a05:6402:1d55:0:0:0:0 with SMTP id dz21; Mon, 23 Nov 2026 01:00:05 -0800 (PST)
Return-Path: <ada@good.example>
Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41])
        by mx.google.com with SMTPS id a1; Mon, 23 Nov 2026 01:00:04 -0800 (PST)
Received-SPF: pass (google.com: domain of ada@good.example) client-ip=209.85.220.41;
Authentication-Results: mx.google.com; spf=pass smtp.mailfrom=ada@good.example
Received: by mail-sor-f41.google.com with SMTP id x1; Mon, 23 Nov 2026 01:00:02 -0800 (PST)
"""
OUTLOOK = """Received: from DB9P251MB0001.EURP251.PROD.OUTLOOK.COM (2603:10a6:10:2c4::9)
 by AM9P251MB0002.EURP251.PROD.OUTLOOK.COM with HTTPS; Mon, 23 Nov 2026 09:00:06 +0000
Received: from DU2PR04CA0001.eurprd04.prod.outlook.com (2603:10a6:10:3b::6) by
 DB9P251MB0001.EURP251.PROD.OUTLOOK.COM (2603:10a6:10:2c4::9) with Microsoft SMTP
 Server id 15.20.1; Mon, 23 Nov 2026 09:00:05 +0000
Return-Path: bounce@em.good.example
Received: from out.mailer.example (93.184.215.14) by
 DU6PEPF0000B61B.mail.protection.outlook.com (10.167.8.132) with Microsoft SMTP
 Server (version=TLS1_3) id 15.20.1 via Frontend Transport; Mon, 23 Nov 2026 09:00:04 +0000
Authentication-Results: spf=pass (sender IP is 93.184.215.14)
 smtp.mailfrom=em.good.example; dkim=pass (signature was verified)
 header.d=good.example;dmarc=pass action=none header.from=good.example
"""
OUTLOOK_365 = """Received: from AM0PR01MB1.eurprd01.prod.exchangelabs.com (2603:10a6:208::1)
 by VI1PR01MB2.eurprd01.prod.exchangelabs.com with HTTPS; Mon, 23 Nov 2026 09:00:07 +0000
Received: from DB5EUR01FT1.eop-EUR01.prod.protection.outlook.com
 (2603:10a6:10:be:cafe::21) by DB8PR03CA1.outlook.office365.com
 (2603:10a6:10:be::22) with Microsoft SMTP Server (version=TLS1_3,
 cipher=TLS_AES_256_GCM_SHA384) id 15.20.2 via Frontend Transport; Mon, 23 Nov 2026 09:00:06 +0000
Authentication-Results: spf=pass (sender IP is 93.184.215.14)
 smtp.mailfrom=em.good.example; dkim=pass (signature was verified)
 header.d=good.example;dmarc=pass action=none header.from=good.example
Received-SPF: Pass (protection.outlook.com: domain of em.good.example
 designates 93.184.215.14 as permitted sender) receiver=protection.outlook.com;
 client-ip=93.184.215.14; helo=out.mailer.example; pr=C
Received: from out.mailer.example (93.184.215.14) by
 DB5EUR01FT1.mail.protection.outlook.com (10.152.4.1) with Microsoft
 SMTP Server (version=TLS1_3) id 15.20.3 via Frontend Transport; Mon, 23 Nov 2026 09:00:05 +0000
"""
POSTFIX = """Return-Path: <bounce@good.example>
X-Original-To: ada@inbox.example
Authentication-Results: mail.inbox.example; dkim=pass (2048-bit key; unprotected) header.d=good.example header.s=s1
Received: from localhost (localhost [127.0.0.1])
\tby mail.inbox.example (Postfix) with ESMTP id 4A; Mon, 23 Nov 2026 09:00:05 +0000 (UTC)
Received: from out.good.example (out.good.example [IPv6:2a00:1450:4001::1])
\t(using TLSv1.3 with cipher X (256/256 bits))
\tby mail.inbox.example (Postfix) with ESMTPS id 4B
\tfor <ada@inbox.example>; Mon, 23 Nov 2026 09:00:04 +0000 (UTC)
Received: from app (unknown [10.1.2.3]) by out.good.example (Postfix) with ESMTP id 4C; Mon, 23 Nov 2026 09:00:00 +0000
"""
EXIM = """Return-path: <bounce@good.example>
Received: from [93.184.215.14] (helo=out.good.example)
\tby mx.inbox.example with esmtps (Exim 4.98) id 1; Mon, 23 Nov 2026 09:00:04 +0000
"""
YAHOO = """Received: from 127.0.0.1
 by atlas-production.v2-mail-prod1-gq1.omega.yahoo.com; Mon, 23 Nov 2026 09:00:06 +0000
Return-Path: <bounce@good.example>
Received-SPF: pass (domain of good.example designates 93.184.215.14 as permitted sender)
Authentication-Results: atlas-production.v2-mail-prod1-gq1.omega.yahoo.com;
 dkim=pass header.i=@good.example header.s=s1;
 spf=pass smtp.mailfrom=good.example
Received: from 93.184.215.14 (EHLO out.good.example)
 by 10.253.56.123 with SMTPs; Mon, 23 Nov 2026 09:00:05 +0000
"""
QMAIL = """Received: (qmail 123 invoked from network); 23 Nov 2026 09:00:05 -0000
Received: from unknown (HELO out.good.example) (93.184.215.14)
  by mx.inbox.example with SMTP; 23 Nov 2026 09:00:04 -0000
"""
BODY = "From: a@good.example\nDate: Mon, 23 Nov 2026 09:00:00 +0000\n\nHi\n"


def message(header: str) -> Message:
    return read((header + BODY).replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("header", "receiver", "ip", "helo", "sender"),
    [
        (GMAIL, "google.com", "93.184.215.14", "out.mailer.example", "bounce@em.good.example"),
        (WORKSPACE, "google.com", "", "", "ada@good.example"),
        (OUTLOOK, "outlook.com", "93.184.215.14", "out.mailer.example", "bounce@em.good.example"),
        (OUTLOOK_365, "outlook.com", "93.184.215.14", "out.mailer.example", ""),
        (POSTFIX, "inbox.example", "2a00:1450:4001::1", "out.good.example", "bounce@good.example"),
        (EXIM, "inbox.example", "93.184.215.14", "out.good.example", "bounce@good.example"),
        (YAHOO, "yahoo.com", "93.184.215.14", "out.good.example", "bounce@good.example"),
        (QMAIL, "inbox.example", "93.184.215.14", "out.good.example", ""),
        ("", "", "", "", ""),
        ("Received: by 10.0.0.1; Mon, 23 Nov 2026 09:00:05 +0000\n", "", "", "", ""),
    ],
)
def test_who_delivered_it(header: str, receiver: str, ip: str, helo: str, sender: str) -> None:
    way = delivered(message(header))
    assert (way.receiver, way.ip, way.helo, way.sender) == (receiver, ip, helo, sender)
    assert bool(way.why) is not bool(ip)


def test_the_address_that_only_the_receiver_s_line_tells() -> None:
    it = message(WORKSPACE)
    assert ours.received_spf(it, delivered(it))[:2] == ("pass", "209.85.220.41")


def test_on_a_network_of_ones_own_a_private_address_delivers() -> None:
    header = "Received: from out (out [127.0.0.9]) by mx.inbox.example (Postfix); Mon, 23 Nov 2026 09:00:05 +0000\n"
    assert delivered(message(header)).ip == ""
    assert delivered(message(header), private=True).ip == "127.0.0.9"


def test_a_bounce_has_no_sender() -> None:
    header = f"Return-Path: <>\n{EXIM.partition(chr(10))[2]}"
    way = delivered(message(header))
    assert (way.sender, way.bounce) == ("", True)


def test_a_return_path_that_the_sender_wrote_does_not_count() -> None:
    way = delivered(message(f"{EXIM.partition(chr(10))[2]}Return-Path: <x@forged.example>\n"))
    assert way.sender == ""


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (GMAIL, ["dkim pass good.example s1", "spf pass em.good.example ", "dmarc pass good.example "]),
        (OUTLOOK, ["spf pass em.good.example ", "dkim pass good.example ", "dmarc pass good.example "]),
        (POSTFIX, ["dkim pass good.example s1"]),
        (YAHOO, ["dkim pass good.example s1", "spf pass good.example "]),
        (WORKSPACE, ["spf pass good.example "]),
        (EXIM, []),
        ("Authentication-Results: mx.google.com; dkim=pass header.d=good.example\n", []),
        (f"{EXIM}Authentication-Results: mx.inbox.example; dkim=pass header.d=good.example\n", []),
        (f"Authentication-Results: other.example; dkim=pass header.d=good.example\n{EXIM}", []),
        (f"Authentication-Results: notinbox.example; dkim=pass header.d=good.example\n{EXIM}", []),
        (f"{GMAIL}Received: from a by b.example; Mon, 23 Nov 2026 08:00:00 +0000\n"
         "Authentication-Results: mx.google.com; dmarc=pass header.from=forged.example\n",
         ["dkim pass good.example s1", "spf pass em.good.example ", "dmarc pass good.example "]),
    ],
)  # fmt: skip
def test_what_the_receiver_recorded(header: str, said: list[str]) -> None:
    it = message(header)
    told = ours.trusted(it, delivered(it))
    assert [f"{one.method} {one.result} {one.domain} {one.selector}" for one in told] == said


@pytest.mark.parametrize(
    "text",
    [
        "mx.example.com; none",
        "mx.example.com 1; spf=pass smtp.mailfrom=example.net",
        "mx.example.com; auth=pass (cram-md5) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net",
        'mx.example.com; dkim=pass reason="good; one" header.i=@mail-router.example.net; dkim=fail header.d=x.org',
        "mx.example.com; (a (nested) comment; with a semicolon) dkim = fail (bad) header . d = good.example",
        "mx.example.com; dkim=permerror (no key) header.d=a.example header.s=s1; iprev=pass policy.iprev=192.0.2.1",
    ],
)
def test_as_the_library_reads_them(text: str) -> None:
    """authres, the reference implementation, reads the same results from the same line."""
    theirs = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {text}")
    mine = ours.parse(text)
    assert mine is not None
    assert mine.server == theirs.authserv_id
    assert [(one.method, one.result) for one in mine.results] == [
        (one.method, one.result) for one in theirs.results if one.method != "none"
    ]
    for one, other in zip(mine.results, theirs.results, strict=False):
        names = {prop.name: prop.value for prop in other.properties}
        if one.method == "dkim":
            assert one.domain == (names.get("d") or names["i"].rpartition("@")[2])
            assert one.selector == names.get("s", "")


@pytest.mark.parametrize(
    "text", ["", ";", "(((((", '"', "=;=;=", "a" * 40_000, "(" * 40_000, '"\\' * 20_000, "dkim=" * 9_000]
)
def test_hostile_results_end(text: str) -> None:
    told = ours.parse(text)
    assert told is None or len(told.results) <= 40


def test_hops_with_their_times() -> None:
    it = message(POSTFIX)
    way = hops(it)
    assert [hop.by for hop in way] == ["out.good.example", "mail.inbox.example", "mail.inbox.example"]
    assert [hop.seconds for hop in way] == [0, 4, 1]
    assert [hop.inside for hop in way] == [False, True, True]
    assert delay(it, way) == (5, False)


@pytest.mark.parametrize(
    ("came", "is_"),
    [
        ("09:00:04 +0000", (4, False)),
        ("08:59:50 +0000", (0, False)),
        ("08:00:00 +0000", (None, True)),
        ("10:00:00 +0100", (0, False)),
        ("nonsense", (None, False)),
    ],
)
def test_clocks_that_disagree_are_said(came: str, is_: tuple[float | None, bool]) -> None:
    it = message(f"Received: from a by mx.inbox.example; Mon, 23 Nov 2026 {came}\n")
    assert delay(it, hops(it)) == is_


@pytest.mark.parametrize(
    "line",
    [
        "",
        "from",
        "by",
        "(((((((",
        "from " * 5_000,
        "from x (" + "[1.2.3.4] " * 2_500,
        "by " * 9_000,
        "(" + "\\(" * 9_000 + ";(" + "\\(" * 3_000,
        ";" * 9_000,
        "\x00\x1b",
    ],
)
def test_hostile_received_lines_end(line: str) -> None:
    began = dt.datetime.now(dt.UTC)
    it = message(f"Received: {line}\n" * 8)
    assert delivered(it, private=True).ip in ("", "1.2.3.4")
    assert len(hops(it)) == 8
    assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 1


def test_what_microsoft_recorded_counts_behind_its_servers_of_other_names() -> None:
    it = message(OUTLOOK_365)
    found = {one.method: (one.result, one.domain) for one in ours.trusted(it, delivered(it))}
    assert found["spf"] == ("pass", "em.good.example")
    assert found["dmarc"] == ("pass", "good.example")
