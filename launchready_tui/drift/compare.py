"""From facts and answers to the lines of drift. Pure, and the one place that knows every judge."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from launchready_tui.drift.baseline import made_up_of
from launchready_tui.drift.facts import Facts
from launchready_tui.drift.look import Questions, Seen
from launchready_tui.drift.of_dns import judge_made_up, judge_name_servers, judge_serial, judge_set
from launchready_tui.drift.of_people import judge_access, judge_action, judge_risk
from launchready_tui.drift.of_web import judge_certificate, judge_header, judge_page, judge_way
from launchready_tui.driftlook import Line, ordered, unclear
from launchready_tui.model import Severity
from launchready_tui.text import plural


def questions(facts: Facts) -> Questions:
    """What has to be asked to compare these facts."""
    urls = [*(way.url for way in facts.ways), *(page.url for page in facts.pages), *(h.url for h in facts.headers)]
    return Questions(
        facts.domain,
        tuple(dict.fromkeys((each.name, each.type) for each in facts.sets)),
        tuple(dict.fromkeys(urls)),
        tuple(dict.fromkeys(each.host for each in facts.certificates)),
        made_up=bool(facts.made_up_names),
    )


def compare(facts: Facts, seen: Seen, now: dt.datetime) -> tuple[Line, ...]:
    """Every fact against what was answered, at the moment `now`; sorted by harm. What is as it was makes no line."""
    return ordered(line for line in _lines(facts, seen, now) if line is not None)


def _lines(facts: Facts, seen: Seen, now: dt.datetime) -> Iterator[Line | None]:
    domain, today = facts.domain, now.date()
    yield judge_name_servers(domain, facts.name_servers, seen.delegation)
    yield judge_serial(domain, facts.serial, seen.serial)
    if facts.made_up_names:
        yield judge_made_up(domain, facts.made_up_names, made_up_of(seen.made_up))
    for fact in facts.sets:
        key = (fact.name, fact.type)
        shielded = fact.name in facts.shields
        yield from judge_set(domain, fact, seen.sets.get(key), seen.ttls.get(key), shielded=shielded)
    yield from (judge_way(way, seen.chains.get(way.url)) for way in facts.ways)
    yield from (judge_certificate(each, seen.shakes.get(each.host)) for each in facts.certificates)
    yield from (judge_header(each, seen.chains.get(each.url)) for each in facts.headers)
    yield from (judge_page(each, seen.chains.get(each.url)) for each in facts.pages)
    yield from (judge_access(system, today) for system in facts.systems)
    yield from (judge_risk(risk, today) for risk in facts.risks)
    yield from (judge_action(action, today) for action in facts.actions)
    if facts.left_out:
        said = plural(facts.left_out, "fact")
        say = f"The file states {said} more than we ask for in one look. These were not looked at."
        yield unclear(Severity.LOW, "record", domain, say)
