"""What stands on a page: links, parts, forms and text, read as a browser's parser reads it. Pure, bounded.

Nothing is run: a page that scripts draw is an almost empty shell here (`Document.root_empty`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from launchready_tui import limits
from launchready_tui.sources import urls
from launchready_tui.sources.css import CssUrl, css_resources, css_urls
from launchready_tui.sources.html_guard import bounded

__all__ = ["Document", "Form", "Image", "Link", "Script", "css_urls", "parse", "script_urls"]


@dataclass(frozen=True, slots=True)
class Link:
    """An <a> or <area>: where it leads (absolute http or https) and its text."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """`src` absolute, "" for an inline script whose code is in `text`; `integrity` and `type` as written."""

    src: str
    text: str = ""
    integrity: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """`src` and `srcset` absolute; `width` and `height` from the attributes, None where absent or not a number."""

    src: str
    width: int | None = None
    height: int | None = None
    srcset: tuple[str, ...] = ()
    sizes: str = ""
    loading: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`action` absolute (the page itself where none is written), `method` in lower case, `inputs` the types of its
    fields in order."""

    action: str
    method: str
    has_password: bool
    inputs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A page. All URLs are absolute http or https (links elsewhere are left out), in the order of the page.

    `styles` are style sheets, `media` video, audio, tracks and posters, `frames` iframes, objects and embeds, `linked`
    every other (rel, href) of <link> ("icon", "preload", "canonical", …), `css` what inline styles load, `metas` the
    (name or http-equiv, content) of <meta>, in lower case. Text is raw: clean it when shown.
    """

    url: str
    title: str = ""
    text: str = ""
    links: tuple[Link, ...] = ()
    scripts: tuple[Script, ...] = ()
    styles: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    media: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()
    buttons: tuple[str, ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    css: tuple[CssUrl, ...] = ()
    metas: tuple[tuple[str, str], ...] = ()
    loose_password: bool = False

    @property
    def iframes(self) -> tuple[str, ...]:
        return self.frames

    @property
    def has_password(self) -> bool:
        """A password field, in a form or (as scripts like it) outside of one."""
        return self.loose_password or any(form.has_password for form in self.forms)

    @property
    def root_empty(self) -> bool:
        """Drawn by script: there are scripts, no form, no password field, and next to no visible text."""
        shown = len(self.text.strip())
        return bool(self.scripts) and not self.forms and not self.has_password and shown < limits.SHELL_TEXT

    @property
    def canonical(self) -> str | None:
        return next((href for rel, href in self.linked if rel == "canonical"), None)

    @property
    def robots(self) -> str:
        """The robots meta, in lower case: "noindex, nofollow"."""
        return self.meta("robots").lower()

    def meta(self, name: str) -> str:
        """The content of the first <meta> of that name or http-equiv, "" where there is none."""
        return next((content for key, content in self.metas if key == name), "")


def parse(html: str, base_url: str) -> Document:
    """Read a page that came from `base_url`. Never fails: what is no HTML is a document with some text or none."""
    tree = LexborHTMLParser(bounded(html))
    base = base_url
    for node in _all(tree, "base[href]")[:1]:
        base = urls.join(base_url, _attribute(node, "href")) or base_url
    reader = _Reader(base)
    scripts = tuple(reader.script(node) for node in _all(tree, "script"))
    styles, linked = reader.linked(_all(tree, "link[href]"))
    inline_css = [node.text() for node in _all(tree, "style")]
    inline_css += [_attribute(node, "style") for node in _all(tree, "[style]")]
    forms = tuple(reader.form(node, base_url) for node in _all(tree, "form"))
    passwords = len(_all(tree, "input[type=password i]"))
    title = tree.css_first("title")
    return Document(
        url=base_url,
        title=title.text()[:1_000].strip() if title is not None else "",
        links=reader.links(_all(tree, "a[href], area[href]")),
        scripts=scripts,
        styles=styles,
        images=tuple(
            reader.image(node) for node in _all(tree, "img, picture source, input[type=image i], image[href]")
        ),
        media=reader.sources(_all(tree, "video, audio, video source, audio source, track"), ("src", "poster")),
        frames=reader.sources(_all(tree, "iframe, frame, embed, object"), ("src", "data")),
        forms=forms,
        buttons=_buttons(tree),
        linked=linked,
        css=tuple(
            CssUrl(url, each.kind)
            for css in inline_css[: limits.HTML_THINGS]
            for each in css_resources(css)
            if (url := urls.join(base, each.url)) is not None
        )[: limits.HTML_THINGS],
        metas=_metas(tree),
        loose_password=passwords > 0,
        text=_visible(tree),  # last: it takes the tree apart
    )


def _all(tree: LexborHTMLParser | LexborNode, query: str) -> list[LexborNode]:
    return tree.css(query)[: limits.HTML_THINGS]


def _attribute(node: LexborNode, name: str) -> str:
    return (node.attributes.get(name) or "").strip()


def _number(text: str) -> int | None:
    match = re.match(r"\d{1,6}", text)
    return int(match[0]) if match else None


class _Reader:
    """Reads elements against the base of one page."""

    def __init__(self, base: str) -> None:
        self._base = base

    def _url(self, text: str) -> str:
        return (urls.join(self._base, text) or "") if text else ""

    def script(self, node: LexborNode) -> Script:
        src = self._url(_attribute(node, "src"))
        text = "" if src else node.text()[: limits.HTML_SCRIPT]
        return Script(src, text, _attribute(node, "integrity"), _attribute(node, "type").lower())

    def linked(self, nodes: list[LexborNode]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
        styles: list[str] = []
        linked: list[tuple[str, str]] = []
        for node in nodes:
            href = self._url(_attribute(node, "href"))
            rels = _attribute(node, "rel").lower().split()
            if href and "stylesheet" in rels:
                styles.append(href)
            elif href:
                linked += [(rel, href) for rel in rels[:4]]
        return tuple(styles), tuple(linked)

    def links(self, nodes: list[LexborNode]) -> tuple[Link, ...]:
        found = ((self._url(_attribute(node, "href")), node) for node in nodes)
        return tuple(Link(href, " ".join(_inner(node).split())) for href, node in found if href)

    def image(self, node: LexborNode) -> Image:
        # Blanks part the candidates of a srcset; a comma inside an address has none behind it.
        candidates = re.split(r",\s+|,$", _attribute(node, "srcset"))[:50]
        srcset = tuple(url for each in candidates if each.strip() and (url := self._url(each.split()[0])))
        return Image(
            self._url(_attribute(node, "src") or _attribute(node, "href")),
            _number(_attribute(node, "width")),
            _number(_attribute(node, "height")),
            srcset,
            _attribute(node, "sizes"),
            _attribute(node, "loading").lower(),
        )

    def sources(self, nodes: list[LexborNode], names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(url for node in nodes for name in names if (url := self._url(_attribute(node, name))))

    def form(self, node: LexborNode, page: str) -> Form:
        written = _attribute(node, "action")
        fields = _all(node, "input, select, textarea")
        types = tuple(
            (_attribute(field, "type").lower() or "text") if field.tag == "input" else (field.tag or "")
            for field in fields
        )
        action = self._url(written) if written else page
        return Form(action, _attribute(node, "method").lower() or "get", "password" in types, types)


def _inner(node: LexborNode) -> str:
    return node.text()[: limits.TEXT_SHOWN]


def _buttons(tree: LexborHTMLParser) -> tuple[str, ...]:
    found = []
    for node in _all(tree, "button, input[type=submit i], input[type=button i], [role=button]"):
        words = _attribute(node, "value") if node.tag == "input" else _inner(node) or _attribute(node, "aria-label")
        found.append(" ".join(words.split()))
    return tuple(word for word in found if word)


def _metas(tree: LexborHTMLParser) -> tuple[tuple[str, str], ...]:
    found = []
    for node in _all(tree, "meta"):
        name = _attribute(node, "name") or _attribute(node, "http-equiv") or _attribute(node, "property")
        if name:
            found.append((name.lower(), _attribute(node, "content")))
    return tuple(found)


def _visible(tree: LexborHTMLParser) -> str:
    """The words a visitor reads, blanks folded, at most limits.HTML_TEXT characters."""
    body = tree.body
    if body is None:
        return ""
    body.strip_tags(["script", "style", "noscript", "template", "svg"], recursive=True)
    return " ".join(body.text(separator=" ").split())[: limits.HTML_TEXT]


_CALL = re.compile(
    r"""(?:(?<![\w$])(?:fetch|importScripts|import|sendBeacon|WebSocket|EventSource|Request
        |(?:axios|jQuery|\$|ky|got|superagent)(?:\.\w{1,12})?)\s{0,8}\(\s{0,8}
        |\.open\s{0,8}\(\s{0,8}["'][A-Za-z]{3,7}["']\s{0,8},\s{0,8})
        ["'`]((?:https?|wss?)://[^\s"'`<>]{1,1000})""",
    re.X,
)


def script_urls(code: str) -> tuple[str, ...]:
    """Absolute addresses that a script calls, as far as they stand there in one piece: fetch("https://…") and kin."""
    found = (match[1] for match in _CALL.finditer(code[: limits.HTML_SCRIPT]))
    return tuple(dict.fromkeys(found))[: limits.HTML_THINGS]
