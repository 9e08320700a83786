"""judge_chain: what a browser makes of a chain, fault by fault, against chains of our own and of other days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from launchready_tui.sources import trust
from launchready_tui.sources.certificates import names_match, read_certificate
from launchready_tui.sources.chains import judge
from launchready_tui.sources.tls import judge_chain
from tests.certs import Authority, Leaf
from tests.world import NAME

DAY = dt.timedelta(days=1)

# Made with openssl for this test; `cryptography` no longer signs with these.
SHA1 = """\
-----BEGIN CERTIFICATE-----
MIIBnDCCAUOgAwIBAgIUaOX5tiQWetrNryuAFlilBxTkpQcwCQYHKoZIzj0EATAX
MRUwEwYDVQQDDAxnb29kLmV4YW1wbGUwIBcNMjYxMTI0MDg0ODM4WhgPMjEyNjEw
MzEwODQ4MzhaMBcxFTATBgNVBAMMDGdvb2QuZXhhbXBsZTBZMBMGByqGSM49AgEG
CCqGSM49AwEHA0IABJA1R1fakVdsY3utef/9/EDuPff/nu0LIpXziBayUToNH4Zk
rUkQeJTMoprHYq/Yk3GSupUKzbifBtSYgj29V+yjbDBqMB0GA1UdDgQWBBQta31W
+LYCm9EelsA8Y0JeXunxxjAfBgNVHSMEGDAWgBQta31W+LYCm9EelsA8Y0JeXunx
xjAPBgNVHRMBAf8EBTADAQH/MBcGA1UdEQQQMA6CDGdvb2QuZXhhbXBsZTAJBgcq
hkjOPQQBA0gAMEUCIFSypUrCUrLXyfinqFokZquSgW0j8GK+DBRXVzb+0s5cAiEA
0Br2JTxBIENVtJWgkfk+3nbVKE/Cx72deGdTBee/8E0=
-----END CERTIFICATE-----
"""
EC224 = """\
-----BEGIN CERTIFICATE-----
MIIBjDCCATmgAwIBAgIUMwlQauw1oP+LW6WmNkdLRHTxU40wCgYIKoZIzj0EAwIw
FzEVMBMGA1UEAwwMZ29vZC5leGFtcGxlMCAXDTI2MTEyNDA4NDgzOFoYDzIxMjYx
MDMxMDg0ODM4WjAXMRUwEwYDVQQDDAxnb29kLmV4YW1wbGUwTjAQBgcqhkjOPQIB
BgUrgQQAIQM6AATJZfo1BZUYw+ikfZF+8LnJOfBjOjwFzdwrnX52zgpXnNyZs/J+
G0XgKuYcmIhbHKgPmpfXpH+116NsMGowHQYDVR0OBBYEFHzqP4vDqfx8aPLjaIoP
89Mzv/tUMB8GA1UdIwQYMBaAFHzqP4vDqfx8aPLjaIoP89Mzv/tUMA8GA1UdEwEB
/wQFMAMBAf8wFwYDVR0RBBAwDoIMZ29vZC5leGFtcGxlMAoGCCqGSM49BAMCA0EA
MD4CHQCgmRWTiaCTHIbo114M39gHjM29lRE2UCK+EZsfAh0AxpVHbXG1d6iFhVpq
b9gsm8Sq0KWMddkwiVAjYg==
-----END CERTIFICATE-----
"""
ED25519 = """\
-----BEGIN CERTIFICATE-----
MIIBXjCCARCgAwIBAgIUKNefIYV6hk1akoSJFHk5bE6GujAwBQYDK2VwMBcxFTAT
BgNVBAMMDGdvb2QuZXhhbXBsZTAgFw0yNjExMjQwODQ4MzhaGA8yMTI2MTAzMTA4
NDgzOFowFzEVMBMGA1UEAwwMZ29vZC5leGFtcGxlMCowBQYDK2VwAyEAWVSXI5oE
EpIz2KM4C0JNA0xBkB/IOze3r5ojhq4OAhyjbDBqMB0GA1UdDgQWBBSnK3VB4asx
huSNyStpUIBr+5YwhTAfBgNVHSMEGDAWgBSnK3VB4asxhuSNyStpUIBr+5YwhTAP
BgNVHRMBAf8EBTADAQH/MBcGA1UdEQQQMA6CDGdvb2QuZXhhbXBsZTAFBgMrZXAD
QQDwti8aCoiD5OZFOc/Yfvs9fGirZPjPE6Z8CkHXW5ZhPUlSoZiqVn8cApIV+KrU
MbHJ/oUiSqYuQk/Nt6dglaoK
-----END CERTIFICATE-----
"""
RSA512_MD5 = """\
-----BEGIN CERTIFICATE-----
MIIBfTCCASegAwIBAgIUFxaYRcY+2PtoIWqGub3VbnqPXd8wDQYJKoZIhvcNAQEE
BQAwEjEQMA4GA1UECgwHT2xkIE9yZzAgFw0yNjExMjQwODQ4MzhaGA8yMTI2MTAz
MTA4NDgzOFowEjEQMA4GA1UECgwHT2xkIE9yZzBcMA0GCSqGSIb3DQEBAQUAA0sA
MEgCQQDjgHlqN20iuJdEp7L7iwwE2X2yV8YQhy+jfL0XQ7VTfbEC2KuhaZjVdsUK
0XqscE2j+luWGMPg8syk31c061LhAgMBAAGjUzBRMB0GA1UdDgQWBBQiqVnLLcOe
0oHwrvRmvMNN+Xrc2zAfBgNVHSMEGDAWgBQiqVnLLcOe0oHwrvRmvMNN+Xrc2zAP
BgNVHRMBAf8EBTADAQH/MA0GCSqGSIb3DQEBBAUAA0EAO177BDAWMkBIv4B8asXD
PlO2wh5/bSawOSEXYPaXDzxDBR4CAJaVHZc1nPR4DeSym8qhx6dgUvBKCHhsmX2a
8Q==
-----END CERTIFICATE-----
"""


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


CASES: list[tuple[str, Callable[[Authority], tuple[str, str]], tuple[str, ...]]] = [
    ("sound", lambda a: (a.leaf(NAME).chain_pem, NAME), ()),
    ("straight from the root", lambda a: (a.leaf(NAME, from_root=True).chain_pem, NAME), ()),
    ("the root sent as well", lambda a: (a.leaf(NAME).chain_pem + a.pem, NAME), ()),
    ("sent in disorder", lambda a: (a.leaf(NAME).pem + a.pem + a.leaf(NAME).chain_pem, NAME), ()),
    ("wildcard", lambda a: (a.leaf(f"*.{NAME}").chain_pem, f"www.{NAME}"), ()),
    ("wildcard is not the apex", lambda a: (a.leaf(f"*.{NAME}").chain_pem, NAME), ("name-mismatch",)),
    ("wildcard is one label", lambda a: (a.leaf(f"*.{NAME}").chain_pem, f"a.b.{NAME}"), ("name-mismatch",)),
    ("an underscore", lambda a: (a.leaf(f"*.{NAME}").chain_pem, f"my_app.{NAME}"), ()),
    ("an address", lambda a: (a.leaf("93.184.215.14").chain_pem, "93.184.215.14"), ()),
    ("another address", lambda a: (a.leaf("93.184.215.14").chain_pem, "93.184.215.15"), ("name-mismatch",)),
    ("another name", lambda a: (a.leaf("other.example").chain_pem, NAME), ("name-mismatch",)),
    ("only the common name", lambda a: (a.leaf("x.example", subject=NAME).chain_pem, NAME), ("name-mismatch",)),
    ("incomplete", lambda a: (a.leaf(NAME).pem, NAME), ("incomplete-chain",)),
    ("self-signed", lambda a: (a.leaf(NAME, self_signed=True).pem, NAME), ("self-signed",)),
    ("somebody else's authority", lambda a: (Authority().leaf(NAME).chain_pem, NAME), ("untrusted",)),
    ("the same, with its root", lambda a: (foreign(Authority("Else")), NAME), ("untrusted",)),
    ("RSA 1024", lambda a: (a.leaf(NAME, weak_key=True).chain_pem, NAME), ("weak-key",)),
    ("expired", lambda a: (aged(a, -90, -1).chain_pem, NAME), ("expired",)),
    ("not yet valid", lambda a: (aged(a, 1, 9).chain_pem, NAME), ("not-yet-valid",)),
    (
        "everything at once",
        lambda a: (aged(a, -9, -1, self_signed=True).pem, "x.y"),
        ("expired", "name-mismatch", "self-signed"),
    ),
    ("SHA-1", lambda a: (SHA1, NAME), ("self-signed", "weak-signature")),
    ("P-224", lambda a: (EC224, NAME), ("self-signed", "weak-key")),
    ("Ed25519", lambda a: (ED25519, NAME), ("self-signed",)),
    ("RSA 512 and MD5", lambda a: (RSA512_MD5, NAME), ("name-mismatch", "self-signed", "weak-key", "weak-signature")),
]


def aged(authority: Authority, since: int, until: int, *, self_signed: bool = False) -> Leaf:
    now = authority.at
    return authority.leaf(NAME, not_before=now + since * DAY, not_after=now + until * DAY, self_signed=self_signed)


def foreign(authority: Authority) -> str:
    return authority.leaf(NAME).chain_pem + authority.pem


@pytest.mark.parametrize(("make", "faults"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_faults(make: Callable[[Authority], tuple[str, str]], faults: tuple[str, ...], authority: Authority) -> None:
    pem, host = make(authority)
    assert judge_chain(pem, host, authority.at, authority.pem).faults == faults


def test_the_moment_is_ours(authority: Authority) -> None:
    pem = authority.leaf(NAME).chain_pem
    assert judge_chain(pem, NAME, authority.at + 100 * DAY, authority.pem).faults == ("expired",)
    assert judge_chain(pem, NAME, authority.at - 100 * DAY, authority.pem).faults == ("not-yet-valid",)


def test_what_is_read(authority: Authority) -> None:
    leaf = authority.leaf(NAME, f"www.{NAME}", "93.184.215.14")
    verdict = judge_chain(leaf.chain_pem, NAME, authority.at, authority.pem)
    assert verdict.leaf.subject == NAME
    assert verdict.leaf.issuer == "Test Root R1"
    assert verdict.leaf.sans == (NAME, f"www.{NAME}", "93.184.215.14")
    assert (verdict.leaf.key, verdict.leaf.signature) == ("ecdsa256", "sha256")
    assert verdict.leaf.not_after == leaf.certificate.not_valid_after_utc
    assert verdict.chain == (NAME, "Test Root R1")


def test_the_missing_link_is_named(authority: Authority) -> None:
    assert judge_chain(authority.leaf(NAME).pem, NAME, authority.at, authority.pem).missing == "Test Root R1"
    assert judge_chain(authority.leaf(NAME).chain_pem, NAME, authority.at, authority.pem).missing == ""


def test_a_trusted_self_signed_certificate_is_trusted(authority: Authority) -> None:
    leaf = authority.leaf(NAME, self_signed=True)
    assert judge_chain(leaf.pem, NAME, authority.at, leaf.pem).faults == ()


def test_the_system_does_not_know_our_root(authority: Authority) -> None:
    assert judge_chain(authority.leaf(NAME).chain_pem, NAME, authority.at).faults == ("untrusted",)
    assert len(trust.system_roots()) > 20


@pytest.mark.parametrize("pem", ["", "hello", SHA1.replace("MIIB", "AAAA"), SHA1[:200]])
def test_a_pem_without_a_certificate(pem: str, authority: Authority) -> None:
    with pytest.raises(ValueError, match="no certificate"):
        judge_chain(pem, NAME, authority.at, authority.pem)


def issue(
    authority: Authority, issuer: x509.Name, signer: ec.EllipticCurvePrivateKey, *more: x509.ExtensionType
) -> x509.Certificate:
    """A bare certificate for good.example, as somebody would sign it who knows no rules."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)]))
        .issuer_name(issuer)
        .public_key(ec.generate_private_key(ec.SECP256R1()).public_key())
        .serial_number(7)
        .not_valid_before(authority.at - DAY)
        .not_valid_after(authority.at + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=True)
    )
    for extension in more:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(signer, hashes.SHA256())


