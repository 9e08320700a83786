"""Cloudflare's DNS interface on loopback: stateful, strict, and with faults that can be set for each request.

    with Cloudflare("good.example") as fake:
        fake.add("A", "www", "93.184.215.14", comment="the old box")
        fake.faults.append(Fault("cut", "POST"))
        …  # {"kind": "cloudflare", "api": fake.api, "zone": "good.example"} with the token TOKEN

As a process: python -m tests.fakes.cloudflare --port N [--zone good.example]; POST /faults sets faults, GET /requests
lists what was asked.
"""

from __future__ import annotations

import argparse
import copy
import datetime as dt
import json
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.fakes import cloudflare_rules as rules
from tests.fakes.cloudflare_rules import Refusal

TOKEN = "made-for-a-test-0123456789abcdefghij"
BASE = "/client/v4"
RIGHTS = ("#zone:read", "#dns_records:read", "#dns_records:edit")

Kind = Literal["status", "cut", "hang", "drop", "alter", "stale", "garbage", "before"]


@dataclass
class Fault:
    """What goes wrong at the next request of `method` whose path matches `path`.

    status: answer `status` and do nothing. cut: do it, and cut the connection. hang: never answer. before: hang, and
    do nothing. drop: do all but the last, say it is done. alter: keep another content than was sent. stale: lists show
    what was before, `times` times. garbage: an answer that is no JSON.
    """

    kind: Kind
    method: str = "GET"
    path: str = ""
    status: int = 500
    code: int = 10_000
    retry_after: str = ""
    times: int = 1


@dataclass
class Zone:
    id: str
    name: str
    plan: str = "free"
    records: dict[str, dict[str, Any]] = field(default_factory=dict)


