"""audit.logs.redaction: log calls that name what should not be there."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answer
from launchready_tui.envscan.logs import in_text
from launchready_tui.model import Status
from launchready_tui.owners import Owner
from launchready_tui.project import Project
from launchready_tui.sources.repo import NoRepo
from tests.world import NAME, CannedRepo, Row, World, hold, said

HOSTILE = "\x1b]52;c;eA==\x07\u202eevil[@click=app.quit]x[/]"
ONE = "console.log('login', user.password)\n"
LANGUAGE = {
    "js": "javascript",
    "py": "python",
    "rb": "ruby",
    "php": "php",
    "go": "go",
    "rs": "rust",
    "ex": "elixir",
    "kt": "jvm",
}


def code(*answers: Answer, **files: str) -> World:
    repo = CannedRepo({name.replace("__", "."): text for name, text in files.items()})
    return World(repo=repo, answers=answers)


TABLE: dict[str, list[Row]] = {
    "audit.logs.redaction": [
        Row(
            "nothing telling", code(a__ts="console.log('password reset sent', user.id)"), Status.PASS, "please confirm"
        ),
        Row("no log at all", code(a__ts="const password = 1"), Status.PASS, "in 1 file"),
        Row("in a comment", code(a__ts="// console.log(password)"), Status.PASS),
        Row("looked at", code(said("logs.redaction", "clean"), a__ts=ONE * 9), Status.PASS, "Ada looked at"),
        Row("one", code(a__ts=ONE), Status.WARN, "1 log call has user.password"),
        Row("five", code(a__ts=ONE * 5), Status.WARN, "5 log calls have"),
        Row(
            "many, and a redactor",
            code(a__ts=ONE * 9, log__ts="pino({ redact: ['*.password'] })"),
            Status.WARN,
            "log.ts",
        ),
        Row("six", code(a__ts=ONE * 6), Status.FAIL, "Please confirm"),
        Row("the whole request", code(a__ts="logger.info(req)"), Status.FAIL, "writes the whole request"),
        Row(
            "all headers",
            code(a__py="def v(request):\n    logger.debug(request.headers)\n"),
            Status.FAIL,
            "whole request",
        ),
        Row("someone found some", code(said("logs.redaction", "found"), a__ts=ONE), Status.WARN),
        Row("in tests", code(a__test__ts=ONE * 9), Status.PASS),
        Row("no folder", World(), Status.UNKNOWN, "your code folder"),
        Row("not git", World(repo=CannedRepo({}, broken=NoRepo("the folder is not under git"))), Status.UNKNOWN),
        Row("no code", World(project=Project(NAME, absent={"repository": "Ada, 3 Nov 2026"})), Status.INFO),
        Row("no code, by the owner", World(owners={"repository": Owner("repository", absent=True)}), Status.INFO),
        Row(
            "hostile",
            World(
                repo=CannedRepo(
                    {f"{HOSTILE}.ts": f"console.log(`{HOSTILE} ${{token}}`)", "b.js": "console.log(" * 9_000}
                )
            ),
            Status.WARN,
            hostile=True,
        ),
    ]
}


@pytest.mark.parametrize(
    ("id", "row"),
    [(i, r) for i, rows in TABLE.items() for r in rows],
    ids=lambda v: v if isinstance(v, str) else v.label,
)
async def test_table(id: str, row: Row) -> None:
    await hold(id, row)


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("js", "console.log({ email, id })"),
        ("js", "logger.info(`hi ${user.email}`)"),
        ("js", "console.error('bad', err, req.headers.authorization)"),
        ("js", "console.log(accessToken)"),
        ("py", 'print(f"token: {token}")'),
        ("py", 'logging.info("user %s", user.email)'),
        ("py", "log.debug(request.META)"),
        ("rb", 'puts "key #{api_key}"'),
        ("rb", "Rails.logger.info params[:password]".replace("[:password]", ".inspect")),
        ("php", "error_log($password);"),
        ("php", "Log::info('in', $request->all());"),
        ("go", 'log.Printf("in %s", user.Email)'),
        ("go", "slog.Info(authToken)"),
        ("rs", 'println!("{}", secret);'),
        ("ex", 'Logger.info("hello #{user.email}")'),
        ("kt", "logger.info(credentials)"),
    ],
)
def test_telling(file: str, line: str) -> None:
    assert list(in_text(f"a.{file}", line, LANGUAGE[file]))


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("js", "console.log('email sent')"),
        ("js", "console.log(tokens, tokenCount, emailSent, passwordLength)"),
        ("js", "console.log(redact(user.email))"),
        ("js", "console.log(token.length)"),
        ("js", "console.log('path', req.path, req.method)"),
        ("js", "setToken(password)"),
        ("py", 'print("password: ok")'),
        ("py", "fingerprint(password)"),
        ("py", 'logger.info("sent", email_id=1)'),
        ("rb", 'puts "email sent"'),
        ("go", 'fmt.Println("token expired")'),
        ("go", "log.Fatal(http.ListenAndServe(addr, nil))"),
        ("rs", 'println!("secret agent");'),
        ("ex", 'Logger.info("email sent")'),
        ("kt", 'logger.info("token ok")'),
    ],
)
def test_harmless(file: str, line: str) -> None:
    assert not list(in_text(f"a.{file}", line, LANGUAGE[file]))
