"""handover.html and handover.md: whatever stands in a document, none of it acts, and all of it can be read."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from launchready_tui.handover.blocks import Facts, Heading, Listing, Table, cell, harmless
from launchready_tui.handover.document import SECTIONS, Handover, Product, System
from launchready_tui.handover.export import build
from launchready_tui.handover.html import to_html
from launchready_tui.handover.markdown import to_markdown
from launchready_tui.handover.views import sections, texts
from launchready_tui.text import clean
from tests.handover.documents import HANDOVERS
from tests.handover.worlds import facts

WHOLE = build(facts())
EMPTY = Handover(product=Product(domain="good.example"))
ANY = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None, max_examples=40)
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would make of a page: elements with their attributes, and the text of each element's inside."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.other: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.said.append(data)

    def handle_comment(self, data: str) -> None:
        self.other.append(data)

    def handle_pi(self, data: str) -> None:
        self.other.append(data)

    @property
    def text(self) -> str:
        return "".join(self.said)


TAGS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "nav", "div", "a"}
TAGS |= {"h1", "h2", "h3", "p", "ol", "ul", "li", "dl", "dt", "dd", "pre", "code", "bdi"}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "rel", "scope", "aria-label"}


def check_page(whole: Handover) -> Page:
    html = to_html(whole)
    page = Page(html)
    assert page.open == []
    assert page.other == []
    assert {tag for tag, _ in page.elements} <= TAGS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    for tag, attributes in page.elements:
        href = attributes.get("href")
        assert ("href" in attributes) == (tag == "a")
        assert href is None or re.fullmatch(r"#[a-z_]+|https?://[^\s@]+.*", href)
        assert tag != "a" or href is None or href.startswith("#") or "noreferrer" in str(attributes["rel"])
    assert len([tag for tag, _ in page.elements if tag == "style"]) == 1
    for line in html.split("\n"):
        assert clean(line, limit=len(line) + 1) == line, "no control, bidi or hidden character"
    return page


@ANY
@given(HANDOVERS)
def test_any_document_as_a_page_acts_on_nothing_and_says_everything(whole: Handover) -> None:
    page = check_page(whole)
    for text in texts(whole):
        assert text in page.text


def test_a_page_asks_for_nothing_outside() -> None:
    html = to_html(WHOLE)
    assert "default-src 'none'" in html
    assert not re.search(
        r"(?i)<(script|img|link|iframe|object|embed|form|video|audio|svg|base)\b|@import|url\(|\bsrc=", html
    )


def test_a_page_prints_on_a4() -> None:
    html = to_html(WHOLE)
    assert "@page { size: A4;" in html
    assert "@media print" in html
    assert "table-header-group" in html


def test_the_same_document_makes_the_same_page() -> None:
    assert to_html(WHOLE) == to_html(build(facts()))


def test_every_section_of_the_document_is_shown() -> None:
    """Each under a heading of its own, or in one that is named here; the baseline is for programs."""
    inside = {
        "subdomains": "records",
        "redirects": "routes",
        "redirect_matrix": "routes",
        "open_questions": "open_findings",
    }
    inside["alert_proofs"] = "monitors"
    shown = {section.id for section in sections(WHOLE)}
    assert {inside.get(name, name) for name in SECTIONS} - {"baseline"} == shown


def test_an_empty_document_says_that_nothing_is_known() -> None:
    page = check_page(EMPTY)
    for said in ("No way back is written down.", "No record was seen.", "No alert was raised on purpose yet."):
        assert said in page.text


def test_only_plain_web_addresses_are_links() -> None:
    for text in ("javascript:alert(1)", "https://ada@evil.example/", "//evil.example", "https://", "data:text/html,x"):
        assert cell(text).href == ""
    assert cell("https://good.example/login").href == "https://good.example/login"
    assert cell("https://good.example/\u202egpj").href == ""


# ---- spreadsheets ----
@pytest.mark.parametrize("text", ["=1+1", "@SUM(1)", "+1+cmd|'/C calc'!A0", "-2+3+cmd|'/C calc'!A0", "=", "-all(x)"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    assert not re.match(r"[=@+-].", harmless(text))


@pytest.mark.parametrize("text", ["+49 170 1234567", "+1 (555) 010-0000", "-5", "a=b", "@", "3 - 2"])
def test_a_phone_number_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@ANY
@given(HANDOVERS)
def test_no_cell_of_any_document_is_a_formula(whole: Handover) -> None:
    for text in texts(whole):
        assert not re.match(r"[=@].", text)
        assert not re.match(r"[+-].*[A-Za-z(|!]", text)


# ---- Markdown ----
READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def inside(tokens: list[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *(token.children or []))]


def check_markdown(whole: Handover) -> None:
    text = to_markdown(whole)
    tokens = inside(READER.parse(text))
    kinds = {token.type for token in tokens}
    assert not kinds & {
        "html_block",
        "html_inline",
        "image",
        "hr",
        "blockquote_open",
        "code_block",
        "em_open",
        "s_open",
    }
    links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
    assert all(token.markup == "autolink" for token in tokens if token.type == "link_open")
    assert all(re.match(r"https?://", link) for link in links)
    for line in text.split("\n"):
        assert clean(line, limit=len(line) + 1) == line
    headings = [token for token in tokens if token.type == "heading_open"]
    inner = [block for section in sections(whole) for block in section.blocks if isinstance(block, Heading)]
    assert len(inner) >= len(whole.ways_back)
    assert len(headings) == 1 + len(sections(whole)) + len(inner)
    read = " ".join(
        "".join(token.content.split()) for token in tokens if token.type in ("text", "fence", "code_inline")
    )
    everything = "".join(read.split())
    for block in (block for section in sections(whole) for block in section.blocks):
        shown = (
            [each for row in block.rows for each in row]
            if isinstance(block, Table)
            else [value for _, value in block.pairs]
            if isinstance(block, Facts)
            else list(block.items)
            if isinstance(block, Listing)
            else [block.text]
        )
        for each in shown:
            if not each.href:  # an address is shown as the reader decodes it
                assert "".join(each.text.split()) in everything, each
        if isinstance(block, Table) and block.rows:
            assert all(len(row) == len(block.head) for row in block.rows)
    cells = [token for token in tokens if token.type == "td_open"]
    tables = [block for section in sections(whole) for block in section.blocks if isinstance(block, Table)]
    assert len(cells) == sum(len(table.head) * len(table.rows) for table in tables), "no cell of its own"


def test_ours_as_markdown() -> None:
    check_markdown(WHOLE)
    check_markdown(EMPTY)


@ANY
@given(HANDOVERS)
def test_any_document_as_markdown_is_text(whole: Handover) -> None:
    check_markdown(whole)


def test_a_fence_cannot_be_closed_from_inside() -> None:
    hostile = Handover(
        product=Product(domain="good.example"),
        systems=[System(system="dns", label="`" * 9, critical=True)],
        verify=WHOLE.verify.__class__(commands=["`````", "x"]),
    )
    tokens = READER.parse(to_markdown(hostile))
    assert [token.content for token in tokens if token.type == "fence"] == ["`````\nx\n"]
