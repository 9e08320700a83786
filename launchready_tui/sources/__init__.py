"""Where facts come from, one module each. Each remembers within a run."""

from __future__ import annotations

import sys

# httpx imports its own command line (rich, pygments) where it can; None makes it do without, which its code allows for.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None says "not importable" to Python
