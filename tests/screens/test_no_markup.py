"""No text from outside is read as markup: a bare str in a widget is markup, data goes in as Content(...) or Text(...).

A literal may be markup; a variable, a call, a concatenation or an f-string may not stand where textual reads markup.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import screens

_ROOT = Path(str(screens.__file__)).parent
_FILES = sorted(_ROOT.rglob("*.py"))

# Widgets of textual that read their first argument (or these keywords) as markup.
_WIDGETS = {
    "Static",
    "Label",
    "Button",
    "Option",
    "RadioButton",
    "Checkbox",
    "Choice",
    "Tick",
    "Collapsible",
    "Link",
    "Tab",
}
_WORDS = {"label", "content", "prompt", "tooltip", "renderable", "title"}
# Methods that read their first argument as markup, and attributes that do.
_METHODS = {"update", "set_label", "from_markup", "replace_option_prompt", "add_option", "panic"}
_ATTRIBUTES = {"tooltip", "border_title", "border_subtitle", "label", "content", "renderable"}
_SAFE = {"Content", "Text", "Syntax"}


def _is_safe(node: ast.expr) -> bool:
    """A literal, or something that textual does not read as markup."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.IfExp):
        return _is_safe(node.body) and _is_safe(node.orelse)
    if isinstance(node, ast.Call):
        target = node.func
        while isinstance(target, ast.Attribute):  # Content.assemble(...), Content("\n").join(...)
            if target.attr == "from_markup":
                return bool(node.args) and isinstance(node.args[0], ast.Constant)
            target = target.value
            if isinstance(target, ast.Call):
                target = target.func
        return isinstance(target, ast.Name) and target.id in _SAFE
    return False


def _given(call: ast.Call) -> list[ast.expr]:
    """The arguments of a call that textual would read as markup."""
    name = (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )
    words = {word.arg: word.value for word in call.keywords if word.arg}
    if name == "notify":
        plain = words.get("markup")
        if isinstance(plain, ast.Constant) and plain.value is False:
            return [words["title"]] if "title" in words else []
        return [*call.args[:1], *(words[word] for word in ("message", "title") if word in words)]
    if name in _WIDGETS:
        return [*call.args[:1], *(value for word, value in words.items() if word in _WORDS)]
    if name == "from_markup":
        return [argument for argument in call.args[:1] if not isinstance(argument, ast.Constant)]
    if name in _METHODS and isinstance(call.func, ast.Attribute) and name != "panic":
        return call.args[:1]
    return []


def unsafe(source: str) -> list[str]:
    """Where `source` hands something that is no literal to textual as markup."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += [ast.unparse(node) for given in _given(node) if not _is_safe(given)]
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            is_widget = isinstance(target, ast.Attribute) and target.attr in _ATTRIBUTES
            if is_widget and value is not None and not _is_safe(value):
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize("path", _FILES, ids=lambda path: str(path.relative_to(_ROOT)))
def test_screens_hand_no_bare_text_to_textual(path: Path) -> None:
    calls = [line for line in unsafe(path.read_text(encoding="utf-8")) if not line.startswith("self._touched.update(")]
    assert calls == []


@pytest.mark.parametrize(
    "line",
    [
        "Static(finding.saw)",
        "Static(f'{name} is sound')",
        "Button('Open ' + name)",
        "Static(content=name)",
        "line.update(name)",
        "box.border_title = name",
        "row.tooltip = f'{x}'",
        "app.notify(str(problem))",
        "app.notify('x', title=name, markup=False)",
        "Content.from_markup(name)",
        "Static(Content.from_markup(f'[b]{name}[/b]'))",
        "Static('sound' if fine else name)",
    ],
)
def test_the_test_finds_what_it_forbids(line: str) -> None:
    assert unsafe(line)


@pytest.mark.parametrize(
    "line",
    [
        "Static('[b]Sound[/b]')",
        "Static(Content(name))",
        "Static(Content.assemble((name, 'bold'), other))",
        "Static(Content('\\n').join(lines))",
        "app.notify(str(problem), markup=False)",
        "box.border_title = Content(f' {name} ')",
        "Content.from_markup('[b]$name[/b]', name=name)",
    ],
)
def test_the_test_lets_content_through(line: str) -> None:
    assert unsafe(line) == []
