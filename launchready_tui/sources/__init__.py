"""Where facts come from, one module each. Each remembers within a run."""

from __future__ import annotations

import sys

# None says "not importable" to Python. httpx then does without its own command line (rich, pygments), as its code
# allows for; httpcore asks for sniffio at every lock, and without it takes asyncio, which is what runs here: a failed
# search of the whole path each time was a sixth of a look.
for _name in ("httpx._main", "sniffio"):
    sys.modules.setdefault(_name, None)  # type: ignore[arg-type]
