"""deploy.doc.tenminute: a document is found in four languages, written where there is none, and tried by somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from launchready_tui import deploydoc
from launchready_tui.deploydoc import PATH, Told, compose
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.rollbacks import ways
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold, said

ID = "deploy.doc.tenminute"
WHOLE = """# Deploying
## Build
1. npm ci
2. npm run build
## Environment
- STRIPE_KEY
## Deploy
1. git push
2. wait
## Verify
1. open the home page
## Roll back
1. vercel rollback
"""
_INSIDE = WHOLE.replace("\n## ", "\n### ").replace("# Deploying", "## Deployment", 1)
README = f"# Shop\n\nA shop.\n\n## Usage\n\n1. a\n2. b\n\n{_INSIDE}\n## Licence\n\nMIT\n"
CODE = {
    "package.json": '{"scripts": {"build": "next build"}, "dependencies": {"next": "16"}}',
    "package-lock.json": "{}",
    ".env.example": "STRIPE_KEY=\nDATABASE_URL=postgres://ada:made-up-password@localhost/x\n",
    "vercel.json": "{}",
}


def world(text: str | None = WHOLE, *answers: Any, path: str = PATH, **more: Any) -> World:
    files = CODE | ({path: text} if text is not None else {})
    repo = CannedRepo(files, broken=more.pop("broken", None), untracked=more.pop("untracked", frozenset()))
    return World(repo=repo, answers=tuple(answers), **more)


def tried(minutes: str = "8", person: str = "Grace", days_ago: float = 1, choice: str = "tried") -> Any:
    return said("deploy.tried", choice, days_ago=days_ago, minutes=minutes, person=person)


ELSEWHERE = said("deploy.written", "yes", steps="Notion, page Deploy")
TABLE: dict[str, list[Row]] = {
    ID: [
        Row(
            "whole, and tried",
            world(WHOLE, tried()),
            Status.PASS,
            "Grace put the product live by DEPLOY.md in 8 minutes",
        ),
        Row("a README's section", world(README, tried(), path="README.md"), Status.PASS, "README.md, “Deployment”"),
        Row("exactly ten", world(WHOLE, tried("10:00")), Status.PASS),
        Row("written a moment ago", world(WHOLE, tried(), untracked=frozenset({PATH})), Status.PASS, "not in git yet"),
        Row("elsewhere, and tried", World(answers=(ELSEWHERE, tried())), Status.PASS, "Notion, page Deploy"),
        Row(
            "elsewhere, and there is a folder", world(None, ELSEWHERE, tried()), Status.WARN, "not in your code folder"
        ),
        Row("eleven minutes", world(WHOLE, tried("11")), Status.WARN, "Aim for 10"),
        Row("nobody timed it", world(WHOLE, tried("")), Status.WARN, "not known"),
        Row("not tried", world(WHOLE), Status.WARN, "Nobody has tried it"),
        Row("said: not tried", world(WHOLE, tried(choice="no")), Status.WARN, "Nobody has tried it"),
        Row("tried too long ago", world(WHOLE, tried(days_ago=91)), Status.WARN, "too long ago to count"),
        Row(
            "no way back in it", world(WHOLE.replace("## Roll back", "## More"), tried()), Status.WARN, "for roll back"
        ),
        Row(
            "four steps",
            world(
                "# Deploy\n"
                + "".join(f"## {t}\n" for t in ("Build", "Env", "Verify", "Rollback"))
                + "1. a\n2. b\n3. c\n4. d\n",
                tried(),
            ),
            Status.WARN,
            "it has 4",
        ),
        Row("none", world(None), Status.FAIL, "Nothing in your code folder says"),
        Row("a README that says nothing of it", world("# Shop\n\n## Usage\n1. a\n", path="README.md"), Status.FAIL),
        Row("an empty file", world("", path=PATH), Status.FAIL),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("unreadable", world(broken=NoRepo("it is no git repository")), Status.UNKNOWN, "no git repository"),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "escapes in headings and answers",
            world("# Deploy \x1b]0;x\x07\u202e\n1. \x1b[2J\n", tried("8", "\x1b[31mGrace\u202e"), path="README.md"),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize("row", TABLE[ID], ids=lambda row: row.label)
async def test_table(row: Row) -> None:
    await hold(ID, row)


GERMAN = """# Bereitstellung
## Bauen
1. npm ci
## Umgebungsvariablen
- STRIPE_KEY
## Veröffentlichen
1. git push
2. warten
## Prüfen
1. Startseite öffnen
## Zurück zur letzten Version
1. vercel rollback
"""
FRENCH = """# Déploiement
## Construire
1. npm ci
## Variables d'environnement
- STRIPE_KEY
## Mise en production
1. git push
2. attendre
## Vérifier
1. ouvrir la page
## Revenir en arrière
1. vercel rollback
"""
SPANISH = """# Despliegue
## Construir
1. npm ci
## Entorno
- STRIPE_KEY
## Desplegar
1. git push
2. esperar
## Comprobar
1. abrir la página
## Volver atrás
1. vercel rollback
"""
UNDERLINED = """Deploying
=========

