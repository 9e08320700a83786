"""performance.images.size: bytes, formats, pixels, and sizes in the page."""

from __future__ import annotations

import struct

import pytest

from launchready_tui.checks.performance.images import format_of
from launchready_tui.engine import Context, judge
from launchready_tui.model import Status
from launchready_tui.project import Project
from launchready_tui.sources.web import NoPage, Page, Web
from tests.checks.performance.test_cache import HOME, file
from tests.world import NAME, CannedTls, CannedWeb, Row, World, by_id, hold

KIB = 1_024


def png(width: int, size: int) -> bytes:
    """The first bytes of a PNG of this width, filled up to `size` bytes."""
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", width, 100, 8, 6, 0, 0, 0)
    return head.ljust(size, b"\0")


def webp(width: int, size: int) -> bytes:
    """The same as a WebP (VP8X holds width and height less one)."""
    size24 = (width - 1).to_bytes(3, "little") + (99).to_bytes(3, "little")
    head = b"RIFF" + struct.pack("<I", size - 8) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + size24
    return head.ljust(size, b"\0")


def shown(body: bytes, tag: str = "width=800 height=400", type: str = "image/png", name: str = "cover.png") -> World:
    return html(f"<img src=/{name} {tag}>", file(f"{HOME}{name}", type, body))


def html(code: str, *files: Page) -> World:
    home = Page(HOME, 200, (("content-type", "text/html"),), f"<h1>Hello</h1>{code}".encode())
    return World(web={HOME: home} | {f.url: f for f in files})


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"
TABLE: dict[str, list[Row]] = {
    "performance.images.size": [
        Row("a modern one", shown(webp(800, 90 * KIB), type="image/webp", name="cover.webp"), Status.PASS),
        Row("a small old one", shown(png(800, 40 * KIB)), Status.PASS),
        Row("an svg needs no size", shown(SVG, "", "image/svg+xml", "logo.svg"), Status.PASS),
        Row(
            "an old one behind modern ones",
            html(
                "<picture><source srcset=/c.webp type=image/webp><img src=/c.png width=800 height=400></picture>",
                file(f"{HOME}c.webp", "image/webp", webp(800, 90 * KIB)),
                file(f"{HOME}c.png", "image/png", png(4_000, 900 * KIB)),
            ),
            Status.PASS,
        ),
        Row("an old format", shown(png(800, 60 * KIB)), Status.WARN, "PNG of 60 KiB"),
        Row("300 KiB", shown(webp(800, 300 * KIB), name="cover.webp"), Status.WARN, "300 KiB"),
        Row("more than twice its place", shown(webp(1_700, 60 * KIB), name="c.webp"), Status.WARN, "a place of 800"),
        Row("the same with a srcset", shown(webp(1_700, 60 * KIB), "width=800 height=9 srcset=/c.webp"), Status.PASS),
        Row("no size in the page", shown(webp(800, 60 * KIB), ""), Status.WARN, "text jumps"),
        Row("600 KiB", shown(webp(800, 600 * KIB)), Status.FAIL, "600 KiB"),
        Row("straight from a camera", shown(webp(4_000, 90 * KIB)), Status.FAIL, "4,000 pixels"),
        Row("no pictures", html(""), Status.INFO),
        Row("others' pictures", html("<img src=https://cdn.example.net/a.png>"), Status.INFO),
        Row("a picture that is a page", shown(b"<!doctype html>", type="text/html"), Status.UNKNOWN),
        Row("a picture that is gone", html("<img src=/a.png>"), Status.UNKNOWN),
        Row("home is silent", World(web={HOME: NoPage(HOME, "timeout", "said nothing")}), Status.UNKNOWN),
        Row(
            "a broken picture with escapes in its name",
            shown(b"\x89PNG\r\n\x1a\n\0", "width=9", name="%1B]0;x%E2%80%AE.png"),
            Status.WARN,
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


@pytest.mark.parametrize(
    ("body", "format"),
    [
        (b"\0\0\0\x20ftypavif", "AVIF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"GIF89a", "GIF"),
        (b"<?xml version='1.0'?><svg>", "SVG"),
        (b"hello", ""),
        (b"", ""),
    ],
)
def test_formats(body: bytes, format: str) -> None:
    assert format_of(body, "application/octet-stream") == format


class Counting(CannedWeb):
    """Keeps each question as it was asked."""

    asked_for: list[tuple[str, str]]

    def __init__(self, pages: dict[str, Page]) -> None:
        super().__init__(pages)
        self.asked_for = []

    async def get(self, url: str, **how: object) -> Page | NoPage:
        self.asked_for.append((url, str(how.get("accept_encoding", "gzip"))))
        return await super().get(url)


async def test_the_three_checks_ask_for_the_same_files_in_the_same_way_and_not_for_too_many() -> None:
    files = [file(f"{HOME}{n}.js", "text/javascript") for n in range(40)]
    files += [file(f"{HOME}{n}.css", "text/css") for n in range(40)]
    files += [file(f"{HOME}{n}.png", "image/png", png(9, 99)) for n in range(40)]
    code = "".join(
        f"<link rel=stylesheet href={f.url}>" if ".css" in f.url else f"<script src={f.url}></script>"
        for f in files[:80]
    ) + "".join(f"<img src={f.url} width=9 height=9>" for f in files[80:])
    home = Page(HOME, 200, (("content-type", "text/html"),), code.encode())
    web: Web = Counting({f.url: f for f in (home, *files)})
    assert isinstance(web, Counting)
    context = Context(Project(NAME), web, CannedTls({}))
    for id in ("performance.images.size", "performance.cache.static", "performance.compress.text"):
        await judge(by_id(id), context)
    assert len(set(web.asked_for)) <= 31  # the page and limits.ASSETS_LOOKED_AT files
    assert len({url for url, _ in web.asked_for}) == len(set(web.asked_for))  # no file in two ways
    kinds = {url.rpartition(".")[2] for url, _ in web.asked_for if url != HOME}
    assert kinds == {"js", "css", "png"}
    assert {how for url, how in web.asked_for if url.endswith(".css")} == {"gzip"}
