"""Workflow files as people write them, for the tables and the tests of what is recognised."""

from __future__ import annotations

GITHUB, GITLAB = ".github/workflows", ".gitlab-ci.yml"

GITLEAKS = """
name: scan
on: [push, pull_request]
jobs:
  scan:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
        with: {fetch-depth: 0}
      - uses: gitleaks/gitleaks-action@v2
"""
TRUFFLEHOG = """
on:
  push:
    branches: [main]
jobs:
  t:
    runs-on: ubuntu-latest
    steps:
      - run: docker run --rm trufflesecurity/trufflehog:latest git file:///repo --fail
"""
SCHEDULED_SCAN = "on: {schedule: [{cron: '0 1 * * *'}]}\njobs:\n  s:\n    steps: [{run: gitleaks git}]\n"
TESTS = "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: npm test\n"
DEPLOY_AND_SMOKE = """
on: {push: {branches: [main]}}
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - run: flyctl deploy --remote-only
  smoke:
    needs: deploy
    runs-on: ubuntu-latest
    steps:
      - name: Smoke test
        run: ./scripts/smoke.sh https://good.example
"""
WITH_WAY_BACK = (
    DEPLOY_AND_SMOKE
    + """
      - if: failure()
        run: ./scripts/rollback.sh
"""
)
BY_STATUS = """
"on": deployment_status
jobs:
  e2e:
    if: github.event.deployment_status.state == 'success'
    runs-on: ubuntu-latest
    steps:
      - run: curl --fail https://good.example/login
      - if: failure()
        run: vercel rollback --token "$T"
"""
UPPTIME = "on: {schedule: [{cron: '*/5 * * * *'}]}\njobs:\n  up:\n    steps: [{uses: upptime/uptime-monitor@v1}]\n"
OCTODNS = "on: {schedule: [{cron: '1 1 * * *'}]}\njobs:\n  d:\n    steps: [{run: octodns-sync --config dns.yaml}]\n"
CACHE = """
on: deployment_status
jobs:
  c:
    steps:
      - run: 'curl -sI https://good.example/a.js | grep -i cache-control:'
"""
GITLAB_SCAN = "include:\n  - template: Security/Secret-Detection.gitlab-ci.yml\n"
GITLAB_JOBS = """
stages: [build, ship]
build:
  stage: build
  script: [npm ci, npm run build]
ship:
  stage: ship
  script: ["netlify deploy --prod"]
smoke:
  stage: ship
  needs: [ship]
  script: ["./smoke.sh", "|| ./rollback.sh"]
tagged:
  script: !reference [build, script]
"""
BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9))
DEEP = "a: " + "[" * 5_000 + "]" * 5_000
PYTHON = "on: !!python/object/apply:os.system ['touch /tmp/canary']\njobs: {}\n"
HOSTILE = 'on: push\njobs:\n  "\\e]52;c;eA==\\a\\u202eevil[@click=app.quit]x[/]":\n    steps: [{run: gitleaks git}]\n'
