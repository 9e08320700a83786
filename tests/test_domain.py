"""What a founder types as a domain: read kindly, or refused in one sentence."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launchready_tui.domain import BadDomain, Typed, is_name, parse_domain, registrable, unicode_of


@pytest.mark.parametrize(
    ("typed", "domain", "note"),
    [
        ("good.example", "good.example", ""),
        ("  Good.EXAMPLE \n", "good.example", ""),
        ("good.example.", "good.example", ""),
        (" HTTPS://WWW.Good.Example/path?x ", "good.example", "You typed an address; we took the domain itself"),
        ("https://good.example", "good.example", "You typed an address; we took its host, good.example."),
        ("https:/good.example", "good.example", "took its host"),
        ("//good.example", "good.example", "took its host"),
        ("good.example/login#top", "good.example", "took its host"),
        ("good.example?x=1", "good.example", "took its host"),
        ("good.example:8443", "good.example", "took its host"),
        ("good.example.:443", "good.example", "took its host"),
        ("http:\\\\good.example\\path", "good.example", "took its host"),
        ("mail@good.example", "good.example", "You typed a mail address; we took its host, good.example."),
        ("mailto:ada@good.example", "good.example", "You typed a mail address"),
        ("https://ada:secret@good.example:8443/x", "good.example", "You typed an address"),
        ("www.good.example", "good.example", "You typed www; we took the domain itself"),
        ("www.good.co.uk", "good.co.uk", "www.good.co.uk too"),
        ("www.com", "www.com", ""),
        ("www.co.uk", "www.co.uk", ""),
        ("münchen.example", "xn--mnchen-3ya.example", ""),
        ("MÜNCHEN。example", "xn--mnchen-3ya.example", ""),
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example", ""),
        ("straße.example", "xn--strae-oqa.example", ""),
        ("日本語とabc.example", "xn--abc-vb4bo25ycvb2w6i.example", ""),
        ("mysite.netlify.app", "mysite.netlify.app", ""),
        ("app.good.example", "app.good.example", "app.good.example is a part of good.example"),
        ("раypal.example", "xn--ypal-43d9g.example", "mixes Cyrillic and Latin letters. Its plain form is xn--ypal"),
    ],
)
def test_taken(typed: str, domain: str, note: str) -> None:
    read = parse_domain(typed)
    assert read.domain == domain
    assert read.unicode == unicode_of(domain)
    assert note in " ".join(read.notes)
    assert bool(note) == bool(read.notes)
    assert "secret" not in repr(read)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type your domain"),
        ("   ", "Type your domain"),
        ("https://", "There is no domain in it"),
        ("...", "There is no domain in it"),
        ("!!!", "no domain may have"),
        ("localhost", "has no ending such as .com"),
        ("http://intranet/", "has no ending such as .com"),
        ("192.0.2.1", "is an IP address"),
        ("https://192.0.2.1:8443/", "is an IP address"),
        ("192.0.2.1.", "is an IP address"),
        ("127.1", "is an IP address"),
        ("0x7f000001", "is an IP address"),
        ("2130706433", "is an IP address"),
        ("１９２.0.2.1", "is an IP address"),
        ("::1", "is an IP address"),
        ("[2001:db8::1]", "is an IP address"),
        ("https://[2001:db8::1]:443/", "is an IP address"),
        ("a" * 300 + ".example", "308 characters long; a domain has at most 253"),
        (".".join(["a" * 60] * 5), "304 characters long"),
        ("a" * 5_000, "5,000 characters long"),
        ("a" * 64 + ".example", "longer than 63 characters"),
        ("ü" * 60 + ".example", "longer than a domain may be"),
        ("co.uk", "is an ending under which others register"),
        ("github.io", "yourname.github.io"),
        ("my site.example", "has a space in it"),
        ("good.example other.example", "has a space in it"),
        ("good\u202e.example", "cannot be seen (U+202E)"),
        ("go\u200bod.example", "cannot be seen (U+200B)"),
        ("go\x00od.example", "cannot be seen (U+0000)"),
        ("\x1b[31mgood.example", "cannot be seen (U+001B)"),
        ("go\nod.example", "cannot be seen (U+000A)"),
        ("good_site.example", "has an underscore"),
        ("-good.example", "starts or ends with a hyphen"),
        ("good-.example", "starts or ends with a hyphen"),
        ("good..example", "has a dot too many"),
        (".good.example", "has a dot too many"),
        ("*.good.example", "no domain may have"),
        ("good.example,", "no domain may have"),
        ("💩.example", "no domain may have"),
        ("xn--zzzzzz.example", "no domain may have"),
        ("xn--.example", "hyphen"),
        ("good.123", "is an IP address"),
        ("javascript:alert(1)", "no domain may have"),
        ("[@click=app.quit]x[/]", "no domain may have"),
    ],
)
def test_refused(typed: str, says: str) -> None:
    with pytest.raises(BadDomain) as caught:
        parse_domain(typed)
    sentence = caught.value.sentence
    assert says in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert sentence.isprintable()
    assert len(sentence) < 260


def test_a_password_is_never_repeated() -> None:
    for typed in ("https://ada:hunter2@localhost/", "ada:hunter2@my site.example", "https://ada:hunter2@[::1]/"):
        with pytest.raises(BadDomain) as caught:
            parse_domain(typed)
        assert "hunter2" not in caught.value.sentence


@given(st.text(max_size=300) | st.from_regex(r"\A[a-zA-Zäß0-9.:/@\-_\[\]?# ]{0,80}\Z"))
def test_any_text_is_read_or_refused(text: str) -> None:
    said: BadDomain | Typed
    try:
        said = parse_domain(text)
    except BadDomain as bad:
        said = bad
    if isinstance(said, BadDomain):
        assert said.sentence.isprintable()
        return
    assert is_name(said.domain)
    assert parse_domain(said.domain).domain == said.domain
    assert parse_domain(said.unicode).domain == said.domain


def test_long_hostile_text_ends_at_once() -> None:
    began = time.perf_counter()
    for text in ("ا" * 1_000, "a." * 500, "\u0300" * 999, "@" * 1_000, ":" * 1_000, "x" * 10_000_000):
        with pytest.raises(BadDomain):
            parse_domain(text)
    assert time.perf_counter() - began < 5


def test_registrable() -> None:
    assert registrable("app.good.co.uk") == "good.co.uk"
    assert registrable("a.b.good.example.") == "good.example"
    assert registrable("A.Good.Example") == "good.example"
    assert registrable("co.uk") == "co.uk"
    assert registrable("mail.xn--mnchen-3ya.example") == "xn--mnchen-3ya.example"


def test_is_name() -> None:
    assert is_name("good.example")
    assert is_name("app", labels=1)
    assert not is_name("app.x", labels=1)
    for bad in ("", "example", "Good.example", "good.example.", "../etc", "a..b", "-a.b", "a/b.c", "good.example\n"):
        assert not is_name(bad)


def test_the_heavy_modules_come_late() -> None:
    code = (
        "import sys, launchready_tui.domain as d\n"
        "assert not {'idna', 'publicsuffixlist'} & set(sys.modules), 'early'\n"
        "d.parse_domain('good.example')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
