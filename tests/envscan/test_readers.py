"""Each form in which a language reads a variable, and what only looks like one."""

from __future__ import annotations

import pytest

from launchready_tui.envscan.survey import survey


def used(path: str, text: str) -> dict[str, bool]:
    """Name -> whether it is required in any place."""
    found: dict[str, bool] = {}
    for use in survey([path], {path: text}.get).uses:
        found[use.name] = found.get(use.name, False) or use.required
    return found


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        # JavaScript and TypeScript
        ("a.ts", "process.env.A_B", {"A_B": True}),
        ("a.ts", 'process.env["A_B"]; process.env[`C_D`]', {"A_B": True, "C_D": True}),
        ("a.ts", "process?.env?.A_B", {"A_B": True}),
        ("a.ts", "process.env.A_B || 'x'", {"A_B": False}),
        ("a.ts", "(process.env.A_B as string) ?? 'x'", {"A_B": False}),
        ("a.ts", "process.env.A_B === 'true'", {"A_B": False}),
        ("a.ts", "const a = process.env.A_B ? 1 : 2", {"A_B": False}),
        ("a.ts", "if (!process.env.A_B) throw new Error('x')\nf(process.env.A_B)", {"A_B": True}),
        ("a.ts", "if (process.env.A_B) { f(process.env.A_B) }", {"A_B": False}),
        ("a.ts", "const { A_B, C: c, D = 'd', ...rest } = process.env;", {"A_B": True, "C": True, "D": False}),
        ("a.ts", "const env = process.env;\nf(env.A_B)", {"A_B": True}),
        ("a.ts", "import.meta.env.VITE_A", {"VITE_A": True}),
        ("a.ts", "Deno.env.get('A_B') + Bun.env.C_D", {"A_B": True, "C_D": True}),
        (
            "a.ts",
            "getRequiredEnv('A_B'); env('C_D', 'x'); requireEnv(\"E_F\")",
            {"A_B": True, "C_D": False, "E_F": True},
        ),
        ("a.ts", "this.configService.getOrThrow<string>('A_B')", {"A_B": True}),
        ("a.ts", "`${process.env.A_B}/x ${`${process.env.C_D}`}`", {"A_B": True, "C_D": True}),
        (
            "a.ts",
            "const names = ['A_B', 'C_D'];\nfor (const n of names) if (!process.env[n]) throw n",
            {"A_B": True, "C_D": True},
        ),
        (
            "env.ts",
            "z.object({\n A_B: z.string(),\n C_D: z.string().optional(),\n E: z.coerce.number().default(1)\n})"
            ".parse(process.env)",
            {"A_B": True, "C_D": False, "E": False},
        ),
        ("a.ts", "cleanEnv(process.env, { A_B: str(), C_D: port({ default: 1 }) })", {"A_B": True, "C_D": False}),
        ("a.js", "x = a / process.env.A_B / 2", {"A_B": True}),
        ("a.ts", "Number(env('A_B')) || 50; delete process.env.NO", {"A_B": False}),
        ("a.tsx", "<p>It's {process.env.A_B} // {process.env.C_D}</p>", {"A_B": True}),
        ("a.vue", "<!-- process.env.NO -->\n<script>f(import.meta.env.VITE_A)</script>", {"VITE_A": True}),
        ("a.ts", "// process.env.NO\n/* process.env.NO2 */ f('process.env.NO3')", {}),
        ("a.ts", "const r = /process.env.NO['\"]/; f(process.env.A_B)", {"A_B": True}),
        ("a.ts", "process.env.A_B = '1'; delete process.env", {}),
        ("a.ts", "`text process.env.NO`", {}),
        ("a.min.js", "process.env.NO", {}),
        ("src/a.test.ts", "process.env.NO", {}),
        # Python
        (
            "a.py",
            "import os\nos.environ['A_B']; os.environ.get('C_D'); os.getenv(\"E_F\", 1)",
            {"A_B": True, "C_D": True, "E_F": False},
        ),
        ("a.py", "from os import environ, getenv\nenviron['A_B'] + getenv('C_D')", {"A_B": True, "C_D": True}),
        ("a.py", "import os\nx = os.environ.get('A_B') or 'x'", {"A_B": False}),
        ("a.py", "import os\nos.environ['A_B'] = '1'\nos.environ.setdefault('C_D', '1')", {"C_D": False}),
        ("a.py", "import os\nif not os.environ.get('A_B'):\n    raise SystemExit", {"A_B": True}),
        ("a.py", "import os\nif os.environ.get('A_B') == '1': pass", {"A_B": False}),
        (
            "a.py",
            "import environ\nenv = environ.Env(D=(bool, False))\nenv('A_B'); env.bool('D'); env.str('E', default='')",
            {"A_B": True, "D": False, "E": False},
        ),
        (
            "a.py",
            "from environs import Env\nenv = Env()\nenv.str('A_B'); env.int('C_D', 3)",
            {"A_B": True, "C_D": False},
        ),
        (
            "a.py",
            "from decouple import config\nconfig('A_B'); config('C_D', default=1, cast=int); config('E', cast=int)",
            {"A_B": True, "C_D": False, "E": True},
        ),
        (
            "a.py",
            "class S(BaseSettings):\n    a_b: str\n    c_d: int = 1\n    e: str = Field(..., alias='OTHER')\n"
            "    f: str = Field(default='x')\n",
            {"A_B": True, "C_D": False, "OTHER": True, "F": False},
        ),
        (
            "a.py",
            "class S(BaseSettings):\n    class Config:\n        env_prefix = 'APP_'\n    key: str\n",
            {"APP_KEY": True},
        ),
        ("a.py", "# os.environ['NO']\n'''os.environ[\"NO2\"]'''\nx = \"os.environ['NO3']\"", {}),
        ("a.py", "import os\nf\"{os.environ['A_B']}\"", {"A_B": True}),
        ("conftest.py", "import os\nos.environ['NO']", {}),
        ("a.py", "import dj_database_url\ndj_database_url.config(conn_max_age=60)", {"DATABASE_URL": True}),
        ("a.py", "dj_database_url.config(env='DB_A', default='sqlite://')", {"DB_A": False}),
        ("a.py", "import os\nos.environ.get('TOKEN_' + name); os.environ['A_B']", {"A_B": True}),
        (
            "a.py",
            "import os\nNAMES = ['A_B', 'C_D']\nfor name in NAMES: os.environ[name]\n"
            "register('N_O')\nif x in ('N_P', 'N_Q'): y",
            {"A_B": True, "C_D": True},
        ),
        ("a.ts", "f(process.env[name]); g(o['N_O'], ['N_P'].includes(x)); ['A_B'].forEach(h)", {"A_B": True}),
        # Ruby
        (
            "a.rb",
            "ENV['A_B']; ENV.fetch('C_D'); ENV.fetch('E', 1); ENV.fetch('F') { 2 }",
            {"A_B": True, "C_D": True, "E": False, "F": False},
        ),
        ("a.rb", "ENV['A_B'] || raise('x')\nENV['C_D'] || 'x'", {"A_B": True, "C_D": False}),
        ("a.rb", "x = 1 if ENV['A_B'].present?\nENV['C_D'] = '1'\nENV.key?('E')", {"A_B": False, "E": False}),
        ("a.rb", "Figaro.env.a_b!\nFigaro.require_keys('C_D', 'E')", {"A_B": True, "C_D": True, "E": True}),
        ("a.rb", "# ENV['NO']\n=begin\nENV['NO2']\n=end\n'ENV[\"NO3\"]'", {}),
        ("config/database.yml", "url: <%= ENV['A_B'] %>\n# <%= ENV['NO'] %>", {"A_B": True}),
        # PHP
        (
            "a.php",
            "<?php getenv('A_B'); $_ENV['C_D']; env('E', 'x'); Env::get('F');",
            {"A_B": True, "C_D": True, "E": False, "F": True},
        ),
        ("a.php", "<?php $x = getenv('A_B') ?: 'd'; $y = getenv('C_D') ?: throw new X;", {"A_B": False, "C_D": True}),
        ("a.php", "<?php // env('NO')\n# env('NO2')\n/* env('NO3') */ $s = \"env('NO4')\"; $o->env('NO5');", {}),
        (
            "config/services.yaml",
            "x: '%env(resolve:A_B)%'\ny: '%env(C_D)%'\nparameters:\n  env(C_D): 1\n",
            {"A_B": True, "C_D": False},
        ),
        # Go
        ("a.go", 'package a\nvar x = os.Getenv("A_B")\nvar y, ok = os.LookupEnv("C_D")', {"A_B": True, "C_D": True}),
        ("a.go", 'package a\nvar x = getEnv("A_B", "d")\nvar y = mustGetenv("C_D")', {"A_B": False, "C_D": True}),
        (
            "a.go",
            'package a\ntype C struct {\n\tA string `envconfig:"A_B" default:"x"`\n\tB string `envconfig:"C_D"`\n}',
            {"A_B": False, "C_D": True},
        ),
        (
            "a.go",
            'package a\nfunc f() {\n\tviper.SetEnvPrefix("app")\n\tviper.AutomaticEnv()\n\tviper.GetString("key")\n}',
            {"APP_KEY": True},
        ),
        ("a.go", 'package a\n// os.Getenv("NO")\nvar s = "os.Getenv(NO2)"\nvar r = `os.Getenv("NO3")`', {}),
        # Rust
        (
            "a.rs",
            'env::var("A_B")?; std::env::var("C_D").unwrap_or_default(); env!("E"); option_env!("F")',
            {"A_B": True, "C_D": False, "E": True, "F": False},
        ),
        ("a.rs", 'if let Ok(x) = env::var("A_B") {}', {"A_B": False}),
        ("a.rs", '// env::var("NO")\nlet s = r#"env::var("NO2")"#;', {}),
        # Elixir
        (
            "a.ex",
            'System.fetch_env!("A_B"); System.get_env("C_D", "x"); System.get_env("E") || raise "x"',
            {"A_B": True, "C_D": False, "E": True},
        ),
        ("a.ex", 'Map.fetch!(System.get_env(), "A_B"); {:system, "C_D"}', {"A_B": True, "C_D": True}),
        ("a.ex", '# System.get_env("NO")\n@doc """\nSystem.get_env("NO2")\n"""', {}),
        # Java, Kotlin, C#
        (
            "A.java",
            'System.getenv("A_B"); @Value("${C_D:x}") String c; @Value("${app.name}") String n;',
            {"A_B": True, "C_D": False},
        ),
        (
            "a.kt",
            'val a = System.getenv("A_B") ?: "x"; val b = System.getenv("C_D") ?: error("no")',
            {"A_B": False, "C_D": True},
        ),
        ("application.yml", "a: ${A_B}\nb: ${C_D:x}\n# ${NO}\nc: ${app.name}", {"A_B": True, "C_D": False}),
        ("a.cs", 'Environment.GetEnvironmentVariable("A_B") ?? "x"', {"A_B": False}),
        # shell, Dockerfile, compose
        (
            "a.sh",
            "echo \"$A_B\" ${C_D:-x} ${E_F:?} $lower $HOME '$NO' \\$NO2 # $NO3",
            {"A_B": True, "C_D": False, "E_F": True},
        ),
        ("a.sh", "X_Y=1\nexport Z_W=2\nfor F_G in a; do read -r H_I; done\necho $X_Y $Z_W $F_G $H_I", {}),
        ("scripts/run", '#!/bin/sh\necho "$A_B"', {"A_B": True}),
        ("Dockerfile", "FROM a\nARG A_B\nARG C_D=1\nENV E_F=$A_B\nRUN echo $G_H # $NO\n", {"A_B": False, "G_H": False}),
        (
            "compose.yml",
            "services:\n  a:\n    image: x:${A_B:-1}\n    environment:\n      - C_D\n      - E=${F_G}\n      - H=$$NO\n"
            "    # ${NO2}\n",
            {"A_B": False, "C_D": True, "F_G": True},
        ),
        ("schema.prisma", 'datasource db { url = env("A_B") }\n// env("NO")', {"A_B": True}),
        ("package.json", '{"scripts": {"start": "next start -p $A_B"}}', {"A_B": True}),
        ("README.md", "process.env.NO", {}),
        ("node_modules/a/index.js", "process.env.NO", {}),
    ],
    ids=str,
)
def test_forms(path: str, text: str, wanted: dict[str, bool]) -> None:
    assert used(path, text) == wanted


