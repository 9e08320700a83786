"""Every number that is ours, in one place, each with where it comes from. Change a bar here and nowhere else."""

from __future__ import annotations

# ---- text and documents ----
TEXT_SHOWN = 600  # characters of outside text in one sentence or line of evidence; ours
TEXT_TYPED = 4_000  # characters kept of what a person typed into one field of an answer; ours
EVIDENCE_LINES = 40  # lines of evidence in a finding; ours
PURPOSE_WORDS = 3  # words that say what a record is for; the catalogue's dns.records.purpose
PURPOSE_SHOWN = 300  # characters kept of them; ours
PURPOSE_SHARE_FAIL = 0.5  # of the records: fewer with a purpose fail; the catalogue's dns.records.purpose
PURPOSE_TOLD = 8  # records without a purpose that a finding names one by one; ours
OLD_PATHS = 20  # old addresses that must still lead somewhere, at most: each is asked for in every look; ours
DOMAIN_TYPED = 1_000  # characters of what is typed as a domain that we look at; a name has at most 253 (RFC 1035)
DOCUMENT_BYTES = 2_000_000  # a TOML or JSON file of ours: larger is refused before parsing (40 KB keys took 17 s)
SIGNATURE_BYTES = 4_000  # a signature file: seven short lines
KNOWN_KEYS = 500  # keys of other people that are remembered; ours
FINDINGS_BYTES = 32_000_000  # findings.json: 200 checks with all their evidence; read by a parser of linear time
JOURNAL_LINE_BYTES = 262_144  # one journal line; longer means damage

# ---- probes: every one ends by its deadline ----
CHECK_SECONDS = 45.0  # one check, queueing behind the rate limit included; ours
DNS_SECONDS = 4.0  # one question to one server, all tries; dig's default is 5 s a try
DNS_TRY_SECONDS = 2.0  # one UDP try
DNS_HEDGE_SECONDS = 1.0  # a resolver that is silent this long gets company from the next one; ours
DNS_PAYLOAD = 1_232  # bytes of UDP we say we take (DNS flag day 2020)
DNS_ALIASES = 16  # CNAMEs followed before we call it a loop; BIND's max-query-restarts is 11, unbound's 11
NS_ADDRESSES = 4  # addresses of one name server that we ask, IPv4 first; ours
DNS_SILENT = 3  # a server that answered none of so many questions is not asked more of them in this look; ours
CONNECT_SECONDS = 6.0  # one TCP or TLS opening; browsers give up far later, a founder does not wait
WEB_SECONDS = 10.0  # one request: connect, headers and body together
TLS_SECONDS = 6.0
SMTP_SECONDS = 10.0
SMTP_LINE_BYTES = 2_000  # one line of a reply; RFC 5321 section 4.5.3.1.5 allows 512
SMTP_LINES = 100  # of one reply; a large EHLO answer has 20
RDAP_SECONDS = 10.0  # the bootstrap, and again the look-up with its redirects
RDAP_BYTES = 1_000_000  # one registry answer is a few KB, IANA's bootstrap under 100 KB
RDAP_REDIRECTS = 3
CT_SECONDS = 20.0  # one search in the certificate logs; its own cap beside WEB_SECONDS, address and all
CT_BYTES = 3_000_000  # of its answer: about 6,000 entries; a busy domain has far more, and then we say so
CT_ENTRIES = 10_000  # certificates read of it; ours
CT_NAMES = 2_000  # different names kept of it; ours
CT_LOOKED_AT = 60  # of these looked up, the newest first: a name server answers 10 a second; ours
CT_PARENTS = 10  # names above those found that are asked for a wildcard; ours
DNSSEC_RESOLVERS = 2  # that check signatures and take ours (catalogue)
REACH_SECONDS = 20.0  # finding out what a provider's token may do: three requests at most
PROVIDER_SECONDS = 60.0  # one reading or one writing of a zone at its provider, waits and tries included; ours
PROVIDER_TRY_SECONDS = 15.0  # one request to a provider; octoDNS takes 15 as well
PROVIDER_TRIES = 3  # of a request that only reads, or that was refused for coming too early
PROVIDER_PAUSE_SECONDS = 0.3  # before the second try, where the provider names no time; then twice as long
PROVIDER_WAIT_SECONDS = 30.0  # the longest Retry-After (RFC 9110 section 10.2.3) that we wait for; ours
PROVIDER_STALE_SECONDS = 6.0  # a list that still shows what was before a change is asked for again so long; ours
PROVIDER_BYTES = 32_000_000  # one answer of a provider: 20,000 records with their comments
CLOUDFLARE_TTL = (60, 86_400)  # seconds, least and most (Cloudflare docs, "Time to Live"); automatic beside them
CLOUDFLARE_TTL_ENTERPRISE = 30  # the least on that plan
CLOUDFLARE_BATCH_FREE = 200  # records changed in one batch (Cloudflare docs, "Batch record changes")
CLOUDFLARE_BATCH = 3_500  # on every other plan
CLOUDFLARE_PAGE = 1_000  # records a page: most zones in one answer
CLOUDFLARE_COMMENT = (
    100  # characters of a comment on the free plan (Cloudflare docs, "Record attributes"); 500 on others
)
KEYRING_SECONDS = 20.0  # a keyring may ask the user for a password
VAULT_MEMORY_KIB = (8_192, 65_536, 262_144)  # Argon2id: least read, written (RFC 9106 section 4: 64 MiB), most read
VAULT_ITERATIONS = (1, 3, 10)  # least read, written (RFC 9106 section 4), most read: 256 MiB ten times is about 2 s
VAULT_LANES = (1, 4, 8)  # least read, written (RFC 9106 section 4), most read
VAULT_FILE_BYTES = 4_000_000  # of the encrypted file, whole: 2,000 of the longest entries
VAULT_LOCK_SECONDS = 5.0  # another window writes the encrypted file in under one
VAULT_PASSPHRASE = (12, 1_000)  # characters of a new passphrase, least and most; ours
VAULT_INDEX_BYTES = 2_000_000  # of the list of names; 5,000 of them
PREPARE_SECONDS = 3.0  # a look waits this long for the keyring, then goes on without the owners
READ_AHEAD_SECONDS = 0.005  # after the start of a look, when its first questions are out; ours
CANCEL_SECONDS = 1.0  # stop answers within this

