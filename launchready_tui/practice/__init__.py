"""The practice startup: a whole small launch on loopback, broken in the usual ways."""

from __future__ import annotations

DOMAIN = "mapleclub.example"
