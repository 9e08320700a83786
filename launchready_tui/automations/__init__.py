"""The six automations of the roadmap: which are on, what each costs, and the files that switch one on.

Those that live in the repository are written for GitHub Actions or GitLab CI, as a fix of kind "file".
"""

from __future__ import annotations

from launchready_tui.automations.model import NAMES, Automation, Setup, State
from launchready_tui.automations.setup import setup_of
from launchready_tui.automations.states import all_of, automation, switch_on

__all__ = ["NAMES", "Automation", "Setup", "State", "all_of", "automation", "setup_of", "switch_on"]
