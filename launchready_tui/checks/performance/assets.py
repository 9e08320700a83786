"""What the home page loads from its own hosts, asked for once and shared by the checks on caching, size and images.

Others' hosts (fonts, analytics) are left out: a founder cannot change how they answer, and we do not ask them.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from launchready_tui import limits
from launchready_tui.model import Finding, unknown
from launchready_tui.project import Project
from launchready_tui.sources.css import css_resources
from launchready_tui.sources.html import Document, Image, parse
from launchready_tui.sources.urls import host_of, join
from launchready_tui.sources.web import Page, Reply, Web

Kind = Literal["style", "script", "font", "image"]

STYLES = "gzip"  # whoever reads a style sheet asks for it in this way, so that it is asked for once
OTHERS = "gzip, br, zstd"  # what a browser offers: answers tell how the file would really be sent

# A fingerprint in a file's name: hexadecimal of 8 or more, or the mixed 8 characters that Vite and esbuild write.
_HEX = re.compile(r"(?:^|[.\-_~])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}(?=[.\-_~]|$)", re.IGNORECASE)
_MIXED = re.compile(r"[.\-_]([A-Za-z0-9_-]{8,24})\.[a-z0-9]{2,5}(?:\.map)?$")
_FRAMEWORK = re.compile(
    r"/_next/static/(?!development)|/_nuxt/|/_astro/|/_app/immutable/|/static/(?:js|css)/.*\.[0-9a-f]{8}\."
)


@dataclass(frozen=True, slots=True)
class Asset:
    """One file that the page loads, and how it was answered. `image` is the element it stands in; `picture`: it is the
    last resort of a <picture> whose sources modern browsers take instead."""

    kind: Kind
    url: str
    reply: Reply
    image: Image | None = None

    @property
    def page(self) -> Page | None:
        """The answer where it is the file itself."""
        return self.reply if isinstance(self.reply, Page) and self.reply.status == 200 else None

    @property
    def name(self) -> str:
        """The last part of the address, as a person would call the file."""
        return urlsplit(self.url).path.rsplit("/", 1)[-1][:80] or self.url[:80]


@dataclass(frozen=True, slots=True)
class Looked:
    """The home page and its files. `left_out` counts those past limits.ASSETS_LOOKED_AT, `elsewhere` others' files."""

    page: Page
    document: Document
    assets: tuple[Asset, ...]
    left_out: int = 0
    elsewhere: int = 0

    def of(self, *kinds: Kind) -> tuple[Asset, ...]:
        return tuple(asset for asset in self.assets if asset.kind in kinds)


def hashed(url: str) -> bool:
    """True where the name changes with the content, so that it can be kept for ever."""
    path = urlsplit(url).path
    if _FRAMEWORK.search(path):
        return True
    name = path.rsplit("/", 1)[-1]
    if _HEX.search(name):
        return True
    found = _MIXED.search(name)
    if found is None:
        return False
    word = found[1]
    return bool(re.search(r"\d", word) and re.search(r"[A-Za-z]", word)) or (
        bool(re.search(r"[A-Z]", word[1:])) and bool(re.search(r"[a-z]", word)) and "-" not in word and "_" not in word
    )


def _own(project: Project, page: Page, url: str) -> bool:
    host = host_of(url)
    domain = project.domain
    return host in (domain, host_of(page.url)) or host.endswith(f".{domain}")


def _pictures(document: Document) -> list[Image]:
    """The images a modern browser loads: of a <picture> the first source, with the size of its <img>."""
    found: list[Image] = []
    sources: list[Image] = []
    for image in document.images:
        if not image.src:
            sources.append(image)
            continue
        if sources and sources[0].srcset:
            first = sources[0]
            found.append(Image(first.srcset[0], image.width, image.height, first.srcset, first.sizes, image.loading))
        else:
            found.append(image)
        sources = []
    return found


async def look(project: Project, web: Web) -> Looked | Finding:
    """Fetch the home page and its files; the finding to give where the page itself cannot be judged.

    All answers are remembered by the web source, so each check calls this for itself at no cost.
    """
    url = project.url("home")
    if not url:
        return unknown("There is no home page to look at.", needs="the address of your home page")
    chain = await web.follow(url)
    page = chain.last
    if not isinstance(page, Page) or page.status != 200 or chain.end != "ok":
        said = page.say if not isinstance(page, Page) else f"answers {page.status}"
        return unknown(
            f"We could not look at the files of the home page: {host_of(page.url)} {said}.",
            needs="a home page that opens",
            subject=host_of(page.url),
        )
    if page.unread:
        return unknown(
            f"We could not look at the files of the home page: it came in a form we cannot read ({page.encoding}).",
            needs="another look",
            subject=host_of(page.url),
        )
    document = parse(page.text, page.url)
    styles = list(dict.fromkeys(document.styles))
    scripts = list(dict.fromkeys([script.src for script in document.scripts if script.src]))
    scripts += [href for rel, href in document.linked if rel == "modulepreload" and href not in scripts]
    images = list({image.src: image for image in _pictures(document)}.values())
    known = len(styles) + len(scripts) + len(images)
    own_styles = [each for each in styles if _own(project, page, each)]
    own_scripts = [each for each in scripts if _own(project, page, each)]
    own_images = [each for each in images if _own(project, page, each.src)]
    room = limits.ASSETS_LOOKED_AT
    parts: list[tuple[Kind, str, Image | None]] = [("style", each, None) for each in own_styles[: room // 3]]
    parts += [("script", each, None) for each in own_scripts[: room // 2 - len(parts)]]
    room_for_fonts = room // 8  # what they are is known only from the style sheets, the rest goes out at once
    parts += [("image", each.src, each) for each in own_images[: room - len(parts) - room_for_fonts]]
    asked = list(await asyncio.gather(*(_fetch(web, *part) for part in parts)))
    fonts = [each for each in _fonts(document, page, asked) if _own(project, page, each)]
    asked += await asyncio.gather(*(_fetch(web, "font", each, None) for each in fonts[:room_for_fonts]))
    mine = len(own_styles) + len(own_scripts) + len(own_images) + len(fonts)
    return Looked(
        page,
        document,
        tuple(asked),
        left_out=mine - len(asked),
        elsewhere=known - len(own_styles) - len(own_scripts) - len(own_images),
    )


async def _fetch(web: Web, kind: Kind, url: str, image: Image | None) -> Asset:
    reply = await web.get(url, accept_encoding=STYLES if kind == "style" else OTHERS)
    return Asset(kind, url, reply, image)


def _fonts(document: Document, page: Page, asked: list[Asset]) -> list[str]:
    """Fonts that the page preloads, and those that its own style sheets name."""
    found = [href for rel, href in document.linked if rel == "preload" and re.search(r"\.(?:woff2?|ttf|otf)\b", href)]
    found += [absolute for each in document.css if each.kind == "font" and (absolute := join(page.url, each.url))]
    for asset in asked:
        sheet = asset.page
        if asset.kind == "style" and sheet is not None:
            found += [
                absolute
                for each in css_resources(sheet.text)
                if each.kind == "font" and (absolute := join(sheet.url, each.url))
            ]
    # Browsers take one format of each font; woff2 comes first in every list made in the last ten years.
    woff2 = [url for url in found if ".woff2" in url]
    return list(dict.fromkeys(woff2 or found))
