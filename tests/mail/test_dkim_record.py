"""DKIM key records, one a row with the section that decides it (RFC 6376 unless said), and dkimpy as the oracle.

checkdmarc reads no DKIM keys; dkimpy is what the tests sign and verify with. Where it reads a row otherwise, the row
says why we do not, and the difference is tested too.
"""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

import dkim as dkimpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.mail.dkim import parse_key, tag_list, write_key
from launchready_tui.mail.dkim_repair import repair
from tests.mail.keys import (
    ED25519,
    ED25519_WRAPPED,
    P256,
    RSA_3,
    RSA_512,
    RSA_1023,
    RSA_1024,
    RSA_2048,
    RSA_2048_BARE,
    RSA_4096,
    pem,
)

KEY = f"v=DKIM1; k=rsa; p={RSA_2048}"
LOOSE = "theirs reads no further than the tags that it needs"
ADVICE = "theirs leaves it to whoever verifies: it gives the size, and refuses nothing for it"


@dataclass(frozen=True)
class Line:
    """A record and the section that decides it. `fault` is the kind of the first error, "" for a valid key; `says`
    stands in an error or a warning. `differs` says why dkimpy's other verdict is not ours."""

    rfc: str
    txt: str
    fault: str = ""
    type: str = "rsa"
    bits: int | None = 2_048
    says: str = ""
    differs: str = ""