Build
-----
1. a
2. b

**Environment variables**
- X

Release
-------
1. push

**Smoke test:**
1. open

Rolling back
------------
1. back
"""


@pytest.mark.parametrize(
    "text", [WHOLE, GERMAN, FRENCH, SPANISH, UNDERLINED], ids=["en", "de", "fr", "es", "underlined"]
)
def test_it_is_recognised_in_its_language(text: str) -> None:
    found = deploydoc.read(PATH, text)
    assert found is not None
    assert found.missing == ()
    assert found.whole


@pytest.mark.parametrize("path", ["docs/deployment.md", "DEPLOYMENT.md", "RELEASING.md", "docs/release-process.md"])
def test_files_by_other_names(path: str) -> None:
    assert deploydoc.places(["src/a.js", path, "README.md"]) == (path, "README.md")


def test_a_file_of_another_name_is_none() -> None:
    assert deploydoc.places(["src/deploy.js", "deployments.json", "docs/api.md"]) == ()
    assert deploydoc.read("README.md", "# Shop\n## Contributing\n1. a\n") is None


def test_commands_in_a_fence_are_steps_and_its_comments_no_headings() -> None:
    found = deploydoc.read(PATH, "# Deploy\n```sh\n# build it\nnpm ci\nnpm run build\n```\n")
    assert found is not None
    assert found.steps == 2
    assert found.topics == frozenset({"deploy"})


def test_the_first_text_is_a_whole_document() -> None:
    """What we write, we recognise: by every platform's way back, with nothing known and with everything."""
    for way in ways():
        told = Told("Shop", NAME, way.label, way=way.steps, not_restored=way.not_restored, build="npm run build")
        found = deploydoc.read(PATH, compose(told))
        assert found is not None
        assert found.whole, (way.name, found)
    bare = deploydoc.read(PATH, compose(Told("", NAME)))
    assert bare is not None
    assert bare.whole
    long = compose(Told("Shop", NAME, variables=tuple(f"NAME_{number}" for number in range(300))))
    assert len(long.splitlines()) < 120


async def test_the_text_that_is_proposed_holds_names_and_no_value() -> None:
    owners = {"hosting": Owner("hosting", "Vercel", owner="Ada", backup="Grace", page="https://vercel.com/shop")}
    project = Project(NAME, product="Good Club", urls={"login": f"https://{NAME}/login", "signup": ""})
    found = await hold(ID, Row("none", replace(world(None), owners=owners, project=project), Status.FAIL))
    assert found.fix is not None
    (file,) = found.fix.files
    assert file.path == PATH
    assert file.text is not None
    for part in (
        "# Deploy Good Club",
        "`npm ci`",
        "`npm run build`",
        "`STRIPE_KEY`",
        "Instant Rollback",
        "Ada",
        "Grace",
    ):
        assert part in file.text, part
    assert f"https://{NAME}/login" in file.text
    assert "made-up-password" not in file.text
    assert "/signup" not in file.text


def test_a_name_with_escapes_does_no_harm() -> None:
    text = compose(Told("\x1b]0;x\x07\u202e`rm -rf`\n# Evil", NAME, build="`x`\n# Evil"))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n# Evil" not in text


@pytest.mark.parametrize(
    "text", ["#" * 100_000, "# a\n" * 50_000, "**" * 50_000, "```\n" * 50_000, "- " * 100_000, "\0"]
)
def test_hostile_text_ends_soon(text: str) -> None:
    deploydoc.read(PATH, text)
    deploydoc.read("README.md", text)
