"""Every number that is ours, in one place, each with where it comes from. Change a bar here and nowhere else."""

from __future__ import annotations

# ---- text and documents ----
TEXT_SHOWN = 600  # characters of outside text in one sentence or line of evidence; ours
EVIDENCE_LINES = 40  # lines of evidence in a finding; ours
DOMAIN_TYPED = 1_000  # characters of what is typed as a domain that we look at; a name has at most 253 (RFC 1035)
DOCUMENT_BYTES = 2_000_000  # a TOML or JSON file of ours: larger is refused before parsing (40 KB keys took 17 s)
JOURNAL_LINE_BYTES = 262_144  # one journal line; longer means damage

# ---- probes: every one ends by its deadline ----
CHECK_SECONDS = 45.0  # one check, queueing behind the rate limit included; ours
DNS_SECONDS = 4.0  # one question to one server, all tries; dig's default is 5 s a try
DNS_TRY_SECONDS = 2.0  # one UDP try
CONNECT_SECONDS = 6.0  # one TCP or TLS opening; browsers give up far later, a founder does not wait
WEB_SECONDS = 10.0  # one request: connect, headers and body together
TLS_SECONDS = 6.0
SMTP_SECONDS = 10.0
RDAP_SECONDS = 10.0
KEYRING_SECONDS = 20.0  # a keyring may ask the user for a password
CANCEL_SECONDS = 1.0  # stop answers within this

# ---- manners towards one host (design: at most 6 at a time, 10 a second, 200 a run) ----
HOST_AT_ONCE = 6
HOST_PER_SECOND = 10.0
HOST_PER_RUN = 200
PRIVATE_HOST_AT_ONCE = 32  # on the founder's own network, where the founder said so
PRIVATE_HOST_PER_SECOND = 1_000.0
PRIVATE_HOST_PER_RUN = 2_000

# ---- bodies ----
BODY_BYTES = 3_000_000  # kept of one body, after decoding; a home page is far smaller
ASSET_BYTES = 3_000_000  # kept of one asset
HEADER_BYTES = 100_000  # of one answer; httpcore's own cap is 100 KiB
REDIRECTS = 10  # Fetch standard allows 20, Internet.nl and curl's advice 10
ASSETS_LOOKED_AT = 30  # scripts, styles and images of a page that we ask for
TLS_CHAIN = 12  # certificates read of a chain
GIT_FILES = 50_000  # files walked in a repository
GIT_SECONDS = 20.0

# ---- bars of the checks ----
DOMAIN_DAYS_SOUND = 60  # days left: pass above (catalogue; Gatus 720 h, Kuma 7/14/21 d)
DOMAIN_DAYS_FAIL = 30
DOMAIN_DAYS_CRITICAL = 14
ACCESS_DAYS = 30  # a sign-in counts this long (catalogue)
ANSWER_DAYS = 90  # other confirmations
ROLLBACK_MINUTES_SOUND = 5
ROLLBACK_MINUTES_FAIL = 15
REDIRECT_HOPS_SOUND = 2
REDIRECT_HOPS_FAIL = 4
CERT_SHARE_SOUND = 1 / 4  # of the lifetime left (Let's Encrypt renews at 1/3)
CERT_SHARE_FAIL = 1 / 8
CERT_HOURS_FAIL = 72
CERT_SHORT_LIVED_DAYS = 10
CERT_SHORT_HOURS_FAIL = 24
HSTS_SOUND = 31_536_000  # one year (Internet.nl, preload list)
HSTS_RAMP = 300  # a ramp starts here
HOME_SECONDS = 3.0
API_SECONDS = 1.0
SMOKE_TRIES = 3
P95_SOUND_MS = 500.0  # roadmap
P95_FAIL_MS = 1_000.0
TTFB_SOUND_MS = 800.0  # web.dev
TTFB_FAIL_MS = 1_800.0
SAMPLES = 62  # 60 kept, the first two dropped
SAMPLES_LEAST = 40  # fewer is "rough"
SAMPLES_PER_SECOND = 6.0  # open-loop schedule
LATENESS_SHARE = 0.05  # of the generator itself; more, and the number is withheld
CACHE_HASHED_SOUND = 31_536_000  # RFC 8246, MDN
CACHE_WARN = 86_400
COMPRESS_FROM = 1_024
COMPRESS_FAIL = 10_240
COMPRESS_GZIP_ONLY = 102_400
HTTP1_ASSETS = 20
IMAGE_SOUND = 204_800
IMAGE_FAIL = 512_000
IMAGE_OLD_FORMAT = 51_200
IMAGE_WIDTH_FAIL = 2_500
SPF_LOOKUPS = 10  # RFC 7208 section 4.6.4
NEXT_ACTIONS = 3
MAP_UNKNOWN_FAIL = 3

# ---- people ----
ASKED_DAYS = 2  # after this long an asked row comes back
SCREEN_FLUSH_SECONDS = 0.05  # rows change 20 times a second at most
SCREEN_COLUMNS = 60  # below this, or below SCREEN_ROWS, the wizard asks for a larger window
SCREEN_ROWS = 18
VAULT_ENTRY_CHARACTERS = 1_200  # Windows Credential Manager holds 2,560 bytes of UTF-16
DNS_TTL = 300  # seconds, for records that we propose
WATCH_SECONDS = 7_200.0  # two hours
WATCH_EVERY_SECONDS = 5.0
