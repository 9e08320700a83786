"""python -m tests.bench [NAME …]: every benchmark, as ratios within one run (machines are noisy, ratios less so)."""

from __future__ import annotations

import sys

from tests.bench import blocked, changes, dns_stage, email_stage, full_check, key_to_paint, many, secrets, spf, start

BENCHES = {
    "start": start.main,
    "full-check": full_check.main,
    "dns-stage": dns_stage.main,
    "email-stage": email_stage.main,
    "key-to-paint": key_to_paint.main,
    "blocked": blocked.main,
    "changes": changes.main,
    "many": many.main,
    "spf": spf.main,
    "secrets": secrets.main,
}

if __name__ == "__main__":
    for name in sys.argv[1:] or BENCHES:
        print(f"== {name}", flush=True)
        BENCHES[name]()
