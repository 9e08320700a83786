"""An SPF record with a sender added or taken away (RFC 7208 section 4.6.1: order decides, so it is kept). All pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from launchready_tui.mail.spf import SpfTerm, is_spf, parse

_END = "~all"  # the end of a new record: receivers suspect everybody else, and nothing of the founder's is refused yet


def term_for(host_or_address: str) -> str:
    """The word that lets a host's list, or an address, send: "include:…", "ip4:…" or "ip6:…". Raises ValueError."""
    plain = host_or_address.strip().rstrip(".").lower()
    try:
        network = ipaddress.ip_network(plain, strict=False)
    except ValueError:
        term = f"include:{plain}"
    else:
        single = network.prefixlen == network.max_prefixlen
        term = f"ip{network.version}:{network.network_address if single else network}"
    if any(char.isspace() for char in term) or "%" in term or parse(f"v=spf1 {term}").errors:
        raise ValueError(f"{term} is no word that an SPF record can hold")
    return term


def with_sender(text: str, terms: Iterable[str]) -> str:
    """The record with these words before its `all`, each once. "" or a text that is no SPF record begins a new one.

    A word that is there already stays where it is; one that is there to refuse (“-include:…”) lets pass now. Where a
    redirect decides, the words come before it. Words that stand twice, and any `all` after the first, go.
    """
    wanted = [term for term in terms if term]
    if not is_spf(text):
        return " ".join(["v=spf1", *dict.fromkeys(wanted), _END])
    kept = _once(parse(text).terms)
    for term in wanted:
        at = next((at for at, one in enumerate(kept) if _bare(one) == _plain(term)), None)
        ends = next((at for at, one in enumerate(kept) if one.name == "all"), len(kept))
        if at is not None and at < ends:
            if kept[at].qualifier != "+":
                kept[at] = _read(term)
            continue
        if at is not None:  # behind the `all` it never counted
            del kept[at]
        kept.insert(_place(kept), _read(term))
    return " ".join([text[:6], *(one.text for one in kept)])


def without_sender(text: str, theirs: Callable[[str], bool]) -> str:
    """The record without what names a sender: `theirs` says it of the target of an include or a redirect, and of an
    address. Where a redirect to them decided about everybody, the record ends in ~all instead. What is no SPF record
    stays as it is."""
    if not is_spf(text):
        return text
    kept = _once(parse(text).terms)
    decided = not any(one.name == "all" for one in kept)
    left = [one for one in kept if not (one.name in ("include", "redirect", "ip4", "ip6") and theirs(one.value))]
    words = [one.text for one in left]
    if decided and any(_is_redirect(one) for one in kept) and not any(_is_redirect(one) for one in left):
        at = next((at for at, one in enumerate(left) if not one.qualifier), len(left))
        words.insert(at, _END)
    return " ".join([text[:6], *words])


def _is_redirect(one: SpfTerm) -> bool:
    return one.name == "redirect" and not one.qualifier


def _read(term: str) -> SpfTerm:
    return parse(f"v=spf1 {term}").terms[0]


def _plain(term: str) -> str:
    return term.lower().rstrip(".").lstrip("+-~?")


def _bare(one: SpfTerm) -> str:
    return _plain(one.text)


def _once(terms: Iterable[SpfTerm]) -> list[SpfTerm]:
    """Words that say the same kept once, where they stand first; only the first `all` counts (section 5.1)."""
    found: dict[str, SpfTerm] = {}
    for one in terms:
        key = "all" if one.name == "all" else one.text.lower().removeprefix("+").rstrip(".")
        found.setdefault(key, one)
    return list(found.values())


def _place(kept: list[SpfTerm]) -> int:
    """Where a new word goes: before the `all`, else before the first modifier, else last."""
    ends = next((at for at, one in enumerate(kept) if one.name == "all"), None)
    if ends is not None:
        return ends
    return next((at for at, one in enumerate(kept) if not one.qualifier), len(kept))
