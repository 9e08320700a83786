"""How long visitors wait for the home page: the 95th percentile of an open-loop measurement that was agreed to."""

from __future__ import annotations

from launchready_tui import limits
from launchready_tui.checks import check
from launchready_tui.model import Evidence, Finding, Fix, Severity, failed, passed, unknown, warned
from launchready_tui.project import Project
from launchready_tui.quantiles import Interval, interval, percentile
from launchready_tui.sources.load import Load, Sample, Series
from launchready_tui.sources.urls import host_of
from launchready_tui.sources.web import Page, Web

_FASTER = Fix(
    "steps",
    "Let a CDN keep your public pages (at Cloudflare: a cache rule “Cache everything” for them; at Vercel or Netlify: "
    "build them ahead of time). Then look which question to the database the page waits for.",
    minutes=120,
    who="Whoever writes your app",
)


def _unclear(saw: str, host: str, evidence: list[Evidence], needs: str = "another measurement") -> Finding:
    return unknown(saw, needs=needs, evidence=evidence, subject=host)


@check(
    "performance.p95.public",
    severity=Severity.HIGH,
    title="Public pages come fast",
    why="Visitors leave before a slow page appears, and those you invited do not come back.",
    minutes=120,
    seconds=90.0,  # 62 requests at 6 a second, and the last of them may take its whole time
)
async def p95_public(project: Project, web: Web, load: Load) -> Finding:
    url = project.url("home")
    if not url:
        return unknown("There is no public page to measure.", needs="the address of your home page")
    chain = await web.follow(url)
    page = chain.last
    if not isinstance(page, Page) or page.status != 200 or chain.end != "ok":
        said = page.say if not isinstance(page, Page) else f"answers {page.status}"
        return _unclear(
            f"We did not measure: the home page at {host_of(page.url)} {said}.",
            host_of(page.url),
            [],
            "a home page that opens",
        )
    return judge(await load.sample(page.url))


def _split(series: Series) -> str:
    """Where a first visit's time goes, from the requests that opened their own connection."""
    found = [sample for sample in series.fresh if sample.status]
    if not found:
        return "not seen"
    first = min(found, key=lambda sample: sample.total)
    return (
        f"look-up {first.dns:,.0f} ms, connect {first.connect:,.0f} ms (one round trip), TLS {first.tls:,.0f} ms, "
        f"wait {first.wait:,.0f} ms, transfer {first.transfer:,.0f} ms"
    )


def _within(ms: float, sound: float, fair: float) -> str:
    return "sound" if ms <= sound else "slow" if ms <= fair else "too slow"


def _range(found: Interval) -> str:
    return f"{found.low:,.0f} ms or more" if found.high is None else f"{found.low:,.0f} to {found.high:,.0f} ms"


def judge(series: Series) -> Finding:
    """Pure: a series against the bars. Withheld where too little came back or our own clock ran late."""
    host = host_of(series.url)
    samples = series.samples
    evidence = [Evidence(f"{len(samples)} requests to {series.url}", f"from this machine, to {series.address or '?'}")]
    if series.say:
        return _unclear(f"We did not measure: {host} {series.say}.", host, evidence)
    answered = [sample for sample in samples if sample.status]
    lost = len(samples) - len(answered)
    if lost:
        error = next(sample.error for sample in samples if not sample.status)
        evidence.append(Evidence(f"{lost} without an answer", error))
    if len(samples) < limits.SAMPLES_LEAST or series.stopped:
        why = "we stopped, since too many in a row got no answer" if series.stopped else "too few for a figure"
        return _unclear(f"Only {len(answered)} of {limits.SAMPLES} requests were answered: {why}.", host, evidence)
    if lost > limits.SAMPLES_UNANSWERED * len(samples):
        return _unclear(f"{lost} of {len(samples)} requests to {host} got no answer.", host, evidence)
    wrong = [sample for sample in answered if sample.status >= 400]
    if len(wrong) > limits.SAMPLES_UNANSWERED * len(samples):
        return _unclear(
            f"{len(wrong)} of {len(samples)} requests to {host} were answered {wrong[0].status}, so their speed says "
            "nothing about the page.",
            host,
            evidence,
            "a page that answers 200 when asked often",
        )
    totals = [sample.total for sample in samples]  # one without an answer counts with the time we waited for it
    p95 = percentile(totals, 0.95)
    late = percentile([sample.late for sample in samples], 0.95)
    if late > max(limits.LATENESS_FLOOR_MS, limits.LATENESS_SHARE * p95):
        evidence.append(Evidence("our own delay", f"p95 {late:,.0f} ms"))
        return _unclear(
            f"This machine was too busy to measure: it started requests up to {late:,.0f} ms late.", host, evidence
        )
    return _judged(host, samples, p95, interval(totals, 0.95), evidence, _split(series))


def _judged(
    host: str, samples: tuple[Sample, ...], p95: float, range: Interval, evidence: list[Evidence], split: str
) -> Finding:
    totals = [sample.total for sample in samples]
    first_byte = percentile([sample.first_byte for sample in samples], 0.75)
    bars = (limits.TTFB_SOUND_MS, limits.TTFB_FAIL_MS)
    evidence += [
        Evidence("p50, p95, p99", f"{percentile(totals, 0.5):,.0f}, {p95:,.0f}, {percentile(totals, 0.99):,.0f} ms"),
        Evidence("p95 lies within (95 % sure)", _range(range)),
        Evidence(
            "first byte, p75",
            f"{first_byte:,.0f} ms, {_within(first_byte, *bars)} (aim: {bars[0]:,.0f}, at most {bars[1]:,.0f})",
        ),
        Evidence("a first visit", split),
    ]
    facts = [
        ("p50 ms", f"{percentile(totals, 0.5):.0f}"),
        ("p95 ms", f"{p95:.0f}"),
        ("p99 ms", f"{percentile(totals, 0.99):.0f}"),
        ("requests", str(len(samples))),
    ]
    saw = (
        f"p95 {p95:,.0f} ms (aim: {limits.P95_SOUND_MS:,.0f} ms), from {len(samples)} requests to {host}, from this "
        f"machine; {_range(range)} with 95 % certainty."
    )
    if p95 > limits.P95_FAIL_MS:
        return failed(saw, _FASTER, evidence=evidence, subject=host, facts=facts)
    if p95 >= limits.P95_SOUND_MS:
        return warned(saw, _FASTER, evidence=evidence, subject=host, facts=facts)
    return passed(saw, evidence=evidence, subject=host, facts=facts)
