"""What Cloudflare's interface takes and how it keeps it: the schema by the official SDK's types, the rules by the docs.

Every request is validated as the SDK would type it, with nothing that the schema does not know; every answer likewise.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from typing import Any

import dns.exception
import dns.name
import dns.rdata
import dns.rdatatype
from pydantic import TypeAdapter, ValidationError

from tests.fakes.sdk import BatchPatchParam, BatchPutParam, Delete, Post, RecordResponse, TokenVerifyResponse, Zone

_IN: dict[str, TypeAdapter[Any]] = {
    "deletes": TypeAdapter(Delete),
    "patches": TypeAdapter(BatchPatchParam),
    "puts": TypeAdapter(BatchPutParam),
    "posts": TypeAdapter(Post),
}
_RECORD: TypeAdapter[Any] = TypeAdapter(RecordResponse)
_PROXIABLE = ("A", "AAAA", "CNAME")
_HOSTS = ("CNAME", "NS", "PTR", "MX")
_ALONE = ("A", "AAAA", "CNAME")
ORDER = ("deletes", "patches", "puts", "posts")  # "always executed in the following order"


class Refusal(Exception):
    """An error of the interface: its status, its number, its words."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def check_item(kind: str, item: Any) -> None:
    """One entry of a batch against the SDK's type. Raises Refusal, also for a key that the schema does not know."""
    try:
        known = _IN[kind].validate_python(item)
    except ValidationError as error:
        raise Refusal(400, 9207, f"Content of {kind} is not valid: {error.errors()[0]['loc']}") from error
    if known != item:
        raise Refusal(400, 9207, f"{kind} holds what the schema does not know: {sorted(item)}")


def check_records(records: Iterable[Mapping[str, Any]]) -> None:
    """Records that go out must be what the SDK reads."""
    for record in records:
        _RECORD.validate_python(dict(record))


def check_zone(zone: Mapping[str, Any]) -> None:
    Zone.model_validate(dict(zone))


def check_token(answer: Mapping[str, Any]) -> None:
    TokenVerifyResponse.model_validate(dict(answer))


def kept(given: Mapping[str, Any], zone: Mapping[str, Any]) -> dict[str, Any]:
    """A record as Cloudflare keeps it: its name and hosts in lower case, a TXT in quotes, an automatic TTL where it
    stands before the host. Raises Refusal for what it does not take."""
    record = dict(given)
    record["name"] = _name(record["name"], zone["name"])
    type = record["type"]
    record["content"] = _content(type, record)
    proxied = bool(record.get("proxied"))
    if proxied and type not in _PROXIABLE:
        raise Refusal(400, 9004, "This record type cannot be proxied.")
    if proxied and type != "CNAME" and not ipaddress.ip_address(record["content"]).is_global:
        raise Refusal(400, 9003, "Invalid 'proxied' value, must be a boolean")
    least = 30 if zone["plan"]["legacy_id"] == "enterprise" else 60
    if record["ttl"] != 1 and not least <= record["ttl"] <= 86_400:
        raise Refusal(400, 9021, f"Invalid TTL. Must be between {least} and 86400 seconds, or 1 for Automatic.")
    free = zone["plan"]["legacy_id"] == "free"
    if record.get("tags") and free:
        raise Refusal(400, 9300, "DNS record has 1 tags, exceeding the quota of 0.")
    if len(record.get("comment") or "") > (100 if free else 500):
        raise Refusal(400, 9313, "DNS record comment is too long.")
    record["ttl"] = 1 if proxied else int(record["ttl"])
    return {**record, "proxied": proxied, "proxiable": type in _PROXIABLE}


def refuse_twins(record: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> None:
    """No record twice, and no address beside an alias (Cloudflare docs, "Records with the same name")."""
    for other in others:
        if other["name"] != record["name"]:
            continue
        if other["type"] == record["type"] and _same(other) == _same(record):
            if other["proxied"] == record["proxied"] and other["ttl"] == record["ttl"]:
                raise Refusal(400, 81058, "An identical record already exists.")
            raise Refusal(400, 81057, "The record already exists.")
        if record["type"] == "CNAME" and other["type"] in _ALONE:
            raise Refusal(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        if other["type"] == "CNAME" and record["type"] in _ALONE:
            raise Refusal(400, 81054, "A CNAME record with that host already exists.")


def _same(record: Mapping[str, Any]) -> tuple[Any, ...]:
    return record["content"], record.get("priority") if record["type"] in ("MX", "SRV") else None


def _name(text: str, zone: str) -> str:
    try:
        name = dns.name.from_text(text, idna_codec=dns.name.IDNA_2008_UTS_46).to_text(omit_final_dot=True).lower()
    except (dns.exception.DNSException, ValueError) as error:
        raise Refusal(400, 9000, "DNS name is invalid.") from error
    if name != zone and not name.endswith(f".{zone}"):
        raise Refusal(400, 9002, "DNS name must be inside the zone.")
    return name


def _content(type: str, record: dict[str, Any]) -> str:
    """The content that is kept, checked by reading it as zone-file text."""
    data, given = record.get("data") or {}, str(record.get("content", ""))
    if type in ("CAA", "SRV", "DS", "TLSA", "HTTPS", "SVCB") and not data:
        raise Refusal(400, 9101, f"data is a required field for {type}.")
    if type == "CAA":
        given = f'{int(data["flags"])} {data["tag"]} "{data["value"]}"'
    elif type == "SRV":
        record["priority"] = int(data["priority"])
        given = f"{int(data['weight'])} {int(data['port'])} {_host(data['target'])}"
    elif type == "TLSA":
        given = f"{int(data['usage'])} {int(data['selector'])} {int(data['matching_type'])} {data['certificate']}"
    elif type == "DS":
        given = f"{int(data['key_tag'])} {int(data['algorithm'])} {int(data['digest_type'])} {data['digest']}"
    elif type in ("HTTPS", "SVCB"):
        given = f"{int(data['priority'])} {data['target']} {data['value'].strip()}".strip()
    elif type == "TXT" and not given.startswith('"'):
        given = '"' + given.replace("\\", "\\\\").replace('"', '\\"') + '"'
    elif type in _HOSTS:
        given = _host(given)
    try:
        rdata = dns.rdata.from_text("IN", type, _presented(type, given, record))
    except (dns.exception.DNSException, ValueError) as error:
        code = {"A": 9005, "AAAA": 9006, "CNAME": 9007, "MX": 9009}.get(type, 1004)
        raise Refusal(400, code, f"Content for {type} record is invalid.") from error
    return rdata.to_text() if type in ("A", "AAAA", "TXT") else given


def _host(text: str) -> str:
    return "." if text == "." else text.rstrip(".").lower()


def _presented(type: str, content: str, record: Mapping[str, Any]) -> str:
    dotted = f"{content}." if content != "." else content
    if type == "MX":
        return f"{int(record['priority'])} {dotted}"
    if type == "SRV":
        return f"{record['priority']} {dotted}"
    return dotted if type in _HOSTS else content
