"""Values beside a name that says what they are: DB_PASSWORD=…, apiKey: "…", in the ways that languages write it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.leaks import entropy
from launchready_tui.secretrules import Rule
from launchready_tui.secretscan.values import chosen_password, random_value

_REST = r"[A-Za-z0-9_.\-]{0,40}"
_TYPED = r"\s{0,2}:\s{0,2}&?(?:'[a-z]+\s)?[A-Za-z][\w<>.? ]{0,20}=\s{0,3}"
_OPERATOR = r"(?:=>|:=|\?=|==|=|:|,|\|\||\?\?)\s{0,3}"
_NEXT_LINE = r",?\s{0,3}\n\s{0,20}(?:-\s)?[\"']?(?:value|Value|default|defaultValue)[\"']?\s{0,3}[:=]\s{0,3}"
_QUOTED = re.compile(
    rf"{_REST}[\"'`\])]{{0,3}}\s{{0,20}}(?:{_TYPED}|{_NEXT_LINE}|{_OPERATOR}|\s{{1,3}}value\s{{0,2}}=\s{{0,2}})"
    r"(?:[A-Za-z_.:\[\]]{1,30}\(\s{0,2})?[a-z@]{0,2}(?P<quote>[\"'`])(?P<value>(?:(?!(?P=quote))[^\\\n]|\\.){6,500})(?P=quote)"
)
_BARE = re.compile(
    rf"{_REST}[\"'\]]{{0,2}}[ \t]{{0,20}}(?:{_NEXT_LINE}|(?:=>|:=|=|:)[ \t]{{0,10}})"
    r"(?P<value>[^\s\"'`,;<>(){}]{6,500})(?=\s|$|;|,|#|<|\")"
)
_DOCKER = re.compile(rf"{_REST}[ \t]+(?P<value>[^\s\"'`,;<>(){{}}=]{{6,500}})(?=\s|$)")
_ELEMENT = re.compile(r"[A-Za-z0-9_.\-]{0,30}[\"']?>(?P<value>[^\s<>\"']{6,500})</")
_FLAG = re.compile(rf"{_REST}[ =][\"']?(?P<value>[^\s\"'`<>(){{}}]{{6,500}})")
_NAME = re.compile(r"[A-Za-z0-9_.\-$]{0,60}$")
# A file in one of these writes values without quotes; elsewhere a bare word is code.
_BARE_FILES = re.compile(
    r"(?i)(?:^|/)(?:\.?env(?:\.[\w.-]+)?|[\w.-]*\.env|\.envrc|dockerfile[\w.-]*|[\w.-]*\.dockerfile|procfile|makefile|"
    r"\.npmrc|\.pypirc|\.netrc|\.pgpass|\.my\.cnf|\.boto|\.s3cfg|credentials|config|[\w.-]+\.(?:env|ini|cfg|conf|cnf|"
    r"properties|ya?ml|toml|sh|bash|zsh|fish|ps1|bat|service|txt|md|rst|tfvars|hcl|http|rest|log|sql|plist|netrc))$"
)
_CODE_OUT = re.compile(
    r"(?i)(?:^|[/_.\-])(?:id|ids|url|uri|name|names|path|file|filename|dir|type|types|length|len|size|min|max|ttl|expiry|"
    r"expires?|expiration|hash|hashed|hashes|digest|field|fields|label|labels|header|headers|endpoint|policy|regex|pattern|"
    r"prefix|suffix|error|errors|message|messages|hint|placeholder|count|arn|ref|reference|version|algorithm|alg|issuer|"
    r"audience|scope|scopes|limit|index|enabled|required|visible|input|title|text|description|reset|forgot|confirm|"
    r"confirmation|strength|rules?|format|param|parameter|selector|fingerprint|checksum|integrity|sha|sha1|sha256|etag|"
    r"nonce|public|pub|publishable|encrypted|sealed|mask|masked|store|manager|provider|source|location|usage|symbol|"
    r"address|mint|contract|class|style|color|space|handle|env|var|variable|owner|user|username|email|login)$"
)
_CODE_IN = re.compile(
    r"(?i)(?:^|[_.\-])(?:public|publishable|pub|anon|site|csrf|xsrf|next_page|page|continuation|design|css|primary|foreign|"
    r"partition|sort|cache|idempotency|translation|i18n|react|map|object|s3_object|file|storage_path|cursor)[_.\-]?"
    r"(?:secret|token|key|api[_.\-]?key|access[_.\-]?key|password)?s?$"
)
_QUIET = re.compile(
    r"(?i)(?:^|/)(?:node_modules|vendor|third_party|bower_components|__snapshots__|locales?|i18n|translations|lang)/|"
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|poetry\.lock|uv\.lock|"
    r"pdm\.lock|pipfile\.lock|cargo\.lock|go\.sum|composer\.lock|gemfile\.lock|mix\.lock|podfile\.lock|flake\.lock|"
    r"packages\.lock\.json|deno\.lock|pubspec\.lock)$|\.(?:min\.js|min\.css|map|svg|snap|po|lock|ipynb|css|scss)$"
)
_TEST = re.compile(
    r"(?i)(?:^|/)(?:tests?|specs?|__tests__|__mocks__|e2e|cypress|fixtures?|testdata|mocks?|stubs|factories)/|"
    r"(?:^|/)(?:test_[^/]*|conftest)\.py$|[._-](?:test|spec|mock|fixture)s?\.[a-z]+$|_test\.(?:go|exs|rb|py)$"
)
# Values that only the cluster or the holder of another key can open.
_SEALED = re.compile(r"kind: ?SealedSecret|^sops:|^\s{0,4}\"sops\": ?\{", re.MULTILINE)
_BEFORE = 14  # "encryption_" before its "key"
_LONGEST = 12
_BUILT_LEAST, _BUILT_LINE = 200_000, 2_000  # characters of a bundle, and of its lines on average; ours
_WORDS_MOST = 20_000  # telling words of one piece of a text that we follow: one that has more was made to be slow
_PASSWORD = re.compile(r"(?i)pass|pwd|pepper|credential")


def quiet(path: str) -> bool:
    """True for a file whose values are hashes, translations or another's code: only full forms count there."""
    return bool(_QUIET.search(path))