# ---- manners towards one host (design: at most 6 at a time, 10 a second, 200 a run) ----
HOST_AT_ONCE = 6
HOST_PER_SECOND = 10.0
HOST_PER_RUN = 200
PRIVATE_HOST_AT_ONCE = 32  # on the founder's own network, where the founder said so
PRIVATE_HOST_PER_SECOND = 1_000.0
PRIVATE_HOST_PER_RUN = 2_000

# ---- verify: a handover is somebody else's file, so what it makes us ask is bounded ----
VERIFY_SETS = 400  # record sets asked again
VERIFY_RESOLVED = 120  # of these asked at the resolvers, the rest at the zone's own servers: 200 a run each
VERIFY_TTLS = 60  # of these asked for their TTL at a server of the zone
VERIFY_WAYS = 60  # addresses followed
VERIFY_PAGES = 12  # pages looked at
VERIFY_CERTIFICATES = 30  # hosts whose certificate is looked at
VERIFY_HOSTS = 40  # hosts asked over http and https, of all that a file names
VERIFY_PEOPLE = 200  # owners, risks and next actions looked at
VERIFY_SAME_NETWORK = (16, 32)  # prefix of IPv4 and of IPv6 within which a content network's address may move; ours

# ---- bodies ----
BODY_BYTES = 3_000_000  # kept of one body, after decoding; a home page is far smaller
ASSET_BYTES = 3_000_000  # kept of one asset
HEADER_BYTES = 100_000  # of one answer; httpcore's own cap is 100 KiB
REDIRECTS = 10  # Fetch standard allows 20, Internet.nl and curl's advice 10
ASSETS_LOOKED_AT = 30  # scripts, styles and images of a page that we ask for
TLS_CHAIN = 12  # certificates read of a chain
GIT_FILES = 50_000  # files walked in a repository
GIT_SECONDS = 20.0
GIT_BYTES = 16_000_000  # what git may say: 50,000 paths of 320 bytes

