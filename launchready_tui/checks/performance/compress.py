"""Whether text is sent compressed, over HTTP/2 (RFC 9110 section 8.4)."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.performance.assets import Looked, look
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, warned
from launchready_tui.project import Project
from launchready_tui.sources.tls import Handshake, NoHandshake, Tls
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import listed, plural

_COMPRESSED = ("br", "zstd", "gzip", "x-gzip", "deflate")
_TEXT = ("text/", "application/javascript", "application/json", "application/xml", "application/xhtml+xml")
_TEXT_TOO = ("application/ld+json", "application/manifest+json", "image/svg+xml", "application/x-javascript")


@dataclass(frozen=True, slots=True)
class Text:
    """One text as it was sent: `size` in bytes unpacked (as sent, where we do not unpack its encoding).

    `modern`: we offered br and zstd as well, so that gzip was the server's choice.
    """

    name: str
    url: str
    encoding: str
    size: int
    modern: bool

    @property
    def compressed(self) -> bool:
        return any(each.strip() in _COMPRESSED for each in self.encoding.split(","))


def _text(page: Page, name: str, *, modern: bool) -> Text:
    return Text(name, page.url, page.encoding, max(len(page.body), page.wire_bytes), modern)


def texts(looked: Looked) -> list[Text]:
    """The page and those of its files that are text and worth compressing."""
    found = [_text(looked.page, "the home page", modern=False)]
    for asset in looked.assets:
        page = asset.page
        if page is not None and (page.content_type.startswith(_TEXT) or page.content_type in _TEXT_TOO):
            found.append(_text(page, asset.name, modern=asset.kind != "style"))
    return [text for text in found if text.size > limits.COMPRESS_FROM]


@check(
    "performance.compress.text",
    severity=Severity.MEDIUM,
    title="Text is sent compressed",
    why="Uncompressed, phones download three to five times as much before they show anything.",
    minutes=15,
)
async def compress_text(project: Project, web: Web, tls: Tls) -> Finding:
    looked = await look(project, web)
    if isinstance(looked, Finding):
        return looked
    shaken = await tls.look(host_of(looked.page.url)) if looked.page.url.startswith("https:") else None
    return judge(looked, shaken)


def judge(looked: Looked, shaken: Handshake | NoHandshake | None) -> Finding:
    """Pure. A protocol that we could not see (`shaken` None or no handshake) neither fails nor passes the texts."""
    found = texts(looked)
    evidence = [Evidence(text.url, f"{text.encoding or 'not compressed'}, {text.size:,} bytes") for text in found]
    if isinstance(shaken, Handshake):
        evidence.append(Evidence(f"ALPN {shaken.host}", shaken.alpn or "none"))
    plain = [text for text in found if not text.compressed]
    large = [text for text in plain if text.size > limits.COMPRESS_FAIL]
    if large:
        biggest = max(large, key=lambda text: text.size)
        return failed(
            f"{_names(large)} {'is' if len(large) == 1 else 'are'} sent uncompressed ({biggest.size // 1024:,} KiB"
            + (f" for {biggest.name})." if len(large) > 1 else ")."),
            _fix("switch on compression (Brotli or gzip) for HTML, CSS, JavaScript, JSON and SVG"),
            evidence=evidence,
        )
    if plain:
        return warned(
            f"{_names(plain)} {'is' if len(plain) == 1 else 'are'} sent uncompressed, all of them small.",
            _fix("switch on compression for every text over 1 KiB, SVG and JSON included"),
            evidence=evidence,
        )
    old = [text for text in found if text.modern and "gzip" in text.encoding and text.size > limits.COMPRESS_GZIP_ONLY]
    if old:
        return warned(
            f"{_names(old)} {'is' if len(old) == 1 else 'are'} sent with gzip only. Brotli would make "
            f"{'it' if len(old) == 1 else 'them'} about a sixth smaller.",
            _fix("switch on Brotli beside gzip"),
            evidence=evidence,
        )
    count = len(looked.assets) + looked.left_out + looked.elsewhere
    if isinstance(shaken, Handshake) and shaken.alpn != "h2" and count > limits.HTTP1_ASSETS:
        return warned(
            f"The home page loads {count} files over HTTP/1.1, six at a time. HTTP/2 sends them side by side.",
            _fix("switch on HTTP/2 (in nginx: http2 on)"),
            evidence=evidence,
        )
    if not found:
        return info("The home page holds less than 1 KiB of text: there is nothing to compress.", evidence=evidence)
    over = " over HTTP/2" if isinstance(shaken, Handshake) and shaken.alpn == "h2" else ""
    sent = f"{plural(len(found), 'text')} of the home page {'is' if len(found) == 1 else 'are'} sent compressed{over}."
    return passed(sent, evidence=evidence)


def _names(found: list[Text]) -> str:
    said = listed([text.name for text in found], most=2)
    return said[:1].upper() + said[1:] if said.startswith("the ") else said


def _fix(what: str) -> Fix:
    return Fix(
        "setting",
        f"At your web host or CDN, {what}. Most hosts have one switch for it; in nginx: gzip on, and gzip_types.",
        minutes=15,
        who="Whoever runs your web host",
        settings=(Setting("compression.text", "on"),),
    )