def der(*parts: bytes, tag: int = 0x30) -> bytes:
    body = b"".join(parts)
    size = len(body).to_bytes(4) if len(body) > 127 else b""
    return bytes([tag]) + (b"\x84" + size if size else bytes([len(body)])) + body


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def number(value: int) -> bytes:
    return der(value.to_bytes(value.bit_length() // 8 + 1), tag=0x02)


def rsa(modulus: int, exponent: int = 65_537) -> str:
    """A bare RSAPublicKey of these numbers, whether or not anybody could sign with it."""
    return base64.b64encode(der(number(modulus), number(exponent))).decode()


WIDE = (1 << 9_999) + 1  # 10,000 bits, odd
CUT = KEY[:255]

LINES = (
    # 3.6.1: v=
    Line("3.6.1 v", KEY),
    Line("3.6.1 v", f"k=rsa; p={RSA_2048}"),
    Line("3.6.1 v, k", f"p={RSA_2048}"),
    Line("3.6.1 v", f"v=DKIM1;p={RSA_2048}"),
    Line("3.6.1 v", f"v=DKIM2; p={RSA_2048}", "version"),
    Line("3.6.1 v", f"v=DKIM1.0; p={RSA_2048}", "version"),
    Line("3.6.1 v", f"v=dkim1; p={RSA_2048}", "version"),
    Line("3.6.1 v", f"v=1; p={RSA_2048}", "version"),
    Line("3.6.1 v", f"k=rsa; v=DKIM1; p={RSA_2048}", "version", says="first", differs=LOOSE),
    Line("3.6.1 v", "v=spf1 include:x.example -all", "version", bits=None),
    # 3.2: the tag list
    Line("3.2 tag-list", f"{KEY};"),
    Line("3.2 tag-list", f"{KEY}; "),
    Line("3.2 tag-spec", f" v = DKIM1 ;\tk = rsa ; p = {RSA_2048} "),
    Line("3.2 tag-list", f"v=DKIM1;; p={RSA_2048}", "syntax", says="Two semicolons"),
    Line("3.2 tag-spec", f"v=DKIM1; nonsense; p={RSA_2048}", "syntax", says="“nonsense”"),
    Line("3.2 tag-name", f"v=DKIM1; 1x=y; p={RSA_2048}", "syntax", says="“1x=y”"),
    Line("3.2 tag-name", f"v=DKIM1; a-b=y; p={RSA_2048}", "syntax", says="“a-b=y”", differs=LOOSE),
    Line("3.2 tag-name", f"v=DKIM1; a_1=y; p={RSA_2048}", says="a_1 is unknown"),
    Line("3.2 duplicates", f"v=DKIM1; p={RSA_2048}; p={RSA_2048}", "duplicate", says="more than once"),
    Line("3.2 duplicates", f"v=DKIM1; n=a; n=b; p={RSA_2048}", "duplicate"),
    Line("3.2 case", f"V=DKIM1; p={RSA_2048}", says="V is unknown"),
    Line("3.2 case", f"v=DKIM1; P={RSA_2048}", "missing", bits=None),
    Line("3.2 tag-value", f"v=DKIM1; n=caf\xe9; p={RSA_2048}", "syntax", says="characters", differs=LOOSE),
    Line("3.2 tag-value", f"v=DKIM1; n=\x00; p={RSA_2048}", "syntax", differs=LOOSE),
    Line("2.8 FWS", f"v=DKIM1;\r\n\tp={RSA_2048}"),
    Line("2.8 FWS", f"v=DKIM1; p={RSA_2048[:70]}\r\n {RSA_2048[70:]}"),
    Line("2.8 FWS", f"v=DKIM1; p={RSA_2048[:70]}\n{RSA_2048[70:]}", "syntax", bits=None, differs=LOOSE),
    Line("3.2 unknown tags", f"v=DKIM1; colour=red; p={RSA_2048}", says="colour is unknown"),
    Line("3.6.1, RFC 4871 g", f"v=DKIM1; g=*; p={RSA_2048}", says="g is unknown"),
    Line("3.2", "", "syntax", bits=None),
    # 3.6.1: k=
    Line("3.6.1 k", f"k=ed25519; p={ED25519}", type="ed25519", bits=256),
    Line("3.6.1 k", f"k=dsa; p={RSA_2048}", "type", type="dsa", bits=None),
    Line("3.6.1 k", f"k=RSA; p={RSA_2048}", "type", type="RSA", bits=None),
    Line("3.6.1 k", f"k=; p={RSA_2048}", "type", type="", bits=None),
    # 3.6.1: p=
    Line("3.6.1 p", "v=DKIM1; p=", "revoked", bits=None, says="withdrawn"),
    Line("3.6.1 p", "v=DKIM1; k=rsa; p= ;", "revoked", bits=None),
    Line("3.6.1 p", "v=DKIM1; k=ed25519; p=", "revoked", type="ed25519", bits=None),
    Line("3.6.1 p", "v=DKIM1; k=rsa", "missing", bits=None),
    Line("3.6.1 p, erratum", f"v=DKIM1; p={RSA_2048_BARE}"),
    Line("2.10 base64string", f"p={' '.join(RSA_2048[at : at + 60] for at in range(0, len(RSA_2048), 60))}"),
    Line("2.10 base64string", f"p={RSA_2048[:9]}\t{RSA_2048[9:]}"),
    Line("2.10 base64string", f"p={RSA_2048[:9]}!{RSA_2048[9:]}", "base64", bits=None, says="“!”", differs=LOOSE),
    Line("2.10 base64string", f"p={RSA_2048[:-1]}", "truncated", bits=None, says="cut off"),
    Line(
        "2.10, RFC 4648 5",
        f"k=ed25519; p={ED25519.replace('/', '_').replace('+', '-')[:-1]}",
        "base64",
        "ed25519",
        None,
    ),
    Line("3.6.2.2, RFC 1035 3.3", CUT, "truncated", bits=None, says="255"),
    Line("3.6.1 p", f"v=DKIM1; p={RSA_2048[:200]}", "truncated", bits=None, says="too early"),
    Line(
        "3.6.1 p", f"v=DKIM1; p={base64.b64encode(base64.b64decode(RSA_2048) + b'xyz').decode()}", "key", differs=LOOSE
    ),
    Line(
        "3.6.1 p",
        f"v=DKIM1; p={b64(b'no key at all, but long enough to be one')}",
        "key",
        bits=None,
    ),
    Line("3.6.1 p", f"v=DKIM1; p={P256}", "type", bits=None, says="kind ec"),
    Line("3.6.2.2", f'"{KEY[:200]}" "{KEY[200:]}"', "quotes", bits=None, says="uotation"),
    Line("3.6.2.2", f'v=DKIM1; k=rsa; p="{RSA_2048}"', "quotes", bits=None, differs=LOOSE),
    Line("3.6.1", KEY.replace(";", "\\;"), "quotes", type="rsa\\", bits=None, says="Backslashes"),
    Line("3.6.1 p", f"v=DKIM1; p={pem(RSA_2048)}", "pem", bits=None, says="BEGIN"),
    Line("3.6.1 p", f"v=DKIM1; p={pem(RSA_2048_BARE, name='RSA PUBLIC KEY')}", "pem", bits=None),
    # 3.6.1: h=, and RFC 8301
    Line("3.6.1 h", f"v=DKIM1; h=sha256; p={RSA_2048}"),
    Line("3.6.1 h", f"v=DKIM1; h=sha1 : sha256; p={RSA_2048}", says="sha1"),
    Line("3.6.1 h", f"v=DKIM1; h=sha256:sha512; p={RSA_2048}"),
    Line("RFC 8301 3.1", f"v=DKIM1; h=sha1; p={RSA_2048}", "hash", says="sha256", differs=ADVICE),
    Line("3.6.1 h", f"v=DKIM1; h=sha512; p={RSA_2048}", "hash", differs=ADVICE),
    Line("3.6.1 h", f"v=DKIM1; h=sha256::sha1; p={RSA_2048}", "syntax", differs=LOOSE),
    # 3.6.1: s= and t=
    Line("3.6.1 s", f"v=DKIM1; s=*; p={RSA_2048}"),
    Line("3.6.1 s", f"v=DKIM1; s=email; p={RSA_2048}"),
    Line(
        "3.6.1 s",
        f"v=DKIM1; s=tlsrpt:email; p={RSA_2048}",
        differs="a list of services with colons; theirs knows one service alone",
    ),
    Line("3.6.1 s, RFC 8460 3", f"v=DKIM1; s=tlsrpt; p={RSA_2048}", "service", differs=ADVICE),
    Line("3.6.1 t", f"v=DKIM1; t=y; p={RSA_2048}"),
    Line("3.6.1 t", f"v=DKIM1; t=y:s:later; p={RSA_2048}"),
    Line("3.6.1 t", f"v=DKIM1; t=; p={RSA_2048}", "syntax", differs=LOOSE),
    Line("3.6.1 n", f"v=DKIM1; n=ask=20postmaster; p={RSA_2048}"),
    # RFC 8301 3.2: sizes
    Line("RFC 8301 3.2", f"p={RSA_512}", "short", bits=512, says="512 bits", differs=ADVICE),
    Line("RFC 8301 3.2", f"p={RSA_1023}", "short", bits=1_023, differs=ADVICE),
    Line("RFC 8301 3.2", f"p={RSA_1024}", bits=1_024, says="2,048 are wanted"),
    Line("RFC 8301 3.2", f"p={RSA_4096}", bits=4_096),
    Line("RFC 8301 3.2", f"p={rsa(WIDE)}", bits=10_000, says="not every receiver"),
    Line("RFC 8301 3.2", f"p={rsa((1 << 20_000) + 1)}", "huge", bits=20_001, differs=ADVICE),
    Line("RFC 8301 3.2", f"p={rsa(WIDE, WIDE - 2)}", "huge", bits=10_000, differs=ADVICE),
    Line("3.3.1, RFC 8017 3.1", f"p={RSA_3}"),
    Line("RFC 8017 3.1", f"p={rsa(1 << 2_047)}", "key", differs=ADVICE),
    Line("RFC 8017 3.1", f"p={rsa((1 << 2_047) + 1, 1)}", "key", differs=ADVICE),
    Line("RFC 8017 3.1", f"p={rsa((1 << 2_047) + 1, 65_536)}", "key", differs=ADVICE),
    # RFC 8463: Ed25519
    Line("RFC 8463 4.2", f"v=DKIM1; k=ed25519; p={ED25519}", type="ed25519", bits=256),
    Line("RFC 8463 4.2", f"v=DKIM1; k=ed25519; p={ED25519_WRAPPED}", "key", type="ed25519", bits=256),
    Line("RFC 8463 4.2", f"v=DKIM1; k=ed25519; p={b64(b'x' * 31)}", "key", "ed25519", None),
    Line("RFC 8463 4.2", f"v=DKIM1; k=ed25519; p={b64(b'x' * 33)}", "key", "ed25519", None),
    Line("RFC 8463 4.2", f"v=DKIM1; k=ed25519; p={RSA_2048}", "type", "ed25519", None, says="kind rsa"),
    Line("RFC 8463 4.2", f"v=DKIM1; p={ED25519}", "type", bits=None, says="looks like Ed25519"),
    Line("RFC 8463 4.2", f"v=DKIM1; k=rsa; p={ED25519_WRAPPED}", "type", bits=None, says="kind ed25519"),
)


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.rfc}: {line.txt[:60]!r} {len(line.txt)}")
def test_a_record(line: Line) -> None:
    key = parse_key(line.txt)
    assert key.fault == line.fault, key.errors
    assert key.valid is (not line.fault)
    assert key.revoked is (line.fault == "revoked")
    assert (key.type, key.bits) == (line.type, line.bits)
    assert line.says in " ".join((*key.errors, *key.warnings))
    assert bool(key.errors) is not key.valid


def test_the_table_is_long_enough() -> None:
    assert len({line.txt for line in LINES}) >= 80
    assert {"RFC 8301", "RFC 8463"} <= {" ".join(line.rfc.split()[:2]) for line in LINES}


def theirs(txt: str) -> int | None:
    """The size of the key as dkimpy reads it; None where it refuses the record."""
    try:
        return int(dkimpy.evaluate_pk("x", txt.encode("utf-8").replace(b"\r\n", b""))[1])
    except Exception:
        return None


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.rfc}: {line.txt[:60]!r} {len(line.txt)}")
def test_dkimpy_agrees_or_the_row_says_why_not(line: Line) -> None:
    key = parse_key(line.txt)
    mine = key.bits if key.valid else None
    assert (mine != theirs(line.txt)) is bool(line.differs), (mine, theirs(line.txt))