def test_a_leaf_is_no_authority(authority: Authority) -> None:
    other = authority.leaf("other.example")
    assert isinstance(other.key, ec.EllipticCurvePrivateKey)
    forged = issue(authority, other.certificate.subject, other.key)
    chain = [forged, other.certificate, *other.links]
    assert judge(chain, NAME, authority.at, [authority.root]).faults == ("untrusted",)


def test_a_plain_authority_of_the_founders_own_is_enough(authority: Authority) -> None:
    bare = issue(authority, authority.root.subject, authority.key)
    assert judge([bare], NAME, authority.at, [authority.root]).faults == ()


def test_a_certificate_for_clients_serves_nobody(authority: Authority) -> None:
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    client = issue(authority, authority.root.subject, authority.key, usage)
    assert judge([client], NAME, authority.at, [authority.root]).faults == ("untrusted",)


def test_a_tangle_of_authorities_ends(authority: Authority) -> None:
    """Certificates that all claim to have issued one another must not be walked in every order."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tangle")])
    knots = []
    for serial in range(1, 12):
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        builder = builder.serial_number(serial).not_valid_before(authority.at - DAY)
        knots.append(builder.not_valid_after(authority.at + DAY).sign(key, hashes.SHA256()))
    leaf = issue(authority, name, key)
    assert judge([leaf, *knots], NAME, authority.at, [authority.root]).faults == ("untrusted",)


def test_escapes_in_a_subject_are_cleaned(authority: Authority) -> None:
    evil = "\x1b]0;owned\x07\u202eelpmaxe"
    verdict = judge_chain(authority.leaf(NAME, subject=evil).chain_pem, NAME, authority.at, authority.pem)
    for text in (verdict.leaf.subject, *verdict.chain):
        assert not set(text) & {"\x1b", "\x07", "\u202e"}
    verdict = judge_chain(authority.leaf(NAME, subject=evil, self_signed=True).pem, NAME, authority.at, authority.pem)
    assert "\x1b" not in verdict.leaf.issuer


@pytest.mark.parametrize(
    ("host", "san", "matches"),
    [
        ("good.example", "good.example", True),
        ("GOOD.example.", "good.EXAMPLE", True),
        ("www.good.example", "*.good.example", True),
        ("good.example", "*.good.example", False),
        ("a.b.good.example", "*.good.example", False),
        ("www.good.example", "w*.good.example", False),
        ("www.good.example", "www.*.example", False),
        ("www.good.example", "*", False),
        ("good.example", "*.example", False),
        (".good.example", "*.good.example", False),
        ("93.184.215.14", "93.184.215.14", True),
        ("93.184.215.14", "*.184.215.14", False),
        ("2001:db8::1", "2001:db8::1", True),
    ],
)
def test_names_match(host: str, san: str, matches: bool) -> None:
    assert names_match(host, [san]) is matches


def test_the_issuers_organisation_is_told_beside_its_name() -> None:
    key = ec.generate_private_key(ec.SECP256R1())

    def issued(*issuer: tuple[x509.ObjectIdentifier, str]) -> x509.Certificate:
        named = x509.Name([x509.NameAttribute(oid, value) for oid, value in issuer])
        builder = x509.CertificateBuilder(named, named, key.public_key(), 1)
        builder = builder.not_valid_before(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
        return builder.not_valid_after(dt.datetime(2026, 4, 1, tzinfo=dt.UTC)).sign(key, hashes.SHA256())

    both = issued((NameOID.ORGANIZATION_NAME, "Let's Encrypt"), (NameOID.COMMON_NAME, "R11"))
    assert (read_certificate(both).issuer, read_certificate(both).issuer_organisation) == ("R11", "Let's Encrypt")
    bare = read_certificate(issued((NameOID.COMMON_NAME, "R11")))
    assert (bare.issuer, bare.issuer_organisation) == ("R11", "")
    evil = read_certificate(issued((NameOID.ORGANIZATION_NAME, "\x1b[2J\u202e")))
    assert "\x1b" not in evil.issuer_organisation
    assert "\u202e" not in evil.issuer_organisation
