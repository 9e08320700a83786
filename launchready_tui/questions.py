"""The questions that no probe can answer. Beside a check stands the id of its question; several may share one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from launchready_tui import limits
from launchready_tui.senders import guides


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are (value, label), one is chosen; "unknown" ("I do not know") is added to every question.

    `ticks` are (name, label), any number; `fields` are (name, label), typed text. `days` is how long an answer counts.
    `options` maps a field to the (value, label) pairs that it takes in place of typed text; "" is always allowed.
    """

    id: str
    text: str
    help: str
    choices: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    days: int = limits.ANSWER_DAYS
    long: frozenset[str] = frozenset()
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


_ACCESS_TICKS = (
    ("change", "I opened the page where it is changed"),
    ("business", "The account is in the business's name"),
    ("second-factor", "A second factor is on"),
    ("recovery", "Recovery codes are stored where the team finds them"),
)


def _access(id: str, text: str, help: str) -> Question:
    return Question(
        id,
        text,
        help,
        (("yes", "Yes, I did it just now"), ("other", "Somebody else holds it"), ("no", "No")),
        _ACCESS_TICKS,
        days=limits.ACCESS_DAYS,
    )


# Where a test mail was found, best first, and what became of the link in it.
ARRIVED = (
    ("inbox", "In the inbox"),
    ("promotions", "In promotions or “Other”"),
    ("spam", "In spam or junk"),
    ("missing", "Not at all"),
)
LINK = (
    ("once", "It worked, and a second time it was refused"),
    ("again", "It worked, and a second time too"),
    ("broken", "It did not work"),
)
INBOXES = (("gmail", "Gmail"), ("outlook", "Outlook"))


def _flow(kind: str, text: str, help: str, absent: str) -> Question:
    """A test mail to two inboxes: where it arrived, after how many seconds, and whether its link works once.

    Fields: gmail, gmail_seconds, outlook, outlook_seconds, link; `gmail`, `outlook` and `link` take options.
    """
    fields: list[tuple[str, str]] = []
    for inbox, name in INBOXES:
        fields += [(inbox, f"At {name} it arrived"), (f"{inbox}_seconds", f"Seconds it took to {name}")]
    return Question(
        f"flow.{kind}",
        text,
        help,
        (("tried", "We tried it just now"), ("none", absent)),
        fields=(*fields, ("link", "The link in it")),
        days=limits.ACCESS_DAYS,
        options={**{inbox: ARRIVED for inbox, _ in INBOXES}, "link": LINK},
    )


def _way_back(kind: str, text: str, help: str, absent: str = "") -> Question:
    """A way back: when, what, where, who, how long."""
    none = (("absent", absent),) if absent else ()
    return Question(
        f"runbook.{kind}",
        text,
        f"{help} Change what is proposed until it is right: a stranger should be able to follow it at night.",
        (("agreed", "Yes, this is what we do"), ("none", "No, there are no steps"), *none),
        fields=(
            ("trigger", "Do it when"),
            ("steps", "Steps, by line"),
            ("where", "Command or page"),
            ("person", "Who does it"),
            ("minutes", "Minutes it takes"),
        ),
        long=frozenset({"steps"}),
    )


QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        _access(
            "access.registrar",
            "Can you sign in where the domain is registered?",
            "Sign in now, and open the page that lists the name servers.",
        ),
        _access(
            "access.dns",
            "Can you sign in where the DNS records are kept?",
            "Sign in now, and open the page that lists the records.",
        ),
        _access(
            "access.hosting",
            "Can you sign in where the site is hosted?",
            "Sign in now, and open the page that starts a deploy or a rollback.",
        ),
        Question(
            "registrar.protection",
            "Is the domain protected against a lapse and a theft?",
            "Look at the domain's page at your registrar and tick what you see there.",
            (("looked", "I looked just now"), ("no", "None of it is on")),
            (
                ("auto-renew", "Auto-renew is on"),
                ("card", "The card on file is valid beyond the renewal"),
                ("second-factor", "A second factor is on"),
            ),
        ),
        Question(
            "host.target",
            "Which records does your web host ask for?",
            "Your host's page for domains shows an address (A) or a name (ALIAS, CNAME) for the domain itself. Type "
            "what stands there. For a host that we know, its name is enough.",
            (
                ("looked", "I looked at the host's page just now"),
                ("own", "It is a server of our own, there is no such page"),
            ),
            fields=(("host", "Name of the host"), ("values", "What it asks for, for the domain itself")),
        ),
        Question(
            "records.unused",
            "Do you still use every service that your DNS records name?",
            "A TXT record with “verification” in it proves to one service that the domain is yours. Think of each.",
            (("all", "Yes, all of them"), ("some", "No, not all")),
            fields=(("unused", "Those that you no longer use"),),
        ),
        Question(
            "rollback.rehearsal",
            "Have you put the last version back, to see that it works?",
            "Deploy the version before this one at your host, open the home page, then go forward again. Time it.",
            (
                ("rehearsed", "Yes, we did it"),
                ("written", "The steps are written down, we have not tried them"),
                ("none", "No, there are no steps"),
            ),
            fields=(("minutes", "Minutes it took"), ("steps", "The command, or the address of the page")),
        ),
        Question(
            "rollback.data",
            "What does putting the last version back leave as it is?",
            "Think of the last release that changed the database, a setting or a timed job. The finding names the "
            "migrations that take something away.",
            (("looked", "I looked at each just now"), ("no", "None of it holds, or we do not know")),
            (
                ("migrations", "The version before works on today's database"),
                ("settings", "We know which settings (environment variables) to put back by hand"),
                ("cron", "We know what becomes of timed jobs (cron)"),
            ),
        ),
        Question(
            "deploy.tried",
            "Has a second person put the product live by the document alone?",
            "Somebody who does not usually do it, with nothing but the document, and a clock beside them.",
            (("tried", "Yes, by the document alone"), ("no", "No, nobody has tried it")),
            fields=(("minutes", "Minutes it took"), ("person", "Who tried it")),
        ),
        Question(
            "backup.restore",
            "Is the database backed up by itself, and was a backup restored to see that it works?",
            "Look at the backups page of your database's host. A restore into a second, empty database counts.",
            (
                ("restored", "Backups run by themselves, and we restored one"),
                ("untried", "Backups run by themselves, none was restored"),
                ("none", "There is no backup, or somebody has to think of it"),
                ("absent", "There is no database of our own"),
            ),
            fields=(("date", "Day of the restore"), ("person", "Who did it"), ("where", "Where the backups are")),
        ),
        _way_back(
            "app",
            "How does the last version of the product come back?",
            "A release has broken sign-in: what is done, step by step?",
        ),
        _way_back(
            "dns",
            "How do the DNS records come back?",
            "A changed record has taken the site or the mail away: what is done?",
        ),
        _way_back(
            "dmarc",
            "How does the DMARC policy come back?",
            "The policy was tightened, and now mail of your own is refused: what is done?",
            "We send no mail from this domain",
        ),
        Question(
            "dns.planned",
            "Will you change DNS records within the next two days?",
            "A move to another host or mail service, say. Then we look whether the old records would stay around.",
            (("yes", "Yes, a change is planned"), ("no", "No")),
            days=2,
        ),
        Question(
            "subs.undeclared",
            "Do you still need the names that nobody listed?",
            "The finding shows them. Open each: what nobody uses is best removed.",
            (
                ("remove", "No, none of them: remove them"),
                ("keep", "Yes, all of them"),
                ("some", "Some of them"),
            ),
            fields=(("keep", "If some: the names you keep, with commas (the others go)"),),
        ),
        Question(
            "wildcard.intended",
            "Is it meant that every made-up name under your domain leads to you?",
            "Some products give each customer a name of their own. Without that, a wildcard is mostly a left-over.",
            (("no", "No, it can go"), ("yes", "Yes, the product needs it")),
        ),
        Question(
            "signup.seen",
            "Does the signup page show its form?",
            "Open the signup page while signed out. Its form is drawn by script, so we cannot see it.",
            (
                ("yes", "Yes, I see the form or the sign-up buttons"),
                ("no", "No, it stays empty or shows an error"),
            ),
            days=limits.ACCESS_DAYS,
        ),
        Question(
            "login.seen",
            "Does the login page show its form?",
            "Open the login page while signed out. Its form is drawn by script, so we cannot see it.",
            (
                ("yes", "Yes, I see the form or the sign-in buttons"),
                ("no", "No, it stays empty or shows an error"),
            ),
            days=limits.ACCESS_DAYS,
        ),
        Question(
            "secrets.shared",
            "Has a password or a key ever been put into the code or sent in a chat or a mail?",
            "Think of API keys, database passwords, the .env file. One message to one helper counts.",
            (("no", "No, never"), ("replaced", "Yes, and each was replaced since"), ("yes", "Yes")),
        ),
        Question(
            "logs.redaction",
            "Does any line of the log hold a password, a key or a person's address?",
            "The finding lists the log calls that might. Open each, and look once at the real log of a sign-in.",
            (
                ("clean", "I looked at each: none of them writes one"),
                ("found", "Yes, some of them do"),
            ),
        ),
        Question(
            "secrets.injected",
            "How do keys and passwords get to where the product runs?",
            "Think of the last key you added: where did you type it in?",
            (
                ("host", "Into the host's settings, or a secret store"),
                ("hand", "Somebody copies a file with them to the server"),
                ("none", "The product needs none"),
            ),
        ),
        Question(
            "deploy.live",
            "Does production run with live values?",
            "Open your host's page for environment variables and choose production. Look for keys that begin with "
            "sk_test_ or pk_test_, for localhost, for addresses of a preview, and for DEBUG.",
            (
                ("live", "I looked: all of them are for production"),
                ("test", "Some are still those of a test"),
                ("none", "There are none there"),
            ),
        ),
        Question(
            "env.required",
            "Does production have every setting that the code needs?",
            "Open your host's page for environment variables, choose production, and go through the names that the "
            "finding lists.",
            (
                ("all", "Yes, I compared each name"),
                ("empty", "Yes, but some are empty"),
                ("missing", "No, some are missing"),
                ("none", "The product needs none"),
            ),
            fields=(("names", "Which are empty or missing"),),
        ),
        Question(
            "env.separated",
            "Do tests and previews have a database and keys of their own?",
            "Compare the database's address, the sign-in secret and the payment key of production with those of "
            "previews and of your laptops.",
            (
                ("differ", "Yes, I compared them: each differs"),
                ("shared", "No, some are the same"),
                ("single", "There is only production"),
            ),
        ),
        Question(
            "live.commit",
            "Which version of the code is live right now?",
            "Your host's page of deployments shows the commit that is live. Compare it with the newest one of your "
            "main branch.",
            (
                ("head", "The newest of the main branch, or a tagged one"),
                ("behind", "One that is a few commits behind"),
                ("other", "Something that is not in the repository"),
            ),
            days=limits.ACCESS_DAYS,
        ),
        Question(
            "deploy.source",
            "How did the last five releases go live?",
            "By itself means: a push, a merge or CI did it. By hand means: somebody ran a command or uploaded files.",
            (
                ("ci", "All of them by themselves"),
                ("few", "One or two by hand"),
                ("hand", "Three or more by hand"),
                ("first", "There was none before this launch"),
            ),
        ),
        Question(
            "rollback.target",
            "Is there an earlier release that can be put live again?",
            "Look at your host's list of deployments: the one before the live one must be finished and offer to be "
            "rolled back to, promoted or restored.",
            (
                ("recent", "Yes, and it is less than 30 days old"),
                ("old", "Yes, but it is older"),
                ("none", "No, there is none"),
            ),
            days=limits.ACCESS_DAYS,
        ),
        Question(
            "google.referrer",
            "Does the Google key in your pages work from your own site only?",
            "In Google Cloud: APIs & Services > Credentials > the key > Application restrictions. Websites is chosen "
            "there, "
            "and your own addresses are listed.",
            (("limited", "Yes, I see my site in its list"), ("no", "No, or it says None")),
        ),
        Question(
            "login.limits",
            "Does something stop a person who tries a thousand passwords?",
            "Look at your sign-in provider or your shield (“rate limits”, “attack protection”).",
            (("yes", "Yes, tries are limited"), ("no", "No, nothing does"), ("none", "There is no login")),
        ),
        Question(
            "deploy.written",
            "Could another engineer put the product live in 10 minutes, from what is written down?",
            "Written down means: in the repository or a document the team has, without asking anyone.",
            (("yes", "Yes, the steps are written down"), ("no", "No, one of us knows how")),
            fields=(("steps", "Where the steps are"),),
        ),
        Question(
            "deploy.settings",
            "What happens to a release that lacks one of its settings (environment variables)?",
            "Think of the last setting you added: what would have happened without it?",
            (("stops", "The release stops, the old one stays live"), ("breaks", "It goes live and breaks")),
        ),
        Question(
            "push.protection",
            "Does your host refuse a push that holds a key?",
            "GitHub: Settings, Advanced Security (or Code security), “Push protection” under Secret Protection. GitLab "
            "(Ultimate): Secure, Security configuration, “Secret push protection”.",
            (("on", "Yes, I see it switched on"), ("off", "No, or we do not have it")),
        ),
        Question(
            "smoke.auto",
            "Who looks whether login and signup still work after a release?",
            "By itself means: a program asks the pages after each deploy, and a failure puts the last version back, or "
            "sends somebody the way to do it.",
            (
                ("auto", "It happens by itself, and a failure leads back"),
                ("hand", "Somebody opens the pages by hand"),
                ("none", "Nobody does"),
            ),
        ),
        Question(
            "callback.listed",
            "Does your sign-in provider list the callback address, and does a sign-in with it work?",
            "Open the provider's console (Google: Credentials, your client, “Authorised redirect URIs”). The address "
            "that the finding names must stand there letter for letter. Then sign in once.",
            (
                ("listed", "Yes, it is listed, and I signed in"),
                ("missing", "No, it is not in the list, or the sign-in fails"),
                ("none", "There is no sign-in with a provider"),
            ),
            fields=(("address", "The callback's address, where we do not know it"),),
        ),
        Question(
            "logs.alert",
            "Does your host alert you by its log: errors, failed sign-ins, far more requests than usual?",
            "Errors: 5xx again and again. Failed sign-ins: 401 and 403 above a number. It goes where you see it.",
            (("on", "Yes, I switched it on, and one test alert arrived"), ("no", "No")),
            fields=(("page", "The address of the page with the alerts"),),
        ),
        Question(
            "dashboard.speed",
            "Do the pages behind the login open within about a second and a half?",
            "Sign in, open the page your members use most, and count.",
            (("yes", "Yes"), ("no", "No, it takes longer"), ("none", "There is no login")),
        ),
        Question(
            "email.senders",
            "Who may send mail as your domain?",
            "Think of your own inboxes, the product (resets, invites, receipts), newsletters, support and invoices.",
            (("listed", "These, and nobody else"), ("none", "Nobody: this domain sends no mail")),
            tuple((one.id, one.name) for one in guides()),
            (("other", "Others: the name that they ask you to include, or an address, by comma"),),
        ),
        Question(
            "email.dkim",
            "Under which selectors do your senders sign?",
            "The selector is the part before “._domainkey” in the DNS record that a sender asked for. In a message it "
            "stands in the line “DKIM-Signature”, behind “s=”.",
            (("named", "These"), ("none", "We signed up for no such thing")),
            fields=(("selectors", "Selectors, by comma"),),
        ),
        Question(
            "email.links",
            "Which other hosts may your mails link to?",
            "Beside your own domain: a shop, a help centre, your pages at Instagram or LinkedIn. What counts clicks "
            "for your sender is better set up under your own domain.",
            (("these", "These"), ("none", "No others: all links should lead to us")),
            fields=(("hosts", "Hosts, by comma"),),
        ),
        Question(
            "email.dmarc",
            "Since when does your DMARC record stand as it does, and do its reports arrive?",
            "The reports are mails with a small file from Google, Microsoft, Yahoo and others, to the address behind "
            "“rua”. The day helps to tell when the next step is due.",
            (("new", "A month, or less"), ("longer", "Longer than a month")),
            (
                ("arrives", "The address for reports exists, and a report arrived there"),
                ("sound", "The reports show that all our own mail passes"),
            ),
            (("day", "The day, if you know it, as in 2026-11-03"),),
        ),
        _flow(
            "reset",
            "Does a password reset arrive at Gmail and at Outlook, and does its link work?",
            "Ask for one at an address of yours at each, look in every folder, and use the link twice.",
            "There is no login, or no password to reset",
        ),
        _flow(
            "invite",
            "Does an invite arrive at Gmail and at Outlook, and does its link work?",
            "Send one to an address of yours at each, look in every folder, and use the link twice.",
            "We send no invites",
        ),
        Question(
            "bulk.planned",
            "Will you send 5,000 mails a day or more to Gmail, Yahoo or Outlook addresses?",
            "Count everything from this domain, newsletters and notices too. Above that, these inboxes have rules of "
            "their own. Their view of you is at postmaster.google.com, under “Spam rate”.",
            (("no", "No, fewer"), ("yes", "Yes, or soon")),
            (("one-click", "Our newsletters carry the button “Unsubscribe” beside the sender"),),
            (("spam", "The spam rate at Gmail"),),
            options={
                "spam": (
                    ("low", "Below 0.1 %"),
                    ("middle", "0.1 % to 0.3 %"),
                    ("high", "0.3 % or more"),
                )
            },
        ),
        Question(
            "alerts.people",
            "When the site is down, who tells you first?",
            "An alert counts when it reaches two people, or one person in two ways, within minutes.",
            (
                ("alert", "An alert, on mail and one more channel"),
                ("one", "An alert, on one channel"),
                ("users", "Our members do"),
            ),
            fields=(("page", "The address of the dashboard"),),
        ),
        Question(
            "health.known",
            "Could anybody on the team tell within a minute whether the product works?",
            "That takes the addresses to open and what should be seen there, written down.",
            (("yes", "Yes, it is written down"), ("no", "No")),
        ),
    )
}