@pytest.mark.parametrize(
    ("path", "text", "wanted"),
    [
        (name, "A_B=1\n", {"A_B"})
        for name in (
            ".env.example",
            ".env.sample",
            ".env.template",
            ".env.dist",
            "example.env",
            "env.example",
            ".env.local.example",
            ".env.example.local",
            ".env-example",
            ".env_sample",
            "sample.env",
            "apps/web/.env.example",
            ".env.defaults",
            ".dev.vars.example",
            ".env.production",
            "prod.env",
        )
    ]
    + [
        (".envrc.example", "use nix\nexport A_B=1\n", {"A_B"}),
        ("turbo.json", '{"globalEnv": ["A_B"], "tasks": {"build": {"env": ["C_D", "!NO", "X_*"]}}}', {"A_B", "C_D"}),
        ("app.json", '{"env": {"A_B": "1", "C_D": {"required": true}}}', {"A_B", "C_D"}),
        ("app.json", '{"expo": {"name": "x"}}', set()),
        (
            "render.yaml",
            "services:\n- envVars:\n  - key: A_B\n    sync: false\nenvVarGroups:\n- envVars:\n  - key: C_D\n",
            {"A_B", "C_D"},
        ),
        ("fly.toml", "[env]\nA_B = '1'\n[deploy]\nNO = '1'\n", {"A_B"}),
        ("vercel.json", '{"env": {"A_B": "1"}, "build": {"env": {"C_D": "2"}}}', {"A_B", "C_D"}),
        ("netlify.toml", "[build.environment]\nA_B='1'\n[context.production.environment]\nC_D='1'\n", {"A_B", "C_D"}),
        ("compose.yml", "services:\n  a:\n    environment:\n      A_B: '1'\n      C_D:\n", {"A_B"}),
        (".github/workflows/a.yml", "env:\n  A_B: 1\njobs:\n  x:\n    env:\n      C_D: 2\n", {"A_B", "C_D"}),
        (".gitlab-ci.yml", "variables:\n  A_B: x\n", {"A_B"}),
        ("Procfile", "web: A_B=1 node x\n", {"A_B"}),
        ("wrangler.jsonc", '{"vars": {"A_B": 1}, /* c */ "env": {"p": {"vars": {"C_D": 2,}}}}', {"A_B", "C_D"}),
        (".do/app.yaml", "services:\n- envs:\n  - key: A_B\n", {"A_B"}),
        ("apphosting.yaml", "env:\n- variable: A_B\n  secret: x\n", {"A_B"}),
        ("environment.ts", "A_B=1", set()),
        ("docs/env.md", "A_B=1", set()),
    ],
    ids=str,
)
def test_declarations(path: str, text: str, wanted: set[str]) -> None:
    assert set(survey([path], {path: text}.get).declared_names) == wanted
