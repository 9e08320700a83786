"""What a founder types as their domain, read kindly: the name in both its forms, or one sentence that says why not."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.text import clean, listed

_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]{0,30}):[/\\]{1,}|mailto:", re.IGNORECASE)
_EXAMPLE = "such as good.example"
# Scripts that a name of one language uses together (Japanese, Korean, Chinese with bopomofo; Unicode TR 39).
_TOGETHER = ({"Cjk", "Hiragana", "Katakana", "Latin"}, {"Cjk", "Hangul", "Latin"}, {"Cjk", "Bopomofo", "Latin"})


class BadDomain(Exception):
    """What was typed is no domain; `sentence` says why, and what to type."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Typed:
    """A domain. `domain` is its A-label form in lower case without the trailing dot, `unicode` as a person reads it,
    `notes` what was changed or is worth a second look, each one sentence."""

    domain: str
    unicode: str
    notes: tuple[str, ...] = ()


def is_name(text: str, *, labels: int | None = None) -> bool:
    """Is this a name in A-label form, lower case, no trailing dot, of so many `labels` (two or more if not said)?"""
    if len(text) > 253 or not _NAME.fullmatch(text):
        return False
    return text.count(".") == labels - 1 if labels is not None else "." in text


def parse_domain(text: str) -> Typed:
    """Read what was typed. Takes an address, a mail address, a port, a trailing dot, www and any script.

    Raises BadDomain with one clear sentence. RFC 1035 section 2.3.4 (lengths), RFC 5891 (IDNA 2008) with the mapping of
    Unicode TS 46, and the Public Suffix List, which is read offline.
    """
    if len(text) > limits.DOMAIN_TYPED:
        raise BadDomain(f"That is {len(text):,} characters long; a domain has at most 253. Type it alone, {_EXAMPLE}.")
    _refuse_hidden(text)
    typed = text.strip()
    if not typed:
        raise BadDomain(f"Type your domain, {_EXAMPLE}.")
    host, how = _host_of(typed)
    _refuse_address(host)
    domain, unicode = _names_of(host)
    _refuse_address(domain)
    notes = [f"You typed {how}; we took its host, {unicode}."] if how else []
    rest = domain.removeprefix("www.")
    if rest != domain and "." in rest and _private_suffix(rest):
        domain, unicode = rest, unicode.removeprefix("www.")
        notes = [f"You typed {how or 'www'}; we took the domain itself, {unicode}. We look at www.{unicode} too."]
    apex = _private_suffix(domain)
    if apex is None:
        raise BadDomain(
            f"{_quoted(unicode)} is an ending under which others register their names. Type your own domain, such as "
            f"yourname.{unicode}."
        )
    if apex != domain:
        notes.append(f"{unicode} is a part of {unicode_of(apex)}; we look at it as you typed it.")
    if mixed := _mixed(unicode):
        notes.append(
            f"This name mixes {listed(mixed)} letters. Its plain form is {domain}; make sure that it is yours."
        )
    return Typed(domain, unicode, tuple(notes))


def registrable(domain: str) -> str:
    """The registered part of a name, by the Public Suffix List: "good.co.uk" of "app.good.co.uk". An ending stays."""
    domain = domain.rstrip(".").lower()
    return _private_suffix(domain) or domain


def _private_suffix(name: str) -> str | None:
    from launchready_tui.suffixes import private_suffix  # only when a domain is read: home is painted without it

    return private_suffix(name)


def _refuse_hidden(text: str) -> None:
    for char in text.strip():
        if (char not in "\t\n\r" and clean(char) != char) or char in "\t\n\r":
            name = f"U+{ord(char):04X}"
            raise BadDomain(
                f"There is a character in it that cannot be seen ({name}). Type the domain by hand, {_EXAMPLE}."
            )


