"""What stands on the practice startup's pages: HTML, a style, a script and pictures, all made here."""

from __future__ import annotations

import hashlib
import html
import json
import random
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from launchready_tui.practice import DOMAIN

PRODUCT = "Maple Club"
MARKER = "Maple Club keeps your tapping season in one place"

_TOWNS = ("Ada", "Birch Hill", "Cedar", "Dover", "Elm Creek", "Fern", "Grove", "Harrow", "Iron Lake", "Juniper")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file with its content's hash in its name, so that browsers may keep it for good."""

    stem: str
    ending: str
    type: str
    body: bytes

    @property
    def path(self) -> str:
        return f"/assets/{self.stem}.{hashlib.sha256(self.body).hexdigest()[:10]}.{self.ending}"


@cache
def style() -> Asset:
    """About 3 KiB of CSS."""
    rules = [
        "body{margin:0;font:1rem/1.5 system-ui,sans-serif;color:#2b1a0f;background:#fffaf3}",
        "header,main,footer{max-width:60rem;margin:0 auto;padding:1rem}",
        "nav a{margin-right:1rem;color:#8a3b12}",
        "img{max-width:100%;height:auto;border-radius:.5rem}",
        "form{display:grid;gap:.75rem;max-width:20rem}",
    ]
    rules += [f".town-{n}{{order:{n};padding:{n % 7}px;color:hsl({n * 9},40%,30%)}}" for n in range(48)]
    return Asset("site", "css", "text/css; charset=utf-8", "\n".join(rules).encode())


@cache
def script() -> Asset:
    """About 14 KiB of JavaScript: a list of sugarhouses, and a filter over it."""
    houses = [{"id": n, "town": _TOWNS[n % 10], "taps": 40 + n * 13 % 400, "open": n % 3 != 0} for n in range(220)]
    lines = [
        "const houses = [",
        *(f"  {json.dumps(house)}," for house in houses),
        "];",
        "const list = document.querySelector('#houses');",
        "if (list) {",
        "  for (const house of houses.filter((each) => each.open).slice(0, 12)) {",
        "    const item = document.createElement('li');",
        "    item.textContent = `${house.town}: ${house.taps} taps`;",
        "    list.append(item);",
        "  }",
        "}",
    ]
    return Asset("app", "js", "text/javascript; charset=utf-8", "\n".join(lines).encode())


@cache
def chat() -> Asset:
    """A second, small script: the one that the home page loads over http."""
    lines = ["document.documentElement.dataset.chat = 'ready';", *(f"// chat line {n}" for n in range(90))]
    return Asset("chat", "js", "text/javascript; charset=utf-8", "\n".join(lines).encode())


def _png(width: int, height: int, noisy_rows: int) -> bytes:
    """A grey picture (PNG, ISO 15948). Noise does not compress, so `noisy_rows` decide how large the file is."""
    chance = random.Random(width)
    rows = [chance.randbytes(width) if y < noisy_rows else bytes([y % 256]) * width for y in range(height)]
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@cache
def cover(*, small: bool) -> Asset:
    """The cover picture: 3,000 pixels wide and above 600 KiB as a camera gives it; 1,200 and a few KiB `small`."""
    body = _png(1_200, 480, 0) if small else _png(3_000, 480, 215)
    return Asset("cover", "png", "image/png", body)


@cache
def assets() -> Mapping[str, Asset]:
    """The files by path; both pictures answer, since a page in a browser's cache may still ask for the other one."""
    return {each.path: each for each in (style(), script(), chat(), cover(small=True), cover(small=False))}


def _page(title: str, body: str, *, scripts: str = "") -> bytes:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{style().path}">
{scripts}</head>
<body>
<header><nav><a href="/">{PRODUCT}</a> <a href="/login">Log in</a> <a href="/signup">Sign up</a></nav></header>
<main>
{body}
</main>
<footer><p>{PRODUCT}, the practice startup. Nothing here is real, and nothing real can break.</p></footer>
</body>
</html>
""".encode()


def home(*, small: bool, upgraded: bool) -> bytes:
    """The front page. `small` shows the light picture, `upgraded` loads everything over https."""
    picture = cover(small=small).path
    size = ' width="1200" height="480"' if small else ""
    where = "" if upgraded else f"http://{DOMAIN}"
    return _page(
        f"{PRODUCT}: a home for small sugarhouses",
        f"""<h1>{MARKER}</h1>
<p>Count taps, share evaporators, and sell what you boiled to people who live near you. More than two hundred
sugarhouses plan their season here, from the first frost to the last bottle.</p>
<img src="{picture}" alt="Maple trees with buckets in March"{size}>
<h2>Open this week</h2>
<ul id="houses"></ul>
<p><a href="/signup">Join for free</a>, or <a href="https://app.{DOMAIN}/">open the app</a>.</p>""",
        scripts=f'<script src="{script().path}" defer></script>\n<script src="{where}{chat().path}" defer></script>\n',
    )


def login() -> bytes:
    return _page(
        f"Log in to {PRODUCT}",
        """<h1>Log in</h1>
<form action="/login" method="post">
<label>Email <input type="email" name="email" autocomplete="username" required></label>
<label>Password <input type="password" name="password" autocomplete="current-password" required></label>
<button>Log in</button>
</form>
<p><a href="/reset">Forgot your password?</a></p>""",
    )


def signup() -> bytes:
    return _page(
        f"Join {PRODUCT}",
        """<h1>Sign up</h1>
<form action="/signup" method="post">
<label>Email <input type="email" name="email" autocomplete="username" required></label>
<label>Password <input type="password" name="password" autocomplete="new-password" required></label>
<button>Make an account</button>
</form>""",
    )


_MAILS = {
    "reset": ("Reset your password", "Send me a link", "Choose a new password"),
    "invite": ("Invite a neighbour", "Send the invite", "Welcome to the sugarhouse"),
}


def asking(kind: str) -> bytes:
    """The form that sends a mail of a kind ("reset", "invite")."""
    title, button, _ = _MAILS[kind]
    return _page(
        title,
        f"""<h1>{title}</h1>
<form action="/{kind}" method="post">
<label>Email <input type="email" name="email" autocomplete="email" required></label>
<button>{button}</button>
</form>""",
    )


def on_its_way(kind: str) -> bytes:
    """The same words whoever asked, so that nobody learns who is a member."""
    return _page(_MAILS[kind][0], "<h1>Look at your inbox</h1>\n<p>If we know that address, a mail is on its way.</p>")


def opened(kind: str) -> bytes:
    """Where the link in a mail leads, the first time."""
    return _page(_MAILS[kind][2], f"<h1>{_MAILS[kind][2]}</h1>\n<p>This link works once, and now it was used.</p>")


def app() -> bytes:
    return _page(
        f"{PRODUCT} app", f'<h1>Your season</h1>\n<p><a href="https://{DOMAIN}/login">Log in</a> to see it.</p>'
    )


def error(status: int, words: str) -> bytes:
    return _page(f"{status} {words}", f"<h1>{words}</h1>\n<p>Error {status}.</p>")
