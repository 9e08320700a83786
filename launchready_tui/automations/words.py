"""The words of the six: what each does, what it costs, how it is taken back, and what a person does for it."""

from __future__ import annotations

TITLES = {
    "daily": "DNS, edge and speed each day",
    "secrets": "Secret scan on each push",
    "smoke": "Smoke test after each deploy",
    "uptime": "Pages asked every 15 minutes",
    "cache": "Cache headers after each deploy",
    "logs": "Alerts from the host's log",
}
COST = {
    "daily": "About 3 minutes of the runner a day.",
    "secrets": "About 1 minute of the runner a push.",
    "smoke": "About 1 minute of the runner a deploy, up to 6 where it waits for the host.",
    "uptime": "Some 2,900 minutes of the runner a month. On GitHub that is free for a public repository; a private one "
    "has 2,000 a month on the Free plan. Runs may come late, and a mail goes to one person: it is a beginning, and no "
    "monitor of its own.",
    "cache": "About 1 minute of the runner a deploy, up to 6 where it waits for the host.",
    "logs": "Nothing on most plans. Your host's page says so.",
}
BACK = {
    **dict.fromkeys(("daily", "secrets", "smoke", "uptime", "cache"), "u here, launchready undo, or delete the file."),
    "logs": "Delete the alert at your host.",
}
_SCHEDULE = (
    "At GitLab: Build, Pipeline schedules, New schedule. Interval {every}, variable LAUNCHREADY = {name}. "
    "Your other jobs run in that pipeline as well, unless their rules leave schedules out."
)
SCHEDULES = {
    "daily": (_SCHEDULE.format(every="23 5 * * *", name="daily"),),
    "uptime": (_SCHEDULE.format(every="*/15 * * * *", name="uptime"),),
}
_THREE = (
    "Make three: answers of 5xx again and again (5 in 5 minutes), sign-ins that fail (401 and 403, 20 in 5 minutes), "
    "and three times the usual number of requests."
)
# From general knowledge of the panels, 2026-11-24, not read off them; where a host offers none, what takes its log.
LOG_ALERTS: dict[str, tuple[str, ...]] = {
    "vercel": (
        "Pro plan: your project, Observability, Alerts: switch on the anomaly alerts for errors and usage, by mail and "
        "Slack.",
        f"Any paid plan: Settings, Drains, send the log to a service that alerts. {_THREE}",
        "Hobby has neither: look at Logs, filter Status 5xx, after each release.",
    ),
    "netlify": (
        f"Enterprise: Logs, Log Drains, send the log to a service that alerts. {_THREE}",
        "Other plans: Logs, Functions, look for errors after each release; Observability shows 5xx by the hour.",
    ),
    "render": (
        "Your workspace, Integrations, Notifications: failed deploys and unhealthy services, by mail and Slack.",
        f"Integrations, Log Streams: send the log to a service that alerts. {_THREE}",
    ),
    "railway": (
        "Your project, Observability, add a widget for errors in the log, then its menu, Add monitor (Pro plan).",
        _THREE,
    ),
    "fly": (
        "fly.io/apps, your app, Metrics opens Grafana: Explore, fly_app_http_responses_count by status; alerts need a "
        "Grafana of your own that reads api.fly.io/prometheus.",
        _THREE,
    ),
    "heroku": (
        "Professional dynos: your app, Metrics, Configure Alerts: failed requests and response time, by mail.",
        f"Any dyno: add a log add-on (Papertrail, Logtail) and make saved searches that alert. {_THREE}",
    ),
    "cloudflare-pages": (
        "Notifications, Add: HTTP errors of the origin, HTTP DDoS attack, by mail.",
        f"Workers and Pages, your project, Logs: look for errors after each release. {_THREE}",
    ),
    "cloudflare-workers": (
        "Notifications, Add: Workers errors, HTTP errors of the origin, by mail.",
        f"Your Worker, Observability: look for errors after each release. {_THREE}",
    ),
    "digitalocean": (
        "Your app, Insights, Alert policies: CPU, memory and restarts; Settings, Log forwarding: a service that "
        "alerts.",
        _THREE,
    ),
    "other": (
        "Look in your host's panel for “alerts”, “notifications” or “log drains”, and send what alerts to mail and to "
        "a channel that you read.",
        _THREE,
    ),
}
