"""Names in mail as they are compared: in lower case, as A-labels, and the part of them that was registered."""

from __future__ import annotations

from launchready_tui.suffixes import private_suffix

_DOTS = str.maketrans("\u3002\uff0e\uff61", "...")  # what IDNA maps to a full stop (RFC 3490 section 3.1)


def org_domain_of(name: str) -> str | None:
    """The registrable domain of a name by the public suffix list that comes with us; None for a public suffix itself.

    Lower case, without the trailing dot, in the form given (A-labels stay A-labels). An ending that is not listed
    counts as one suffix (the list's rule "*"). A leading dot and empty labels make no name: None.
    """
    # The list is in IDNA's mapped form: full-width dots and letters first become what they stand for.
    name = name.strip().lower().translate(_DOTS).removesuffix(".")
    if not name or "" in name.split("."):
        return None
    return private_suffix(name)


def plain(name: str) -> str:
    """A name, or the domain of a mail address, for comparing: lower case, A-labels, no trailing dot. "" for none."""
    name = name.strip().strip("<>").rpartition("@")[2].strip().lower().translate(_DOTS).removesuffix(".")
    if not name or "" in name.split("."):
        return ""
    if name.isascii():
        return name
    import dns.exception
    import dns.name

    try:
        return dns.name.from_unicode(name, idna_codec=dns.name.IDNA_2008_UTS_46).to_text(omit_final_dot=True).lower()
    except (dns.exception.DNSException, UnicodeError):
        return name  # no name that the DNS could have: it equals itself alone