def _host_of(typed: str) -> tuple[str, str]:
    """The host in what was typed, and what it was in: "an address", "a mail address", or "" for the name alone.

    What stands before an @ may be a password: it is never repeated.
    """
    found = _SCHEME.match(typed)
    rest = typed[found.end() :] if found else typed.lstrip("/\\")
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0].strip()
    bare, at, host = authority.rpartition("@")
    host = host.strip()
    port = re.fullmatch(r"([^:\[\]]*):[0-9]{0,5}", host)
    host = port[1] if port else host
    if at and bare and (not found or found[1] is None) and rest == authority and not port:
        return host, "a mail address"
    return host, "an address" if found or at or port or authority != typed else ""


def _refuse_address(host: str) -> None:
    """An IP address in any form that a browser takes: 192.0.2.1, [::1], 127.1, 0x7f000001 (WHATWG URL section 3.5)."""
    say = BadDomain(f"{_quoted(host)} is an IP address. Type the domain that points to it, {_EXAMPLE}.")
    if host.startswith("[") or host.count(":") > 1:
        raise say
    try:
        ipaddress.ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        if last and re.fullmatch(r"[0-9]+|0[xX][0-9a-fA-F]*", last):
            raise say from None
    else:
        raise say


def _names_of(host: str) -> tuple[str, str]:
    """A-label and Unicode form. Raises BadDomain."""
    import idna  # 15 ms: only when a domain is read

    quoted = _quoted(host)
    if re.search(r"\s", host):
        raise BadDomain(f"{quoted} has a space in it, and a domain has none. Type it without, {_EXAMPLE}.")
    try:
        mapped = idna.uts46_remap(host, std3_rules=False).rstrip(".")
    except idna.IDNAError:
        raise BadDomain(f"{quoted} holds a character that no domain may have. Type your domain, {_EXAMPLE}.") from None
    labels = mapped.split(".")
    if not mapped:
        raise BadDomain(f"There is no domain in it. Type your domain, {_EXAMPLE}.")
    if len(mapped) > 253:
        raise BadDomain(
            f"That name is {len(mapped):,} characters long; a domain has at most 253. Type yours, {_EXAMPLE}."
        )
    if "" in labels:
        raise BadDomain(f"{quoted} has a dot too many. Type it with one dot between its parts, {_EXAMPLE}.")
    if any(len(label) > 63 for label in labels):
        raise BadDomain(f"A part of {quoted} is longer than 63 characters, the most that a domain allows.")
    if "_" in mapped:
        raise BadDomain(f"{quoted} has an underscore, and a website's name has none. Type your domain, {_EXAMPLE}.")
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        raise BadDomain(f"A part of {quoted} starts or ends with a hyphen, and no domain may. Type yours, {_EXAMPLE}.")
    try:
        domain = idna.encode(mapped).decode("ascii")
        unicode = idna.decode(domain)
    except idna.IDNAError as error:
        if "too long" in str(error).lower():
            raise BadDomain(f"{quoted} is longer than a domain may be: 63 characters a part, 253 in all.") from None
        raise BadDomain(f"{quoted} holds characters that no domain may have. Type your domain, {_EXAMPLE}.") from None
    if len(labels) == 1:
        raise BadDomain(f"{quoted} has no ending such as .com. Type the whole domain, {_EXAMPLE}.")
    if not is_name(domain):
        raise BadDomain(f"{quoted} holds characters that no domain may have. Type your domain, {_EXAMPLE}.")
    return domain, unicode


def unicode_of(domain: str) -> str:
    """A name as a person reads it: "münchen.example" for its xn-- form. What cannot be read so stays as it is."""
    if "xn--" not in domain:
        return domain
    import idna  # as above

    try:
        return idna.decode(domain)
    except idna.IDNAError:
        return domain


def _mixed(unicode: str) -> tuple[str, ...]:
    """The scripts that one label mixes as no language does: Cyrillic and Latin in "раypal" (Unicode TR 39)."""
    for label in unicode.split("."):
        scripts = {
            unicodedata.name(char, "?").split(" ")[0].split("-")[0].capitalize() for char in label if char.isalpha()
        }
        if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
            return tuple(sorted(scripts))
    return ()


def _quoted(text: str) -> str:
    return f"“{clean(text, limit=80)}”"
