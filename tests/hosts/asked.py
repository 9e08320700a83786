"""The four fakes with one project each, set up alike, and an account that asks them over the real web source."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from launchready_tui.hosts.account import ConnectedHost, Found, HostKey, client, host
from launchready_tui.project import Network, Project
from launchready_tui.secret import Secret
from launchready_tui.sources.dns import Dns
from launchready_tui.sources.gate import Gate
from launchready_tui.sources.web import Web
from tests.fakes.fly import Fly
from tests.fakes.host_server import TOKEN, HostServer
from tests.fakes.netlify import Netlify
from tests.fakes.render import Render
from tests.fakes.vercel import Vercel

DOMAIN = "good.example"
DATABASE = "postgres://maple:canary-Zk3Pq9@db.neon.tech/maple"  # its password is a canary
STAGE = "postgres://maple:canary-Yj2Lm8@stage.neon.tech/maple"
STRIPE = "sk_" + "live_canaryWx7Rt5"
CANARIES = ("canary-Zk3Pq9", "canary-Yj2Lm8", "canaryWx7Rt5")
DAYS = [dt.datetime(2026, 11, day, tzinfo=dt.UTC) for day in (23, 20, 12)]


def vercel() -> Vercel:
    fake = Vercel()
    fake.env("DATABASE_URL", DATABASE)
    fake.env("DATABASE_URL", STAGE, "preview", "development")
    fake.env("STRIPE_SECRET_KEY", STRIPE, type="sensitive")
    fake.env("LOG_LEVEL", "info", type="plain")
    for number, at in enumerate(DAYS, 1):
        fake.deploy(f"dpl_{number}", at.timestamp())
    fake.live = "dpl_1"
    return fake


def netlify() -> Netlify:
    fake = Netlify()
    fake.env("DATABASE_URL", production=DATABASE, deploy_preview=STAGE, dev=STAGE)
    fake.env("STRIPE_SECRET_KEY", secret=True, production="")
    fake.env("LOG_LEVEL", all="info", shared=True)
    for number, at in enumerate(DAYS, 1):
        fake.deploy(f"d{number}", at.isoformat())
    fake.live = "d1"
    return fake


def render() -> Render:
    fake = Render()
    fake.envs = {"DATABASE_URL": DATABASE, "STRIPE_SECRET_KEY": STRIPE}
    fake.group = {"LOG_LEVEL": "info", "DATABASE_URL": "of the group"}
    for number, at in enumerate(DAYS, 1):
        fake.deploy(f"dep-{number}", at.isoformat(), "live" if number == 1 else "deactivated")
    return fake


def fly() -> Fly:
    fake = Fly()
    fake.secrets = ["DATABASE_URL", "STRIPE_SECRET_KEY", "LOG_LEVEL"]
    for number, at in enumerate(DAYS, 1):
        fake.release(f"r{number}", at.isoformat().replace("+00:00", "Z"))
    return fake


FAKES: dict[str, Callable[[], HostServer]] = {"vercel": vercel, "netlify": netlify, "render": render, "fly": fly}


@dataclass
class Asked:
    fake: HostServer
    kind: str
    web: Web
    token: Secret

    async def find(self, named: str = "", domain: str = DOMAIN) -> tuple[Found, ...]:
        return await client(host(self.kind), self.web, self.token, self.fake.base).find(domain, named)

    async def account(self) -> ConnectedHost:
        """Connected to the project that was found."""
        fake, token, self.fake.faults = self.fake, self.token, []
        self.token = Secret(TOKEN)
        (found,) = await self.find()
        self.token = token
        connection = {"kind": self.kind, "host": DOMAIN, "secret": "x", "api": fake.base, **found.ids}
        return ConnectedHost(HostKey(connection, token, b"k" * 32, private=True), self.web)


@asynccontextmanager
async def asking(kind: str, token: str = TOKEN) -> AsyncIterator[Asked]:
    project = Project(DOMAIN, network=Network(private=True))
    gate = Gate(project)
    dns = Dns(project, gate)
    web = Web(project, dns, gate)
    with FAKES[kind]() as fake:
        try:
            yield Asked(fake, kind, web, Secret(token))
        finally:
            fake.closing.set()
            await web.aclose()
            await dns.aclose()