# ---- bars of the checks ----
DOMAIN_DAYS_SOUND = 60  # days left: pass above (catalogue; Gatus 720 h, Kuma 7/14/21 d)
DOMAIN_DAYS_FAIL = 30
DOMAIN_DAYS_CRITICAL = 14
ACCESS_DAYS = 30  # a sign-in counts this long (catalogue)
ANSWER_DAYS = 90  # other confirmations
ACCESS_OPEN = 2  # accounts beside the three that matter most that may be open before it fails (catalogue)
RISKS_PLANNED = 6  # risks left for which a next action is proposed; with more, the launch is not at its handover; ours
ROLLBACK_MINUTES_SOUND = 5
ROLLBACK_MINUTES_FAIL = 15
ALIASES_SOUND = 8  # CNAMEs to an address (catalogue; many resolvers stop at 8 to 16)
ENTRY_REDIRECTS = 3  # on the way to login or signup (catalogue)
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
LATENESS_FLOOR_MS = 5.0  # a generator late by less than this never spoils a figure; ours
PRIVATE_SAMPLES_PER_SECOND = 50.0  # on the founder's own network
SAMPLES_UNANSWERED = 0.05  # more of the requests without an answer, and the figure is withheld; ours
SAMPLES_ABORT = 6  # requests in a row without an answer end a measurement: the server has enough to bear; ours
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
SPF_VOIDS = 2  # look-ups that come back empty; RFC 7208 section 4.6.4
SPF_HOSTS = 10  # mail servers of one mx term; RFC 7208 section 4.6.4
SPF_LOOKUPS_SOUND = 8  # leaves room for one more sender; the catalogue's email.spf.limits
SPF_BYTES_WARN = 450  # of one record, with its name about 512 (RFC 7208 section 3.4); the catalogue's email.spf.limits
SPF_BYTES_FAIL = 512
SPF_BYTES_READ = 16_384  # of one record: 30 times what fits one packet; ours
SPF_TERMS_WALKED = 40  # terms of a record's tree that are looked at; four times what any receiver does; ours
SPF_QUESTIONS = 90  # of one walk: less than half of what a look may ask of one resolver; ours
SPF_SECONDS = 20.0  # one evaluation; RFC 7208 section 4.6.4 asks for at least 20
MESSAGE_BYTES = 40_000_000  # of one message file; Gmail takes 25 MB of attachments, which is 36 MB on the way
MESSAGE_HEADER_BYTES = 262_144  # of all header fields together; a much forwarded message has 60 KB
MESSAGE_FIELDS = 1_000  # header fields of a message, and of one of its parts; ours
MESSAGE_FIELD_BYTES = 32_768  # read of one header field; RFC 5322 section 2.1.1 asks for lines of 998
MESSAGE_PARTS = 200  # parts of a message that we walk over, and how deep they may be nested; ours
MESSAGE_DEPTH = 12
MESSAGE_TEXT_BYTES = 200_000  # of its text and HTML parts together that are searched for links; Gmail shows 102 KB
MESSAGE_LINKS = 500  # links taken of one message; ours
MESSAGE_HOPS = 60  # Received lines read; RFC 5321 section 6.3 calls 100 a loop
MESSAGE_SLICE_BYTES = 262_144  # hashed at once, so that a large message never holds the screen
MESSAGES_KEPT = 12  # messages on file for one project: the newest of each kind counts; ours
MESSAGES_AT_ONCE = 2  # of them held in memory side by side while they are judged; ours
DKIM_SIGNATURES = 8  # signatures of one message that are checked (RFC 6376 section 8.4 lets us choose); ours
DKIM_FIELD_BYTES = 8_192  # of one signature; an RSA one of 4,096 bits with many names has 2,000
DKIM_CLOCK_SECONDS = 36_000  # a signature may be this far in the future: clocks differ; dkimpy's own 10 hours
MAIL_KEYS = 5  # key records at one selector that are tried (RFC 6376 section 6.1.2); ours
MAIL_ARC_SETS = 10  # ARC sets of one message that are checked; RFC 8617 section 4.2.1 allows 50
MAIL_DELAY_SOUND = 120  # seconds from Date to the last Received (catalogue, email.eml.content)
MAIL_DELAY_FAIL = 600
MAIL_SKEW_SECONDS = 30  # clocks of two servers may differ by this without a word; ours
MAIL_SECONDS = 40.0  # one message, all its keys and names asked; below CHECK_SECONDS
MX_LOOKED_AT = 5  # mail servers of one domain that we greet; ours
FLOW_SECONDS = 120  # until a reset or an invite is in the inbox (catalogue)
BULK_A_DAY = 5_000  # mails a day from which big inboxes have rules of their own (Google, Yahoo, Microsoft)
MTA_STS_BYTES = 65_536  # of a policy file; RFC 8461 section 3.3 advises 64 KB
MTA_STS_MAX_AGE = 31_557_600  # seconds; RFC 8461 section 3.2
MTA_STS_AGE_ADVISED = 604_800  # a week; RFC 8461 section 3.2 advises weeks or more
BIMI_LOGO_BYTES = 32_768  # of a logo; the BIMI group's SVG guideline advises 32 KB at most
MONITOR_DAYS = 30  # p=none is for watching this long (catalogue)
DMARC_TRY_DAYS = 14  # quarantine in test mode (t=y): two weeks of reports; ours
DMARC_QUARANTINE_DAYS = 30  # at quarantine before reject: a month of reports, as for watching; ours
DKIM_PLACES = 40  # names asked for a key in one look: what messages and senders name; ours
DKIM_RSA_LEAST = 1_024  # bits; receivers must not count a shorter key (RFC 8301 section 3.2)
DKIM_RSA_WANTED = 2_048  # bits (RFC 8301 section 3.2)
DKIM_RSA_SURE = 4_096  # bits; every receiver must take up to here, longer ones are its choice (RFC 8301 section 3.2)
DKIM_RSA_MOST = 16_384  # bits; OpenSSL, which most receivers use, verifies with no longer one
NEXT_ACTIONS = 3
RUNBOOK_STEPS = 3  # of a way back; fewer leave out where to look or how to see that it worked (catalogue)
SECRET_DAYS_SOUND = 180  # since a secret was made or renewed (catalogue, handover.secrets.rotated)
SECRET_DAYS_FAIL = 365
SECRET_DAYS_ROTATE = 90  # proposed until the next renewal; ours
SECRETS_LISTED = 500  # secrets of one product that we take down; ours
ENV_FILES = 8_000  # files of a code folder read for names of variables; ours
ENV_FILE_BYTES = 400_000  # read of one of them; source that people write is far shorter
ENV_SECONDS = 20.0  # reading them all; what is left then is said
LOG_CALLS_FAIL = 5  # log calls with a telling name; more than so many fail (catalogue, audit.logs.redaction)
BUILD_FOLDERS = 12  # folders with a manifest of their own whose lock files are read; ours
PLATFORM_FILES = 600  # files read to recognise what a code folder is; ours
ENV_DEPTH = 24  # folders within folders; ours
MAP_UNKNOWN_FAIL = 3

