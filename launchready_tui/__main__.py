"""python -m launchready_tui, from any folder."""

from __future__ import annotations

import sys
from pathlib import Path

# A folder of the founder's own named screens/ must not stand in for ours: our parent folder goes first.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from launchready_tui.cli import main

if __name__ == "__main__":
    main()