def test_flags() -> None:
    key = parse_key(f"v=DKIM1; t=y:s; h=sha1:sha256; s=email:*; p={RSA_1024}")
    assert (key.testing, key.strict, key.weak) == (True, True, True)
    assert (key.hashes, key.services) == (("sha1", "sha256"), ("email", "*"))
    plain = parse_key(KEY)
    assert (plain.testing, plain.strict, plain.weak, plain.hashes, plain.services) == (False, False, False, (), ("*",))
    assert plain.exponent == 65_537
    assert parse_key(f"p={RSA_3}").exponent == 3


@pytest.mark.parametrize(
    ("pieces", "meant"),
    [
        ((f'"{KEY[:200]}" "{KEY[200:]}"',), KEY),
        ((KEY.replace(";", "\\;"),), KEY),
        ((f"v=DKIM1; p={pem(RSA_2048)}",), KEY),
        ((f"v=DKIM1; p={pem(RSA_2048)}".replace("-----M", "-----\\nM"),), KEY),
        ((f"v=DKIM1; k=ed25519; p={ED25519_WRAPPED}",), f"v=DKIM1; k=ed25519; p={ED25519}"),
        ((f"v=DKIM1; k=ed25519; p={ED25519[:-1]}",), f"v=DKIM1; k=ed25519; p={ED25519}"),
        ((f"v=DKIM1; p={ED25519}",), f"v=DKIM1; k=ed25519; p={ED25519}"),
        ((f"k=rsa; v=DKIM1; p={RSA_2048}",), KEY),
        ((f"v=DKIM1; k=rsa; t=s; p={RSA_2048[:80]}", RSA_2048[80:]), f"v=DKIM1; k=rsa; t=s; p={RSA_2048}"),
        ((RSA_2048[80:], f"v=DKIM1; k=rsa; p={RSA_2048[:80]}"), KEY),
        ((CUT,), None),
        (("v=DKIM1; p=",), None),
        ((f"v=DKIM1; p={RSA_512}",), None),
        ((f"v=DKIM1; h=sha1; p={RSA_2048}",), None),
        ((f"v=DKIM1; s=tlsrpt; p={RSA_2048}",), None),
        ((f"v=DKIM1; p={RSA_2048}; p={RSA_1024}",), None),  # two keys: nobody can tell which
        ((RSA_2048[:80], RSA_2048[80:]), None),
        (("v=spf1 -all",), None),
    ],
)
def test_what_was_meant(pieces: tuple[str, ...], meant: str | None) -> None:
    assert repair(*pieces) == meant


