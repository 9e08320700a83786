"""What can go wrong outside the screens, caught together and told in one sentence."""

from __future__ import annotations

from launchready_tui.saying import Problem
from launchready_tui.text import clean

PROBLEMS = (Problem, ValueError, OSError)


def told(problem: Exception) -> str:
    """The sentence for the founder."""
    if isinstance(problem, OSError) and problem.strerror:
        return f"Your computer refused it: {problem.strerror}. Nothing that was saved before is lost."
    return clean(str(getattr(problem, "sentence", problem)), limit=2_000)