# ---- many projects ----
PROJECTS_AT_ONCE = 4  # that `check --all` looks at side by side; they share the manners towards one resolver; ours
PACED_HOSTS = 1_000  # hosts whose pace is remembered over many looks; one that rests is forgotten first; ours
DUE_SOON_DAYS = 14  # what runs out within so many days stands at the top of the list; ours
DUES_KEPT = 12  # days on which something runs out, kept for the list of projects; ours
SITTING_GAP_MINUTES = 30  # a pause this long ends a sitting in the work log; ours
LIST_SLICE_SECONDS = 0.02  # the list of projects is read in slices, so that keys are heard in between; ours

# ---- people ----
QUESTION_MINUTES = 2  # to look something up and answer; ours
ASKED_DAYS = 2  # after this long an asked row comes back
SCREEN_FLUSH_SECONDS = 0.05  # rows change 20 times a second at most
SCREEN_COLUMNS = 60  # below this, or below SCREEN_ROWS, the wizard asks for a larger window
SCREEN_ROWS = 18
VAULT_ENTRY_CHARACTERS = 1_200  # Windows Credential Manager holds 2,560 bytes of UTF-16
HOST_SECONDS = 6.0  # to learn whose DNS panel it is; findings wait for it, and go without it after that
CONNECT_BYTES = 20_000  # of a host's Domain Connect settings; real ones are under 1,000
PANEL_ROWS = 40  # rows of a panel shown for one fix
DNS_TTL = 300  # seconds, for records that we propose
ZONE_SETS = 50_000  # record sets of a zone that we take in whole; in a larger one each is asked for alone; ours
TTL_UNKNOWN = 3_600  # seconds a resolver may hold an old answer where nobody said for how long; a common default
PROPAGATION_SECONDS = 600  # name servers of one zone that differ for longer are at fault (catalogue)
PROPAGATION_TTL = 3_600  # a longer TTL is in the way of a planned change (catalogue)
WATCH_SECONDS = 7_200.0  # two hours
WATCH_COMMAND_SECONDS = 30.0  # a command watches this long, then says how to look again
WATCH_FIRST_SECONDS = 0.5  # the first look again; then twice as long each time, up to
WATCH_EVERY_SECONDS = 5.0

