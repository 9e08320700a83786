"""The switches at a web host that a finding may ask to change, by name, with what each does."""

from __future__ import annotations

SETTINGS: dict[str, str] = {
    "redirects.canonical": "the one host that every other address of the site redirects to",
    "redirects.path": "whether a redirect keeps the path and the query",
    "https.redirect": "the status with which http is sent to https on the same host",
    "https.hsts": "the Strict-Transport-Security header",
    "headers.security": "the four security headers of every page",
    "mixed.upgrade": "whether pages load their parts over https",
    "cdn.proxy": "whether a content network stands before the server",
    "cache.static": "the Cache-Control header of scripts, styles and fonts",
    "compression.text": "whether text is sent compressed",
    "images.optimise": "whether images are sent small and in a modern format",
    "files.exposed": "whether files that are not part of the site can be fetched",
    "certificate.renew": "a fresh certificate for every host of the site",
    "site.login": "whether the login page answers",
    "mail.links": "the host that the links in the product's mails lead to",
    "mail.signing": "whether the product's mails are signed (DKIM)",
    "site.api": "whether the API's health page answers and looks at its database",
}
