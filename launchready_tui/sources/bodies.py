"""Bodies from outside: unpacked with a cap, and read as text by an allowlist of charsets. Pure.

841 bytes of a hostile body can unpack to a gigabyte, and Python's codecs hold more than charsets; so neither is left to
a library's defaults.
"""

from __future__ import annotations

import re
import zlib

# Labels of the WHATWG encoding standard that sites use, with Python's name for each.
_CHARSETS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
    "iso-8859-2": "iso8859-2",
    "iso-8859-15": "iso8859-15",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1254": "cp1254",
    "windows-1256": "cp1256",
    "koi8-r": "koi8-r",
    "shift_jis": "cp932",
    "euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp",
    "euc-kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
_GZIP = b"\x1f\x8b"
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_IN_TYPE = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_IN_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.I)


def as_text(body: bytes, content_type: str | None) -> str:
    """A body as text: by its byte order mark, its content-type, its <meta charset>; else UTF-8 with stand-ins."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    named = _IN_TYPE.search(content_type or "")
    label = named[1] if named else ""
    if not label:
        meta = _IN_META.search(body[:1024])
        label = meta[1].decode("ascii", "replace") if meta else ""
        label = "utf-8" if label.lower().startswith("utf-16") else label  # a meta that we could read is not UTF-16
    return body.decode(_CHARSETS.get(label.lower(), "utf-8"), "replace")


class BadBody(Exception):
    """The body does not unpack."""


class Unpacker:
    """Takes a body as it crosses the network and keeps at most `cap` bytes of what it unpacks to.

    gzip and deflate are unpacked (RFC 9110 section 8.4.1); of every other encoding only the length is counted and
    `body` stays empty. `cut` tells that there was more, `wire` how much crossed the network.
    """

    def __init__(self, encoding: str, cap: int) -> None:
        self.body = bytearray()
        self.wire = 0
        self.cut = False
        self._cap = cap
        self._encoding = encoding
        self._held = b""
        self._known = encoding in ("", "identity", "gzip", "x-gzip", "deflate")
        self._inflate: zlib._Decompress | None = None
        if encoding in ("gzip", "x-gzip"):
            self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def feed(self, part: bytes) -> bool:
        """Take the next part. False when the cap is reached and no more is wanted. Raises BadBody."""
        self.wire += len(part)
        if not self._known:
            self.cut = self.wire >= self._cap
        elif self._encoding in ("", "identity"):
            self._keep(part)
        else:
            self._unpack(part)
        return not self.cut

    def end(self) -> None:
        """No more comes. A packed body that ends early is cut, not broken: browsers show what there is."""
        if self._inflate is not None and not self._inflate.eof and self.wire:
            self.cut = True

    def _keep(self, part: bytes) -> None:
        room = self._cap - len(self.body)
        self.body += part[:room]
        self.cut = len(part) > room

    def _unpack(self, part: bytes) -> None:
        part, self._held = self._held + part, b""
        if self._inflate is None:  # deflate: with the zlib wrapper, as RFC 9110 says, or bare, as some servers send it
            if len(part) < 2:
                self._held = part
                return
            wrapped = part[0] & 0x0F == 8 and (part[0] << 8 | part[1]) % 31 == 0
            self._inflate = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
        try:
            while part and not self.cut:
                if self._inflate.eof:  # a gzip of several members; what follows anything else is ignored
                    if part == _GZIP[:1]:
                        self._held = part
                    if not part.startswith(_GZIP):
                        return
                    self._inflate = zlib.decompressobj(16 + zlib.MAX_WBITS)
                self._keep(self._inflate.decompress(part, self._cap - len(self.body) + 1))
                part = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
        except zlib.error as error:
            raise BadBody(str(error)) from error