# ---- web and TLS: how far a probe goes ----
FALLBACK_SECONDS = 0.3  # before the next address of a host is tried beside the first; RFC 8305 says 250 ms
DIAL_ADDRESSES = 6  # addresses of one host that we try
PREVIEWS = 6  # addresses that a platform gave to the site, of all its names together; ours
VERIFICATIONS = 40  # proofs of ownership among the TXT records that we name; ours
RUN_BODY_BYTES = 60_000_000  # kept of all bodies of a run together; later bodies are cut
READ_BYTES = 16_384  # read at once, so that parsing a hostile answer never holds the screen
URL_CHARACTERS = 8_192  # longer is no address that a server takes (RFC 9110 section 4.1 asks for 8,000)
COOKIES = 20  # kept while one redirect loop is tried again with cookies
COOKIE_CHARACTERS = 4_096  # RFC 6265 section 6.1
TLS_PATH_STEPS = 200  # tried while a path to a root is looked for; a real chain takes a handful
HTML_THINGS = 5_000  # links, scripts, images, … of one kind that we read from a page
HTML_TEXT = 20_000  # characters of visible text that we keep of a page
HTML_SCRIPT = 1_000_000  # characters of inline scripts that are searched for addresses
SHELL_TEXT = 80  # a page with scripts, no form and less visible text than this is drawn by script; ours
HTML_CHARACTERS = 1_500_000  # of a page that are parsed; a heavy home page has a third of that
HTML_ATTRIBUTES = 500  # of one tag; the parser's work grows with the square of them
HTML_DEPTH = 600  # of open elements; browsers stop at 512
CSS_BLOCKS = 100_000  # braces of one style sheet that are looked at

# Secrets in a code folder and its history. Design.md caps the history at 200 MB; the others are ours.
SECRETS_BYTES = 200_000_000
SECRETS_FILES = 50_000
SECRETS_FILE_BYTES = 12_000_000  # of one file; a longer one is read to here, and that is said
SECRETS_SNIFF_BYTES = 8_000  # git itself looks so far for a NUL to tell a binary file
SECRETS_COPY_SECONDS = 120.0  # for the copy of a history, and for one listing of it
SECRETS_SECONDS = 300.0  # for a whole look at tree and history
BUNDLE_SCRIPTS = 30  # scripts of the site itself that are looked through; the catalogue's number
SECRETS_HITS = 2_000  # hits that we keep; more is a dump, and the first say enough

# A clean build, the deploy document, the ways back.
BUILD_SECONDS = 900.0  # a build, its clone and its install together (catalogue, deploy.build.clean)
BUILD_SECONDS_WARN = 600.0  # longer, and it warns (catalogue)
BUILD_WARNINGS = 50  # more lines of warning than so many warn (catalogue)
BUILD_BYTES = 20_000_000  # of output, then it is ended: a long build writes about 1 MB; ours
BUILD_PROCESSES = 400  # programs of one build at once, then it is ended; a parallel build of a large app has 100; ours
BUILD_LINE = 400  # characters kept of one line of its log; ours
BUILD_TAIL = 14  # last lines of the log that are shown and kept; ours
BUILD_COMMAND = 1_000  # characters of one command; ours
BUILD_SHOWN_SECONDS = 0.1  # between two pictures of how it goes; ours
BUILD_TIDY_SECONDS = 30.0  # to take the folder away, before we leave that to the keeper; ours
BUILD_FIX_BYTES = 200_000  # of a file that we offer to take into git; ours
DOCUMENT_MINUTES = 10  # a second person puts the product live by the document (catalogue, deploy.doc.tenminute)
DOCUMENT_STEPS = 5  # of the document (catalogue)
MIGRATIONS_READ = 40  # the newest migrations of a repository that are read; ours

# Workflow files (GitHub Actions, GitLab CI). The longest of large public projects have some 100 KB; ours.
WORKFLOW_BYTES = 300_000
WORKFLOW_FILES = 100
WORKFLOW_JOBS = 300
# Beyond these a file is no workflow that people wrote: refused before anything is built of it; ours.
WORKFLOW_NODES = 30_000
WORKFLOW_DEPTH = 40
WORKFLOW_ALIASES = 40

# What the account at a web host says of releases.
LIVE_BEHIND = 5  # commits that the live version may be behind before it fails (catalogue, deploy.git.live_matches)
RELEASES_LOOKED_AT = 5  # the last production deployments (catalogue, deploy.source.ci)
RELEASES_BY_HAND = 3  # so many of them from one person's computer fail (catalogue)
ROLLBACK_TARGET_DAYS = 30  # an older release to go back to warns (catalogue, deploy.rollback.target)
HOST_VALUES = 60  # values of one project that are asked for one by one (Vercel gives them in no other way); ours
HOST_PAGES = 5  # pages of one list at a host, of a hundred each; ours
HOST_RELEASES = 20  # deployments asked for; ours
HOST_SERVICES = 40  # services of one account whose domains are asked for, to find the one with yours; ours
