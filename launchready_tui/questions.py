"""The questions that no probe can answer. Beside a check stands the id of its question; several may share one."""

from __future__ import annotations

from dataclasses import dataclass

from launchready_tui import limits


@dataclass(frozen=True, slots=True)
class Question:
    """`choices` are (value, label), one is chosen; "unknown" ("I do not know") is added to every question.

    `ticks` are (name, label), any number; `fields` are (name, label), typed text. `days` is how long an answer counts.
    """

    id: str
    text: str
    help: str
    choices: tuple[tuple[str, str], ...]
    ticks: tuple[tuple[str, str], ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    days: int = limits.ANSWER_DAYS
    long: frozenset[str] = frozenset()


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
            "dashboard.speed",
            "Do the pages behind the login open within about a second and a half?",
            "Sign in, open the page your members use most, and count.",
            (("yes", "Yes"), ("no", "No, it takes longer"), ("none", "There is no login")),
        ),
        Question(
            "email.invite",
            "Where does an invite land at Gmail and at Outlook?",
            "Send one to an address of yours at each, and look in the spam folder too.",
            (
                ("inbox", "In both inboxes"),
                ("spam", "In spam or promotions"),
                ("missing", "It never arrived"),
                ("none", "We send no invites"),
            ),
        ),
        Question(
            "email.reset",
            "Does a password reset arrive, and does its link work?",
            "Ask for one at an address of yours at Gmail and at Outlook, and use the link.",
            (
                ("works", "Yes, within two minutes"),
                ("spam", "It lands in spam"),
                ("missing", "It does not arrive or work"),
                ("none", "There is no login"),
            ),
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
