"""Variables that Go, Rust, Elixir, Java, Kotlin and C# read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from launchready_tui.envscan.calls import NAME, UPPER, Around, Call, find
from launchready_tui.envscan.masking import Source, views
from launchready_tui.envscan.model import Use

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

# ---- Go ----
_GO_TRIGGER = re.compile(r"env|viper", re.IGNORECASE)
_GO = (
    Call(re.compile(rf"\b(?:os|syscall)\.(?:Getenv|LookupEnv)\(\s*[\"`](?P<n>{NAME})[\"`]")),
    Call(re.compile(rf"(?<!\.)\b\w{{0,30}}[eE][nN][vV]\w{{0,30}}\(\s*[\"`](?P<n>{UPPER})[\"`]"), second=True),
    Call(re.compile(rf"\bviper\.BindEnv\(\s*\"[^\"]*\"\s*,\s*\"(?P<n>{NAME})\"")),
)
_GO_AROUND = Around(
    default=re.compile(r"(?!)"),
    guard=re.compile(r"\s*\)\s*(?:[=!]=)"),
    asked=re.compile(r"\bif\s+\w+\s*:=\s*(?:os\.)?$"),
    stops=re.compile(r"[^\n]*\{\s*\n?\s*(?:log\.(?:Fatal|Panic)|panic\(|os\.Exit|return[^\n]*(?:[eE]rr|Errorf))"),
)
_STRUCT = re.compile(r"\btype\s+(\w{1,80})\s+struct\s*\{((?:[^{}]|\{\}){0,20000})\}")
_FIELD = re.compile(r"^[ \t]*(\w{1,80})[ \t]+([\w.\[\]*]{1,80})[ \t]*`([^`\n]{1,400})`", re.MULTILINE)
_PLAIN_FIELD = re.compile(
    r"^[ \t]*([A-Z]\w{0,80})[ \t]+([\w.\[\]*]{1,80})[ \t]*(?:`([^`\n]{1,400})`)?[ \t]*$", re.MULTILINE
)
_TAG = re.compile(r"\b(env|envconfig|envPrefix|envDefault|default|required|split_words|ignored)\s*:\s*\"([^\"]*)\"")
_PROCESS = re.compile(r"\benvconfig\.(?:Must)?Process\(\s*\"([^\"]*)\"\s*,\s*&?(\w{1,80})")
_VIPER_PREFIX = re.compile(r"\bSetEnvPrefix\(\s*\"(\w{1,40})\"")
_VIPER = re.compile(r"\b(?:viper|v)\.(?:Get\w*|BindEnv)\(\s*\"([\w.-]{1,80})\"\s*\)")


def read_go(path: str, text: str) -> Iterator[Use]:
    if not _GO_TRIGGER.search(text):
        return
    source = views(text, "go")
    yield from find(source, path, _GO, _GO_AROUND)
    yield from _tags(source, path)
    yield from _viper(source, path)


def _tags(source: Source, path: str) -> Iterator[Use]:
    """`env:"NAME,required" envDefault:"x"` (caarlos0/env), `env:"NAME, required, default=x"` (sethvargo), and
    `envconfig:"NAME" default:"x"` (kelseyhightower), with the prefixes of structs within structs."""
    structs = {match[1]: match for match in _STRUCT.finditer(source.code) if source.runs(match.start())}
    prefixes: dict[str, list[str]] = {}
    for match in structs.values():
        for field in _FIELD.finditer(match[2]):
            tags = dict(_TAG.findall(field[3]))
            prefix = tags.get("envPrefix") or _prefix_option(tags.get("env", ""))
            if prefix:
                prefixes.setdefault(field[2].lstrip("*"), []).append(prefix)
    processed = [match[1] for match in _PROCESS.finditer(source.code)]
    for name, match in structs.items():
        for field in _PLAIN_FIELD.finditer(match[2]):
            tags = dict(_TAG.findall(field[3] or ""))
            at = source.line(match.start(2) + field.start())
            if tags.get("env", "").split(",")[0].strip():
                first, *options = (part.strip() for part in tags["env"].split(","))
                soft = "envDefault" in tags or any(part.startswith("default=") for part in options)
                hard = bool({"required", "notEmpty"} & set(options)) or not soft
                for prefix in prefixes.get(name, [""]):
                    yield Use(prefix + first, path, at, hard and not soft)
            elif "envconfig" in tags or (
                processed and ("default" in tags or "required" in tags or "split_words" in tags)
            ):
                if tags.get("ignored") == "true" or tags.get("envconfig") == "-":
                    continue
                word = tags.get("envconfig") or (
                    _CAMEL.sub("_", field[1]) if tags.get("split_words") == "true" else field[1]
                )
                start = f"{processed[0]}_" if processed and processed[0] and "envconfig" not in tags else ""
                yield Use((start + word).upper(), path, at, "default" not in tags)


def _prefix_option(tag: str) -> str:
    return next((part.strip().removeprefix("prefix=") for part in tag.split(",") if "prefix=" in part), "")


def _viper(source: Source, path: str) -> Iterator[Use]:
    """AutomaticEnv: each key that is got is looked for as PREFIX_KEY, dots as SetEnvKeyReplacer says (viper README)."""
    if "AutomaticEnv" not in source.bare and "BindEnv" not in source.bare:
        return
    found = _VIPER_PREFIX.search(source.code)
    prefix = f"{found[1].upper()}_" if found else ""
    for match in _VIPER.finditer(source.code):
        dotted = "." in match[1] and "SetEnvKeyReplacer" not in source.bare
        if source.runs(match.start()) and not dotted and ("AutomaticEnv" in source.bare or "BindEnv" in match[0]):
            name = prefix + re.sub(r"[.-]", "_", match[1]).upper()
            yield Use(name, path, source.line(match.start()), f'SetDefault("{match[1]}"' not in source.code)


# ---- Rust ----
_RUST_TRIGGER = re.compile(r"env")
_RUST = (
    Call(re.compile(rf"\boption_env!\(\s*\"(?P<n>{NAME})\""), optional=True),
    Call(re.compile(rf"\b(?:env|dotenv)!\(\s*\"(?P<n>{NAME})\""), strict=True),
    Call(re.compile(rf"\b(?:env|dotenvy|dotenv)::var(?:_os)?\(\s*\"(?P<n>{NAME})\"\s*\)")),
    Call(
        re.compile(
            rf"(?<![\w:.!])(?:var|get_env|env_var|require_env|must_env|env_or|get_env_or)\(\s*\"(?P<n>{UPPER})\""
        ),
        second=True,
    ),
)
_RUST_AROUND = Around(
    default=re.compile(
        r"\s*\)?(?:\s*\.\w+\([^()\n]{0,80}\)){0,3}\s*\.(?:unwrap_or\w*|ok|is_ok|is_err|map_or\w*|unwrap_or_default)\("
    ),
    guard=re.compile(r"\s*\.(?:is_ok|is_err)\("),
    asked=re.compile(r"\b(?:if|while)\s+let\s+(?:Ok|Some)\([^)]{1,40}\)\s*=\s*(?:std::)?$"),
    stops=re.compile(r"\.unwrap_or_else\(\s*\|[^|]{0,20}\|\s*\{?\s*(?:panic!|std::process::exit)"),
)
_CLAP = re.compile(r"#\[(?:arg|clap|structopt)\(([^\]]{0,600})\)\][^;{}]{0,300}?\b(\w{1,80})\s*:\s*([\w<>:]{1,80})")
_CLAP_ENV = re.compile(rf"\benv\b(?:\s*=\s*\"(?P<n>{NAME})\")?")
_ENVCONFIG = re.compile(
    rf"#\[envconfig\([^\]]{{0,200}}?\bfrom\s*=\s*\"({NAME})\"([^\]]{{0,200}})\]\s*(?:pub\s+)?\w+\s*:\s*(Option)?"
)
_ENVY = re.compile(r"\benvy::(?:prefixed\(\s*\"(\w*)\"\s*\)\s*\.)?from_env(?:::<\s*(\w{1,80})\s*>)?")
_RUST_STRUCT = re.compile(r"\bstruct\s+(\w{1,80})\s*\{([^{}]{0,8000})\}")
_RUST_FIELD = re.compile(
    r"((?:#\[[^\]]{0,200}\]\s*){0,6})(?:pub(?:\([^)]{1,20}\))?\s+)?(\w{1,80})\s*:\s*([\w<>:, ]{1,120}?)\s*(?:,|\n|$)"
)
_SERDE_NAME = re.compile(r"\brename\s*=\s*\"(\w{1,80})\"")


def read_rust(path: str, text: str) -> Iterator[Use]:
    if not _RUST_TRIGGER.search(text):
        return
    source = views(text, "rust")
    yield from find(source, path, _RUST, _RUST_AROUND)
    for match in _CLAP.finditer(source.code):
        env = _CLAP_ENV.search(match[1])
        if env is not None and source.runs(match.start()):
            soft = "default_value" in match[1] or match[3].startswith(("Option", "bool"))
            yield Use(env["n"] or match[2].upper(), path, source.line(match.start()), not soft)
    for match in _ENVCONFIG.finditer(source.code):
        yield Use(match[1], path, source.line(match.start()), not (match[3] or "default" in match[2]))
    made = next((match for match in _ENVY.finditer(source.code) if source.runs(match.start())), None)
    if made is not None:
        yield from _envy(source, path, made[1] or "", made[2] or "")


def _envy(source: Source, path: str, prefix: str, wanted: str) -> Iterator[Use]:
    """Each field of the struct that envy fills, in upper case (envy's README)."""
    for match in _RUST_STRUCT.finditer(source.code):
        if (wanted and match[1] != wanted) or not source.runs(match.start()):
            continue
        if not wanted and "Deserialize" not in source.code[max(0, match.start() - 200) : match.start()]:
            continue
        for field in _RUST_FIELD.finditer(match[2]):
            renamed = _SERDE_NAME.search(field[1])
            name = prefix + (renamed[1] if renamed else field[2])
            soft = field[3].startswith("Option") or "default" in field[1]
            yield Use(name.upper(), path, source.line(match.start(2) + field.start(2)), not soft)


# ---- Elixir ----
_ELIXIR_TRIGGER = re.compile(r"env")
_ELIXIR = (
    Call(re.compile(rf"\bSystem\.fetch_env!\(?\s*\"(?P<n>{NAME})\""), strict=True),
    Call(re.compile(rf"\bSystem\.get_env\(?\s*\"(?P<n>{NAME})\""), soft=True),
    Call(re.compile(rf"\bSystem\.fetch_env\(?\s*\"(?P<n>{NAME})\"")),
    Call(re.compile(rf"\bMap\.fetch!\(System\.get_env\(\),\s*\"(?P<n>{NAME})\""), strict=True),
    Call(re.compile(rf"\{{:system,\s*\"(?P<n>{NAME})\"")),
    Call(
        re.compile(rf"(?<![\w.:])(?:env!|env|get_env!?|fetch_env!|require_env!?)\(\s*\"(?P<n>{UPPER})\""), second=True
    ),
)
_ELIXIR_AROUND = Around(
    default=re.compile(r"\s*\)?\s*\|\|"),
    guard=re.compile(r"\s*\)?\s*(?:[=!]=|in\b|do\b|&&|\|>\s*is_nil)"),
    asked=re.compile(r"\b(?:if|unless|and|or|not)\s+!?(?:\w+\s*=\s*)?$"),
    stops=re.compile(r"\s*\)?\s*\|\|\s*(?:\n\s*)?(?:raise|exit)\b"),
)


def read_elixir(path: str, text: str) -> Iterator[Use]:
    if _ELIXIR_TRIGGER.search(text):
        yield from find(views(text, "elixir"), path, _ELIXIR, _ELIXIR_AROUND)


# ---- Java, Kotlin, Scala, Groovy, C# ----
_JVM_TRIGGER = re.compile(r"env|Env|@Value|\$\{")
_JVM = (
    Call(re.compile(rf"\b(?:System\.)?getenv\(\s*\"(?P<n>{NAME})\"")),
    Call(
        re.compile(rf"\bSystem\.getenv\(\)\s*(?:\.(?:get|getOrDefault|getValue)\(|\[)\s*\"(?P<n>{NAME})\""), second=True
    ),
    Call(re.compile(rf"\bEnvironment\.GetEnvironmentVariable\(\s*\"(?P<n>{NAME})\"")),
    Call(
        re.compile(rf"\b(?:dotenv|env|environment)(?:\.get(?:Property|RequiredProperty)?\(|\[)\s*\"(?P<n>{UPPER})\""),
        second=True,
    ),
    Call(re.compile(rf"\bEnv\.(?:get|getOrNull|require)\w*\(\s*\"(?P<n>{UPPER})\"")),
)
_JVM_AROUND = Around(
    default=re.compile(r"\s*[)\]]?\s*(?:\?:|\?\?)|\s*\)\s*(?:\.orElse|\?\.)"),
    guard=re.compile(r"\s*[)\]]?\s*(?:[=!]=|&&|\?(?![:?.]))|\s*\)\s*\.(?:equals|isNullOrBlank)\("),
    asked=re.compile(r"(?:!|\bif\s*\(|&&|Objects\.nonNull\()\s*(?:System\.)?$"),
    stops=re.compile(r"\s*[)\]]?\s*(?:\?:|\?\?)\s*(?:error\(|throw\b|require)|[^\n]*\{\s*\n?\s*throw\b"),
)
_VALUE = re.compile(rf"@Value\(\s*\"\\?\$\{{({UPPER})(:[^}}]*)?\}}\"")
_PROPERTY = re.compile(rf"\$\{{\??({UPPER})(:[^}}]{{0,200}}\}}?)?\}}?")


def read_jvm(path: str, text: str) -> Iterator[Use]:
    if not _JVM_TRIGGER.search(text):
        return
    source = views(text, "jvm")
    yield from find(source, path, _JVM, _JVM_AROUND)
    for match in _VALUE.finditer(source.code):
        if source.runs(match.start()):
            yield Use(match[1], path, source.line(match.start()), match[2] is None)


def read_properties(path: str, text: str) -> Iterator[Use]:
    """${NAME:default} in Spring's application files and ${?NAME} in HOCON."""
    if "${" not in text:
        return
    source = views(text, "hash")
    for match in _PROPERTY.finditer(source.code):
        yield Use(match[1], path, source.line(match.start()), match[2] is None and "{?" not in match[0])
