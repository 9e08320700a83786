"""What a handover states of mail's keys and policies, and what becomes of it later."""

from __future__ import annotations

import pytest

from launchready_tui.drift.baseline import baseline, questions_of
from launchready_tui.drift.look import Seen
from launchready_tui.drift.of_dns import judge_set
from launchready_tui.handover.document import Answered
from launchready_tui.project import Project
from launchready_tui.sources import dns
from launchready_tui.sources.dns import Delegation
from launchready_tui.sources.web import Chain, NoPage
from tests.world import NAME, NOW, found

HERE = Project(NAME)
OWN, THEIRS, STS = f"s1._domainkey.{NAME}", f"s2._domainkey.{NAME}", f"_mta-sts.{NAME}"


def test_keys_and_policies_are_asked_for_with_their_aliases() -> None:
    wanted = questions_of(Project(NAME), (), (OWN, THEIRS, STS))
    for name in (OWN, THEIRS, STS):
        assert (name, "TXT") in wanted.sets
        assert (name, "CNAME") in wanted.sets
    assert len(set(wanted.sets)) == len(wanted.sets)
    assert questions_of(Project(NAME), ()).sets == tuple(key for key in wanted.sets if key[0] not in (OWN, THEIRS, STS))


def test_of_a_key_behind_an_alias_the_alias_is_stated() -> None:
    """The service behind it renews its key as it likes; the alias is the founder's own record."""
    alias = "s2.dkim.sender.example."
    sets: dict[tuple[str, str], dns.Answer] = {
        (OWN, "TXT"): found(OWN, "TXT", "v=DKIM1; p=abc"),
        (OWN, "CNAME"): dns.NoData(OWN, "CNAME"),
        (THEIRS, "TXT"): found(THEIRS, "TXT", "v=DKIM1; p=def", aliases=(alias,)),
        (THEIRS, "CNAME"): found(THEIRS, "CNAME", alias),
    }
    silent = {url: Chain((NoPage(url, "timeout", "said nothing"),), "no-answer") for url in questions_of(HERE, ()).urls}
    seen = Seen(Delegation(NAME, dns.TimedOut(NAME, "NS", 4.0), "nobody"), sets, chains=silent)
    stated = {(each.name, each.type): each.values for each in baseline(HERE, seen, NOW).answers}
    assert stated[OWN, "TXT"] == ["v=DKIM1; p=abc"]
    assert (THEIRS, "TXT") not in stated
    assert stated[THEIRS, "CNAME"] == [alias]


@pytest.mark.parametrize(
    ("fact", "answer", "topic", "state", "severity"),
    [
        (Answered(name=OWN, type="TXT", values=["v=DKIM1; p=a"]), dns.NxDomain(OWN, "TXT"), "DKIM", "drift", "high"),
        (
            Answered(name=THEIRS, type="CNAME", values=["x.sender.example."]),
            dns.NxDomain(THEIRS, "CNAME"),
            "alias",
            "drift",
            "high",
        ),
        (
            Answered(name=STS, type="TXT", values=["v=STSv1; id=1"]),
            found(STS, "TXT", "v=STSv1; id=2"),
            "MTA-STS",
            "benign",
            "low",
        ),
        (Answered(name=STS, type="TXT", values=["v=STSv1; id=1"]), dns.NxDomain(STS, "TXT"), "MTA-STS", "drift", "low"),
        (
            Answered(name=STS, type="TXT", values=["v=STSv1; id=1"]),
            dns.TimedOut(STS, "TXT", 4.0),
            "MTA-STS",
            "unknown",
            "low",
        ),
    ],
)
def test_what_became_of_them(fact: Answered, answer: dns.Answer, topic: str, state: str, severity: str) -> None:
    (line,) = judge_set(NAME, fact, answer)
    assert (line.topic, line.state, line.severity.value) == (topic, state, severity)