def built(text: str) -> bool:
    """True for what a machine wrote in long lines: a bundle, whose names say nothing."""
    return len(text) > _BUILT_LEAST and text.count("\n") < len(text) / _BUILT_LINE


def for_tests(path: str) -> bool:
    """True for a test or what it is given: what stands there is made up, unless it has a provider's form."""
    return bool(_TEST.search(path))


def found(rule: Rule, text: str, path: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what) of each value beside a telling name."""
    if quiet(path) or for_tests(path) or built(text) or _SEALED.search(text):
        return
    bare = bool(_BARE_FILES.search(path))
    for word in _words(rule, text):
        before = _NAME.search(text, max(0, word.start() - 60), word.start())
        start = before.start() if before else word.start()
        for reader in _readers(text, start, path, bare):
            match = reader.match(text, word.end())
            if match is None:
                continue
            rest = text[word.end() : match.start("value")]
            tail = re.match(_REST, rest)
            name = text[start : word.end()] + (tail[0] if tail else "")
            if _speaks(name) and _secret(name, match["value"]):
                yield match.start("value"), match.end("value"), rule.what
                break


def _words(rule: Rule, text: str) -> Iterator[re.Match[str]]:
    """Each telling word, found by its stem first: a pattern that ignores case is slow over a whole text."""
    low = text.lower()
    if len(low) != len(text):  # a letter whose small form is longer
        yield from rule.regex.finditer(text)
        return
    ends: dict[int, re.Match[str]] = {}
    for stem in rule.keywords:
        at = low.find(stem)
        while at >= 0:
            match = rule.regex.search(text, max(0, at - _BEFORE), at + _LONGEST)
            if match is not None and match.start() <= at < match.end():
                ends.setdefault(match.start(), match)
            at = low.find(stem, at + len(stem))
    past = -1
    for start in sorted(ends)[:_WORDS_MOST]:
        if start >= past:
            past = ends[start].end()
            yield ends[start]


def _readers(text: str, start: int, path: str, bare: bool) -> Iterator[re.Pattern[str]]:
    yield _QUOTED
    yield _ELEMENT
    if text[max(0, start - 2) : start] == "--" or text[start : start + 2] == "--":
        yield _FLAG
    if bare:
        yield _BARE
        if re.search(r"(?im)^\s*(?:env|arg)\s+$", text[max(0, start - 12) : start]):
            yield _DOCKER
    elif re.search(r"(?:export|set|ENV)\s+$", text[max(0, start - 8) : start]):
        yield _BARE


def _speaks(name: str) -> bool:
    """Does the name say that its value is a secret, and not where one is or how long it lives?"""
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).strip("_.-$")
    return not _CODE_OUT.search(split) and not _CODE_IN.search(split)


def _secret(name: str, value: str) -> bool:
    value = value.strip()
    if _PASSWORD.search(name):
        return chosen_password(value) or random_value(value)
    if random_value(value):
        return True
    # A short secret that a person chose for signing: "S3ssion!tide".
    return len(value) >= 10 and "secret" in name.lower() and chosen_password(value) and entropy(value) >= 3.0
