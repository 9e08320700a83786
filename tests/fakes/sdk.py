"""The official SDK's types. It wants sniffio, which our sources keep out of httpcore's way: let in for its import."""

from __future__ import annotations

import importlib
import sys

_KEPT_OUT = "sniffio" in sys.modules and sys.modules["sniffio"] is None
if _KEPT_OUT:
    del sys.modules["sniffio"]
importlib.import_module("cloudflare.types.dns")
importlib.import_module("cloudflare.types.zones")
if _KEPT_OUT:
    sys.modules["sniffio"] = None  # type: ignore[assignment]  # as sources/__init__.py has it

from cloudflare.types.dns import RecordResponse  # noqa: E402  behind what makes it possible
from cloudflare.types.dns.batch_patch_param import BatchPatchParam  # noqa: E402
from cloudflare.types.dns.batch_put_param import BatchPutParam  # noqa: E402
from cloudflare.types.dns.record_batch_params import Delete, Post  # noqa: E402
from cloudflare.types.user.token_verify_response import TokenVerifyResponse  # noqa: E402
from cloudflare.types.zones import Zone  # noqa: E402

__all__ = ["BatchPatchParam", "BatchPutParam", "Delete", "Post", "RecordResponse", "TokenVerifyResponse", "Zone"]
