"""Just enough of RFC 6265 to walk one redirect loop again the way a browser would: some sites loop without cookies."""

from __future__ import annotations

from launchready_tui import limits


class Jar:
    """The cookies that one flow was given. Kept for that flow alone; nothing of the founder's is ever in it."""

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, str], tuple[str, bool]] = {}

    def take(self, host: str, lines: list[str]) -> None:
        """Read the Set-Cookie values that `host` sent."""
        for line in lines:
            if len(line) > limits.COOKIE_CHARACTERS or len(self._cookies) >= limits.COOKIES:
                continue
            pair, *rest = line.split(";")
            name, mark, value = (part.strip() for part in pair.partition("="))
            if not mark or not name or not (name + value).isascii() or not (name + value).isprintable():
                continue
            attributes = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
            domain = attributes.get("domain", "").lstrip(".").lower()
            wide = "." in domain and (host == domain or host.endswith("." + domain))
            key = (domain if wide else host, name)
            if attributes.get("max-age", "").startswith(("0", "-")):
                self._cookies.pop(key, None)
            else:
                self._cookies[key] = (value, wide)

    def header(self, host: str) -> str:
        """The Cookie header for `host`, "" where there is none."""
        return "; ".join(
            f"{name}={value}"
            for (domain, name), (value, wide) in sorted(self._cookies.items(), key=lambda each: each[0][1])
            if host == domain or (wide and host.endswith("." + domain))
        )
