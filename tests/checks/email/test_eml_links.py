"""Where the links of a message lead, told apart."""

from __future__ import annotations

import pytest

from launchready_tui.answers import Answers
from launchready_tui.checks.email._links import declared_hosts, judge_links
from launchready_tui.mail.proof import _host
from launchready_tui.project import Project
from launchready_tui.proofs import Link
from tests.mail.letters import OURS
from tests.world import said


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("https://good.example/", ""),
        ("https://www.good.example/", ""),
        ("https://checkout.pay.example/x", ""),
        ("https://good.example.evil.example/", "other"),
        ("https://notgood.example/", "other"),
        ("https://good.example@evil.example/", "other"),
        ("http://LOCALHOST:3000/", "here"),
        ("http://app.localhost/", "here"),
        ("http://printer/", "here"),
        ("http://[::1]/", "here"),
        ("http://169.254.1.1/", "here"),
        ("https://93.184.215.14/", "other"),
        ("https://good.netlify.app/", "preview"),
        ("https://dev.good.example/", "preview"),
        ("https://beta.good.example/", ""),
        ("https://trial.elsewhere.example/", "preview"),
        ("https://us1.list-manage.com/track", "tracking"),
    ],
)
def test_where_a_link_leads(url: str, fault: str) -> None:
    project = Project(
        OURS, urls={"checkout": "https://checkout.pay.example/x", "preview": "https://trial.elsewhere.example/"}
    )
    (link,) = judge_links((Link(url, _host(url)),), project)
    assert link.fault == fault


def test_a_declared_trial_host_is_no_preview() -> None:
    (link,) = judge_links((Link("https://test.good.example/", "test.good.example"),), Project(OURS, subs=("test",)))
    assert link.fault == ""


def test_hosts_as_they_are_typed() -> None:
    answers = Answers((said("email.links", "these", hosts="a.example; https://b.example/x, c.example/y\nno, x"),))
    assert declared_hosts(answers) == ("a.example", "b.example", "c.example")
    assert declared_hosts(Answers((said("email.links", "none", hosts="a.example"),))) == ()