def test_pieces_of_which_several_orders_would_do_are_left_alone() -> None:
    assert repair(f"v=DKIM1; p={RSA_2048[:80]}", RSA_2048[80:120], RSA_2048[120:160], RSA_2048[160:]) is None


TEXT = st.text(alphabet=st.sampled_from('vkpthsn=;: \t\r\n"\\DKIM1rsaed25519y*+/AbMI\x00\u202e\xe9-'), max_size=120)


@given(TEXT | st.text(max_size=80) | TEXT.map(lambda text: f"v=DKIM1; p={text}"))
def test_any_text_is_read(txt: str) -> None:
    key = parse_key(txt)
    assert bool(key.errors) is not key.valid
    assert bool(key.fault) is not key.valid
    meant = repair(txt)
    assert meant is None or parse_key(meant).valid


@given(st.binary(max_size=80), st.sampled_from(("rsa", "ed25519")))
def test_any_bytes_are_read(raw: bytes, kind: str) -> None:
    key = parse_key(f"k={kind}; p={base64.b64encode(raw).decode()}")
    assert key.revoked is (not raw)
    assert key.valid is (kind == "ed25519" and len(raw) == 32)  # 80 bytes hold no RSA key that counts


@given(
    st.fixed_dictionaries(
        {"p": st.sampled_from((RSA_1024, RSA_2048, RSA_4096))},
        optional={
            "t": st.sampled_from(("y", "s", "y:s")),
            "h": st.sampled_from(("sha256", "sha1:sha256")),
            "s": st.sampled_from(("*", "email")),
            "n": st.just("a note"),
            "k": st.just("rsa"),
        },
    )
)
def test_a_record_written_anew_says_the_same(tags: dict[str, str]) -> None:
    key = parse_key("; ".join(f"{name}={value}" for name, value in tags.items()))
    again = parse_key(write_key(key.tags))
    assert key.valid
    assert again.tags == {"v": "DKIM1", "k": "rsa"} | key.tags
    assert (again.bits, again.testing, again.strict, again.hashes) == (key.bits, key.testing, key.strict, key.hashes)
    assert write_key(again.tags) == again.text


