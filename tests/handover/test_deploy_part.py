"""The handover's and the report's part on going live: what was seen and said, and the platform's own way back."""

from __future__ import annotations

from launchready_tui.answers import Answers
from launchready_tui.handover.document import Deploy
from launchready_tui.handover.export import build
from launchready_tui.handover.markdown import to_markdown
from launchready_tui.handover.sections import deploy
from launchready_tui.handover.written import deploy_markdown
from launchready_tui.model import passed
from launchready_tui.owners import Owner, Owners
from launchready_tui.project import Clock
from tests.handover.worlds import ANSWERS, OUTCOMES, facts
from tests.world import NOW

SEEN = {
    "deploy.build.clean": passed("It builds.", facts=[("clean-build", "3fa2c1d, 24 Nov 2026, 65 seconds")]),
    "deploy.doc.tenminute": passed(
        "Tried.", facts=[("deploy-document", "DEPLOY.md"), ("deploy-tried", "Grace, 8 min, 23 Nov 2026")]
    ),
    "audit.backup.restore": passed("Restored.", facts=[("backup", "Grace restored a backup on 3 Nov 2026")]),
}


def test_what_was_seen_and_said_stands_in_it() -> None:
    owners = Owners({"hosting": Owner("hosting", provider="Vercel")})
    found = deploy(Answers(ANSWERS, Clock(NOW)), {**OUTCOMES, **SEEN}, owners)
    assert found.document == "DEPLOY.md"
    assert found.document_tried == "Grace, 8 min, 23 Nov 2026"
    assert found.built.startswith("3fa2c1d")
    assert found.backup == "Grace restored a backup on 3 Nov 2026"
    assert found.rollback == "vercel rollback"
    assert any("Instant Rollback" in step for step in found.rollback_steps)
    assert "environment variables that were changed since" in found.not_restored
    text = deploy_markdown(found)
    for part in ("DEPLOY.md", "8 min", "Instant Rollback", "It took: 4 minutes", "does not bring back", "3 Nov 2026"):
        assert part in text, part


def test_nothing_known_is_said_plainly() -> None:
    text = deploy_markdown(deploy(Answers((), Clock(NOW))))
    assert text.count("nobody has tried it") == 2
    assert "it was not rehearsed" in text
    assert "does not bring back" not in text


def test_the_view_shows_it() -> None:
    whole = build(facts(outcomes={**OUTCOMES, **SEEN}))
    words = to_markdown(whole)
    for part in ("Followed by a second person", "Grace, 8 min", "Built from a fresh copy", "A backup was restored"):
        assert part in words, part


def test_text_from_outside_stays_text() -> None:
    text = deploy_markdown(Deploy(document="# Evil\n[x](javascript:1)", rollback="`rm`", rollback_steps=["<b>"]))
    assert "\n# Evil" not in text
    assert "<b>" not in text
