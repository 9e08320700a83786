"""`launchready ask` kind dkim-verify: every signature of a message against the keys that one resolver knows."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Mapping

from launchready_tui.mail.ask import resolver_of
from launchready_tui.mail.dkim_verify import verify
from launchready_tui.mail.message import BadMessage, read
from launchready_tui.project import Network, Project
from launchready_tui.sources.dns import Answer, Dns
from launchready_tui.sources.gate import Gate


async def dkim_verify(args: Mapping[str, object]) -> dict[str, object]:
    """message_b64, resolver "IP:PORT" -> signatures [{domain, selector, result, reason}], from the top of the message.

    Expiry is judged now. Raises ValueError with a sentence for an argument that is not of its form.
    """
    packed, server = args.get("message_b64"), args.get("resolver")
    if not isinstance(packed, str):
        raise ValueError("“message_b64” must be a text: the message in base64.")
    if not isinstance(server, str):
        raise ValueError("“resolver” must be a text: IP:PORT.")
    try:
        message = read(base64.b64decode(packed, validate=True))
    except binascii.Error:
        raise ValueError("“message_b64” is not base64.") from None
    except BadMessage as error:
        raise ValueError(f"“message_b64”: {error.sentence}") from None
    project = Project("", network=Network(resolvers=(resolver_of(server),), private=True))
    source = Dns(project, Gate(project))

    async def keys(name: str) -> Answer:
        return await source.ask(name, "TXT")

    try:
        found = await verify(message, keys, dt.datetime.now(dt.UTC))
    finally:
        await source.aclose()
    return {
        "signatures": [
            {"domain": one.domain, "selector": one.selector, "result": one.result, "reason": one.reason}
            for one in found
        ]
    }
