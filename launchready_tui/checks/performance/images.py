"""Whether pictures are small enough: bytes, format, pixels and a size in the page."""

from __future__ import annotations

import io
from dataclasses import dataclass

import imagesize

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.checks.performance.assets import Asset, Looked, look
from launchready_tui.model import Evidence, Finding, Fix, Setting, Severity, failed, info, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.sources.web import Page, Web
from launchready_tui.text import listed, plural

_FORMATS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
)
_MODERN = ("AVIF", "WebP", "JPEG XL")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its size in bytes, its format by its first bytes, its width in pixels (0 where unknown)."""

    name: str
    url: str
    size: int
    format: str
    width: int
    slot: int | None
    srcset: bool
    sized: bool

    @property
    def raster(self) -> bool:
        return self.format not in ("SVG", "")


def format_of(body: bytes, content_type: str) -> str:
    """What a picture is, by its first bytes; by its content-type where they tell nothing; "" for no picture."""
    if body[4:8] == b"ftyp" and body[8:12] in (b"avif", b"avis"):
        return "AVIF"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "WebP"
    if body[:2] == b"\xff\x0a" or body[:12] == b"\0\0\0\x0cJXL \r\n\x87\n":
        return "JPEG XL"
    for start, name in _FORMATS:
        if body.startswith(start):
            return name
    if content_type == "image/svg+xml" or b"<svg" in body[:1_000]:
        return "SVG"
    return ""


def _width(body: bytes) -> int:
    """Width in pixels from the first kilobytes, 0 where they do not tell."""
    try:
        width = imagesize.get(io.BytesIO(body[:300_000]))[0]
    except Exception:  # noqa: BLE001  a picture from outside may break the reader in any way; its width is then unknown
        return 0
    return int(width) if 0 < width < 1_000_000 else 0


def picture(asset: Asset, page: Page) -> Picture | None:
    """Read one answered image; None for what is no picture."""
    format = format_of(page.body, page.content_type)
    if not format and not page.encoding:
        return None
    image = asset.image
    return Picture(
        asset.name,
        asset.url,
        max(page.wire_bytes, len(page.body) if not page.encoding else 0),
        format or "SVG",
        _width(page.body) if format != "SVG" else 0,
        image.width if image else None,
        bool(image and image.srcset),
        bool(image and image.width is not None and image.height is not None),
    )


def faults(picture: Picture) -> tuple[str, list[str]]:
    """ "fail", "warn" or "pass" for one picture, and each reason as a clause."""
    kib = picture.size // 1_024
    if picture.size > limits.IMAGE_FAIL:
        return "fail", [f"is {kib:,} KiB large (aim: {limits.IMAGE_SOUND // 1_024} KiB)"]
    if picture.raster and picture.width > limits.IMAGE_WIDTH_FAIL and not picture.srcset:
        return "fail", [f"is {picture.width:,} pixels wide, with no smaller one for phones"]
    found: list[str] = []
    if picture.size > limits.IMAGE_SOUND:
        found.append(f"is {kib:,} KiB large (aim: {limits.IMAGE_SOUND // 1_024} KiB)")
    if picture.raster and picture.size > limits.IMAGE_OLD_FORMAT and picture.format not in _MODERN:
        found.append(f"is a {picture.format} of {kib:,} KiB; AVIF or WebP would be half of that")
    if picture.raster and picture.slot and picture.width > 2 * picture.slot and not picture.srcset:
        found.append(f"is {picture.width:,} pixels wide for a place of {picture.slot:,}")
    if picture.raster and not picture.sized:
        found.append("has no width and height in the page, so the text jumps when it arrives")
    return ("warn" if found else "pass"), found


@check(
    "performance.images.size",
    severity=Severity.MEDIUM,
    title="Pictures are small enough",
    why="One photo straight from a camera stalls the whole page on a phone.",
    minutes=30,
)
async def images_size(project: Project, web: Web) -> Finding:
    looked = await look(project, web)
    return looked if isinstance(looked, Finding) else judge(looked)


def judge(looked: Looked) -> Finding:
    """Pure: the worst of the pictures decides."""
    assets = looked.of("image")
    if not assets:
        return info("The home page's own code holds no picture from your hosts, so there is nothing to judge.")
    read = [found for asset in assets if asset.page is not None and (found := picture(asset, asset.page)) is not None]
    if not read:
        return unknown(
            f"No picture of the home page came back as one ({len(assets)} asked for).",
            needs="another look",
            evidence=[Evidence(asset.url, _told(asset)) for asset in assets],
        )
    judged = [(each, *faults(each)) for each in read]
    evidence = [
        Evidence(each.url, f"{each.format}, {each.size:,} bytes" + (f", {each.width:,} px wide" if each.width else ""))
        for each in read
    ]
    for level in ("fail", "warn"):
        bad = [(each, why) for each, how, why in judged if how == level]
        if bad:
            worst, why = max(bad, key=lambda pair: pair[0].size)
            more = f", and {len(bad) - 1} more like it" if len(bad) > 1 else ""
            make = failed if level == "fail" else warned
            return make(f"{worst.name} {why[0]}{more}.", _fix([each.name for each, _ in bad]), evidence=evidence)
    return passed(
        "The one picture of the home page is small and modern."
        if len(read) == 1
        else f"The {plural(len(read), 'picture')} of the home page are small and modern.",
        evidence=evidence,
    )


def _told(asset: Asset) -> str:
    reply = asset.reply
    return f"answered {reply.status} {reply.content_type}" if isinstance(reply, Page) else reply.say


def _fix(names: list[str]) -> Fix:
    return Fix(
        "setting",
        f"Save {listed(names, most=4)} anew as WebP or AVIF, no wider than 1,600 pixels and under 200 KiB (squoosh.app "
        "does it in the browser), and give each <img> its width and height. Many hosts do it by a switch for image "
        "optimisation.",
        minutes=30,
        who="Whoever makes your pages",
        settings=(Setting("images.optimise", "on"),),
    )