class Cloudflare:
    """`rights` are what TOKEN may do; `status` is what it is ("active", "expired"); `page` the most records a page."""

    def __init__(self, *zones: str, port: int = 0, plan: str = "free") -> None:
        self.zones = {name: Zone(f"{at:032x}", name, plan) for at, name in enumerate(zones, 1)}
        self.rights: tuple[str, ...] = RIGHTS
        self.status = "active"
        self.faults: list[Fault] = []
        self.after_write: list[Fault] = []  # set once a batch was taken
        self.requests: list[tuple[str, str]] = []
        self.echo = False  # True: refusals repeat the token, as no interface should
        self._stale: tuple[int, dict[str, dict[str, Any]]] = (0, {})
        self._lock = threading.RLock()
        self._made = 0
        self.closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def api(self) -> str:
        return f"http://127.0.0.1:{self.port}{BASE}"

    def __enter__(self) -> Cloudflare:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    # ---- for tests ----

    def add(self, type: str, name: str, content: str = "", *, zone: str = "", **more: Any) -> dict[str, Any]:
        """A record that stands there already; `name` "@" is the top of the zone."""
        where = self.zones[zone or next(iter(self.zones))]
        full = where.name if name == "@" else f"{name}.{where.name}"
        given = {"type": type, "name": full, "ttl": 300, **({"content": content} if content else {}), **more}
        meta = given.pop("meta", {})
        record = self._create(where, given)
        record["meta"] = meta
        return record

    def shown(self, zone: str = "") -> list[tuple[Any, ...]]:
        """The whole zone but for ids and times, sorted: what must be equal before a fix and after its undo."""
        where = self.zones[zone or next(iter(self.zones))]
        keys = ("type", "name", "content", "priority", "ttl", "proxied", "comment", "tags", "settings")
        records = [{**record, "tags": sorted(record["tags"])} for record in where.records.values()]
        return sorted(tuple(repr(record.get(key)) for key in keys) for record in records)

    def contents(self, type: str, name: str) -> list[str]:
        where = next(iter(self.zones.values()))
        return sorted(r["content"] for r in where.records.values() if (r["type"], r["name"]) == (type, name))

    # ---- the interface ----

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any, token: str) -> Any:
        """The result of one request, and what goes beside it. Raises Refusal."""
        self._known(token)
        if path == "/user/tokens/verify":
            told = {"id": "1" * 32, "status": self.status}
            rules.check_token(told)
            return told, {}
        if path == "/zones" and method == "GET":
            names = query.get("name") or list(self.zones)
            found = [
                self._zone(self.zones[name]) for name in names if name in self.zones and "#zone:read" in self.rights
            ]
            return found, {"result_info": _info(found, 1, 50, len(found))}
        matched = re.fullmatch(r"/zones/([0-9a-f]{32})/dns_records(/batch)?", path)
        zone = next((one for one in self.zones.values() if matched and one.id == matched[1]), None)
        if matched is None or zone is None:
            raise Refusal(404, 7003, "Could not route to this path, perhaps your object identifier is invalid?")
        if method == "GET" and not matched[2]:
            self._may("#dns_records:read")
            return self._list(zone, query)
        if method == "POST" and matched[2]:
            self._may("#dns_records:edit")
            return self.batch(zone, body), {}
        raise Refusal(405, 10_000, "Method not allowed for this authentication scheme")

    def _known(self, token: str) -> None:
        if token != f"Bearer {TOKEN}":
            raise Refusal(401, 1000, "Invalid API Token")

    def _may(self, right: str) -> None:
        if right not in self.rights:
            raise Refusal(403, 10_000, "Authentication error")

    def _zone(self, zone: Zone) -> dict[str, Any]:
        told = {
            "id": zone.id,
            "name": zone.name,
            "status": "active",
            "paused": False,
            "type": "full",
            "development_mode": 0,
            "name_servers": ["ada.ns.cloudflare.com", "bob.ns.cloudflare.com"],
            "original_name_servers": [],
            "original_registrar": None,
            "original_dnshost": None,
            "created_on": "2026-01-01T00:00:00.000000Z",
            "activated_on": "2026-01-01T00:00:00.000000Z",
            "modified_on": "2026-01-01T00:00:00.000000Z",
            "meta": {"step": 4, "custom_certificate_quota": 0, "page_rule_quota": 3, "phishing_detected": False},
            "owner": {"id": None, "type": "user", "email": None},
            "account": {"id": "2" * 32, "name": "Good"},
            "permissions": list(self.rights),
            "plan": {"id": "3" * 32, "name": zone.plan, "legacy_id": zone.plan, "price": 0, "currency": "USD"},
        }
        rules.check_zone(told)
        return told

    def _list(self, zone: Zone, query: dict[str, list[str]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        page, size = int(query.get("page", ["1"])[0]), int(query.get("per_page", ["100"])[0])
        if not 5 <= size <= 5_000_000:
            raise Refusal(400, 6003, "Invalid request headers or parameters")
        with self._lock:
            left, old = self._stale
            if left:
                self._stale = (left - 1, old)
            records = list((old if left else zone.records).values())
        part = records[(page - 1) * size : page * size]
        rules.check_records(part)
        return copy.deepcopy(part), {"result_info": _info(part, page, size, len(records))}

    def batch(self, zone: Zone, body: Any) -> dict[str, list[dict[str, Any]]]:
        """All of it, or nothing of it."""
        if not isinstance(body, dict) or set(body) - set(rules.ORDER):
            raise Refusal(400, 9207, "Request body is invalid.")
        count = sum(len(items) for items in body.values())
        if count > (200 if zone.plan == "free" else 3_500):
            raise Refusal(400, 9401, "Too many changes in one batch.")
        for kind in rules.ORDER:
            for item in body.get(kind, ()):
                rules.check_item(kind, item)
        with self._lock:
            before = copy.deepcopy(zone.records)
            try:
                done = {kind: [self._do(zone, kind, item) for item in body.get(kind, ())] for kind in rules.ORDER}
            except Refusal:
                zone.records = before
                raise
            self.faults += self.after_write
            self.after_write = []
        for items in done.values():
            rules.check_records(items)
        return copy.deepcopy(done)

    def _do(self, zone: Zone, kind: str, item: dict[str, Any]) -> dict[str, Any]:
        if kind == "posts":
            return self._create(zone, item)
        old = zone.records.get(item["id"])
        if old is None:
            raise Refusal(404, 81_044, "Record does not exist.")
        if (old.get("meta") or {}).get("read_only"):
            raise Refusal(400, 1043, "This record is read only.")
        if kind == "deletes":
            return zone.records.pop(item["id"])
        base = {k: v for k, v in old.items() if kind == "patches" or k in ("id", "created_on", "meta")}
        if kind == "patches" and "settings" in item:
            item = {**item, "settings": {**(old.get("settings") or {}), **item["settings"]}}
        return self._put(zone, {**base, **item})

    def _create(self, zone: Zone, given: dict[str, Any]) -> dict[str, Any]:
        self._made += 1
        return self._put(zone, {"created_on": _now(), "meta": {}, **given, "id": f"{self._made:032x}"})

    def _put(self, zone: Zone, given: dict[str, Any]) -> dict[str, Any]:
        new = rules.kept(given, self._zone(zone))
        rules.refuse_twins(new, [one for id, one in zone.records.items() if id != new["id"]])
        shaped = {"comment": None, "tags": [], "settings": {}, **new, "modified_on": _now()}
        shaped["comment"] = shaped["comment"] or None
        shaped["settings"] = {key: value for key, value in shaped["settings"].items() if value}
        zone.records[new["id"]] = shaped
        return shaped

    # ---- faults ----

    def fault_for(self, method: str, path: str) -> Fault | None:
        with self._lock:
            for fault in self.faults:
                if fault.method == method and fault.path in path:
                    fault.times -= 1
                    if fault.times <= 0 or fault.kind == "stale":
                        self.faults.remove(fault)
                    return fault
        return None

    def spoiled(self, fault: Fault | None, body: Any) -> Any:
        """The body of a batch as a server with a fault would take it."""
        if fault is None or not isinstance(body, dict):
            return body
        body = copy.deepcopy(body)
        if fault.kind == "stale":
            zone = next(iter(self.zones.values()))
            self._stale = (fault.times + 1, copy.deepcopy(zone.records))
        last: list[Any] = next((body[kind] for kind in reversed(rules.ORDER) if body.get(kind)), [])
        if fault.kind == "drop" and last:
            last.pop()
        if fault.kind == "alter" and last and "content" in last[-1]:
            last[-1]["content"] = "93.184.215.99" if last[-1]["type"] == "A" else '"altered"'
        return body


def _info(part: list[Any], page: int, size: int, total: int) -> dict[str, int]:
    pages = -(-total // size)
    return {"page": page, "per_page": size, "count": len(part), "total_count": total, "total_pages": pages}


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")


def _handler(fake: Cloudflare) -> Callable[..., BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix(BASE)
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            if parts.path == "/faults":
                fake.faults = [Fault(**one) for one in body or ()]
                return self._say(200, {})
            if parts.path == "/requests":
                return self._say(200, {"requests": fake.requests, "faults": [asdict(one) for one in fake.faults]})
            fake.requests.append((self.command, path))
            fault = fake.fault_for(self.command, path)
            if fault is not None and fault.kind == "status":
                headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
                return self._fail(Refusal(fault.status, fault.code, "Set by a test"), headers)
            if fault is not None and fault.kind == "before":
                fake.closing.wait()
                return None
            try:
                sent = fake.spoiled(fault, body)
                token = self.headers.get("Authorization", "")
                result, more = fake.answer(self.command, path, parse_qs(parts.query), sent, token)
            except Refusal as refusal:
                return self._fail(refusal, {})
            if fault is not None and fault.kind == "hang":
                fake.closing.wait()
            if fault is not None and fault.kind in ("cut", "hang"):
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return None
            if fault is not None and fault.kind == "garbage":
                return self._raw(200, b"<html>", {})
            return self._say(200, {"success": True, "errors": [], "messages": [], "result": result, **more})

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  http.server's names

        def _fail(self, refusal: Refusal, headers: dict[str, str]) -> None:
            said = refusal.message + (f" {self.headers.get('Authorization')}" if fake.echo else "")
            errors = [{"code": refusal.code, "message": said}]
            told = {"success": False, "errors": errors, "messages": [], "result": None}
            self._raw(refusal.status, json.dumps(told).encode(), headers)

        def _say(self, status: int, told: Any) -> None:
            self._raw(status, json.dumps(told).encode(), {})

        def _raw(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """A test's output is its own."""

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--zone", default="good.example")
    given = parser.parse_args()
    with Cloudflare(given.zone, port=given.port) as fake:
        print(fake.api, flush=True)
        fake.closing.wait()


if __name__ == "__main__":
    main()