def test_a_tag_list_as_a_signature_has_it() -> None:
    tags, faults = tag_list("v=1; a=rsa-sha256; d=good.example;\r\n\ts=x; h=from:to;\r\n b=abc\r\n def==")
    assert (tags["s"], tags["b"], faults) == ("x", "abc def==", [])


@pytest.mark.parametrize(
    "txt",
    [
        "v=DKIM1; " + "x=y; " * 13_000,
        "v=DKIM1; p=" + "A" * 65_000,
        f"v=DKIM1; p={rsa((1 << 380_000) + 1, (1 << 380_000) - 1)}"[:65_535],
        "p=" + "MIIB" * 16_000,
        '"' * 65_000,
        "p=" * 32_000,
        "-----BEGIN " * 6_000,
        "=;" * 32_000,
        "\x1b]0;x\x07\u202ev=DKIM1; p=\x00",
    ],
    ids=lambda txt: repr(txt[:24]),
)
def test_a_hostile_record_costs_no_more_than_its_length(txt: str) -> None:
    began = time.perf_counter()
    key = parse_key(txt)
    repair(txt)
    assert time.perf_counter() - began < 3.0  # a loaded machine; a cost that grows with the square takes minutes
    assert not key.valid
    assert len(key.errors) < 20
    shown = " ".join((*key.errors, *key.warnings))
    assert not {"\x1b", "\u202e", "\x00"} & set(shown)
