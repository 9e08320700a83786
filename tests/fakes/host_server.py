"""What the fakes of web hosts share: an interface on loopback that only reads, with faults that can be set, whose sound
answers are held against the schema that the host publishes.

    with Vercel() as fake:
        fake.faults.append(Fault("html", "/v10/"))
        …  # {"kind": "vercel", "api": fake.base, …} with the token TOKEN
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema

TOKEN = "made-for-a-host-test-0123456789abcdefghij"
Kind = Literal["status", "hang", "cut", "html", "garbage", "huge", "empty", "changed"]


@dataclass
class Fault:
    """What goes wrong at a request whose path begins with `path`, `times` times (0: for ever). hang: never answer. cut:
    half an answer. changed: an answer of another form."""

    kind: Kind
    path: str = "/"
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 0


class Refusal(Exception):
    def __init__(self, status: int, body: Any = None) -> None:
        super().__init__(status)
        self.status, self.body = status, body if body is not None else {"error": {"message": "no"}}


class HostServer(ABC):
    """`requests` are (method, path) in order. A request that would change something is refused and kept in `writes`."""

    base_path = ""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.requests: list[tuple[str, str]] = []
        self.writes: list[tuple[str, str]] = []
        self.closing, self.asked = threading.Event(), threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True

    @abstractmethod
    def answer(self, path: str, query: dict[str, str], body: Any) -> tuple[Any, dict[str, Any]]:
        """(what it answers, the published schema of that). Raises Refusal."""

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.base_path}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()

    def fault(self, path: str) -> Fault | None:
        for one in self.faults:
            if path.startswith(one.path):
                if one.times:
                    one.times -= 1
                    if not one.times:
                        self.faults.remove(one)
                return one
        return None


def _handler(fake: HostServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _send(self, status: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, **headers}.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _serve(self) -> None:
            split = urlsplit(self.path)
            path = unquote(split.path.removeprefix(fake.base_path))
            fake.requests.append((self.command, path))
            fake.asked.set()
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body: Any = json.loads(raw) if raw else None
            if self.command != "GET" and not (path == "/graphql" and str(body["query"]).startswith("query")):
                fake.writes.append((self.command, path))
                self._send(405, b"{}")
                return
            if (fault := fake.fault(path)) is not None and self._faulty(fault):
                return
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                self._send(401, json.dumps({"error": {"message": f"bad {self.headers.get('Authorization')}"}}).encode())
                return
            try:
                told, schema = fake.answer(path, dict(parse_qsl(split.query)), body)
            except Refusal as refusal:
                self._send(refusal.status, json.dumps(refusal.body).encode())
                return
            jsonschema.validate(told, schema)
            self._send(200, json.dumps(told).encode())

        def _faulty(self, fault: Fault) -> bool:
            match fault.kind:
                case "status":
                    self._send(fault.status, b'{"message": "no"}', **fault.headers)
                case "hang":
                    fake.closing.wait(30)
                case "cut":
                    self.send_response(200)
                    self.send_header("Content-Length", "5000")
                    self.end_headers()
                    self.wfile.write(b'{"a": ')
                    self.close_connection = True
                case "html":
                    self._send(200, b"<!doctype html><title>Sign in</title>", "text/html")
                case "garbage":
                    self._send(200, b"\xff\xfe{")
                case "huge":
                    self._send(200, b"[" + b'"x",' * 1_000_000 + b'"x"]')
                case "empty":
                    self._send(200, b"{}")
                case "changed":
                    self._send(200, b'{"data": {"things": [1, 2]}, "envs": {"a": 1}, "deployments": "many"}')
            return True

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815  http.server's names

        def log_message(self, format: str, *args: Any) -> None:
            """A test's output is its own."""

    return Handler


def thing(required: str = "", **properties: Any) -> dict[str, Any]:
    """A schema of an object; a property is a type's name or a schema."""
    named = {name: {"type": kind} if isinstance(kind, (str, list)) else kind for name, kind in properties.items()}
    return {"type": "object", "required": required.split(), "properties": named}


def many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


def one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}
