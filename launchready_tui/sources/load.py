"""A measurement that a founder agreed to: open-loop GETs on one URL, timed from the moment each was due."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui.project import Project
from launchready_tui.sources.dns import Dns


@dataclass(frozen=True, slots=True)
class Sample:
    """One request, in milliseconds from its scheduled time; `wait` is to the first byte of the answer.

    `status` is 0 where no HTTP answer came (`error` says why). `late` is how late our own generator started it.
    """

    total: float
    dns: float
    connect: float
    tls: float
    wait: float
    transfer: float
    status: int
    late: float
    error: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The samples kept (the first two dropped), in order of their schedule."""

    url: str
    samples: tuple[Sample, ...]
    address: str = ""


class Load:
    """There only after a yes ("measure" allowed)."""

    needs = "your yes to 62 requests"

    def __init__(self, project: Project, dns: Dns) -> None:
        raise NotImplementedError

    async def sample(self, url: str) -> Series:
        raise NotImplementedError

    async def aclose(self) -> None:
        raise NotImplementedError
