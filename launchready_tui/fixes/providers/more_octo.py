"""octoDNS' other providers, built over our session: whatever they send goes through it. Imported where it is used."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from launchready_tui import limits
from launchready_tui.fixes.providers.calm import CalmSession, Sent
from launchready_tui.fixes.providers.octo_records import ID, quiet

_DEPTH = 4  # a provider holds a client, which holds a session: hcloud's is the deepest
_THEIRS = ("octodns_", "hcloud", "ovh")


def built(module: str, made: str, given: Mapping[str, Any], session: CalmSession) -> Any:
    """The provider. Raises ValueError where nothing in it would send through our session."""
    quiet(made)
    kind = getattr(importlib.import_module(module), made)
    if module == "octodns_route53":
        return _route53(kind, given, session)
    provider = kind(ID, **given)
    if module == "octodns_desec":
        provider.desec_api = _desec(given["token"], session)
        return provider
    if not sum(_taken(owner, session) for owner in _inside(provider)):
        raise ValueError(f"{module} sends in a way of its own")
    return provider


def _taken(owner: Any, session: CalmSession) -> int:
    """Put our session in the place of each that `owner` holds."""
    held = [key for key, value in vars(owner).items() if isinstance(value, requests.Session)]
    for key in held:
        setattr(owner, key, session.take_over(getattr(owner, key)))
    return len(held)


def _inside(provider: Any) -> Iterator[Any]:
    """`provider` and the objects of its library that it is made of."""
    seen: set[int] = set()
    level = [provider]
    for _ in range(_DEPTH):
        deeper: list[Any] = []
        for owner in level:
            if id(owner) in seen or not hasattr(owner, "__dict__") or not type(owner).__module__.startswith(_THEIRS):
                continue
            seen.add(id(owner))
            yield owner
            deeper += [value for value in vars(owner).values() if not isinstance(value, requests.Session)]
        level = deeper


def _desec(token: str, session: CalmSession) -> Any:
    """deSEC's client opens a session for each request, tries five times and sleeps up to ten minutes: not ours."""
    import octodns_desec

    class Calm(octodns_desec.DesecAPI):  # type: ignore[misc]  # octoDNS has no types
        def _send_request(self, url: str, method: str, headers: Any = None, data: Any = None, **more: Any) -> Any:
            answer = session.request(method, url, headers=headers, data=data)
            if answer.status_code == 404:
                raise octodns_desec.DesecAPINotFound()
            if answer.status_code != more.get("returncode", 200):
                raise octodns_desec.DesecAPIBadRequest()
            return answer

    return Calm(token)


def _route53(kind: Any, given: Mapping[str, Any], session: CalmSession) -> Any:
    """Amazon's own client, with nothing from the environment or from ~/.aws, and no try of its own."""
    import boto3
    import botocore.session
    from botocore.config import Config

    nowhere = (None, None, os.devnull, None)
    core = botocore.session.Session(
        session_vars={
            "profile": (None, None, None, None),
            "config_file": nowhere,
            "credentials_file": nowhere,
            "ca_bundle": (None, None, None, None),
        }
    )

    def sending(request: Any, **_: Any) -> None:
        if session.stopped.is_set() or session.left <= 0:
            raise TimeoutError
        session.sent.append(Sent(request.method, urlsplit(request.url).path, None))

    def received(response_dict: Mapping[str, Any], **_: Any) -> None:
        last = session.sent[-1]
        session.sent[-1] = Sent(last.method, last.path, int(response_dict["status_code"]))

    class Calm(kind):  # type: ignore[misc]  # octoDNS has no types
        def client(
            self, service_name: str, access_key_id: str, secret_access_key: str, *more: Any, **named: Any
        ) -> Any:
            config = Config(
                proxies={},
                connect_timeout=limits.PROVIDER_TRY_SECONDS,
                read_timeout=limits.PROVIDER_TRY_SECONDS,
                retries={"total_max_attempts": 1, "mode": "standard"},
                ignore_configured_endpoint_urls=True,
            )
            made = boto3.Session(
                aws_access_key_id=access_key_id,
                aws_secret_access_key=secret_access_key,
                region_name="us-east-1",
                botocore_session=core,
            ).client(service_name, config=config, verify=session.verify, endpoint_url=session.instead or None)
            made.meta.events.register("before-send.*.*", sending)
            made.meta.events.register("response-received.*.*", received)
            return made

    return Calm(ID, get_zones_by_name=True, **given)
