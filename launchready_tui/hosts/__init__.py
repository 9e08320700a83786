"""Accounts at web hosts, read only: which settings production has, what was released, what can be put back."""
