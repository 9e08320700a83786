"""The settings that no two places may share (catalogue, deploy.env.separated), told by their names."""

from __future__ import annotations

import re

from launchready_tui.envscan.faults import PUBLIC

# The three that the rule names, each by what it is called. A publishable key is no secret, and may be shared.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "the database",
        re.compile(
            r"(?:^|_)(?:DATABASE|DB|POSTGRES(?:QL)?|PG|MYSQL|MARIADB|MONGO(?:DB)?|TURSO|NEON|PLANETSCALE|REDIS|KV)"
            r"(?:_\w+)?_?(?:URL|URI|DSN|PASSWORD|CONNECTION_STRING|AUTH_TOKEN)(?:_\w+)?$|(?:^|_)SERVICE_ROLE_KEY$"
        ),
    ),
    (
        "the sign-in secret",
        re.compile(
            r"^(?:NEXT)?AUTH_?SECRET$|(?:^|_)(?:AUTH|SESSION|JWT|COOKIE)_(?:\w+_)?(?:SECRET|KEY)$|^SECRET_KEY(?:_BASE)?$|"
            r"^(?:APP|DJANGO_SECRET|FLASK_SECRET|CLERK_SECRET|BETTER_AUTH_SECRET)_?(?:KEY)?$|^RAILS_MASTER_KEY$"
        ),
    ),
    (
        "the payment key",
        re.compile(r"(?:^|_)(?:STRIPE|PADDLE|LEMON_?SQUEEZY|BRAINTREE|MOLLIE|RAZORPAY|ADYEN|PAYPAL|POLAR)_"
                   r"(?:\w+_)?(?:KEY|SECRET|TOKEN|PASSWORD)(?:_\w+)?$"),
    ),
)  # fmt: skip
_PUBLISHABLE = re.compile(r"PUBLISHABLE|PUBLIC|CLIENT_ID")


def kind_of(name: str) -> str:
    """Which of the three a setting is, by its name; "" for all else."""
    upper = name.upper()
    if upper.startswith(PUBLIC) or _PUBLISHABLE.search(upper):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.search(upper)), "")
