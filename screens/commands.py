"""The command palette: everything by name."""

from __future__ import annotations

from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from launchready_tui.model import Stage
from screens._stage import StageScreen
from screens.widgets.rail import NAMES

# (name, what it does, the action, does it need a stage to be shown)
COMMANDS: tuple[tuple[str, str, str, bool], ...] = (
    ("The next step", "To what is best to do next (t)", "app.next_step", True),
    ("Look at everything", "Look at all seven stages (g)", "look_all", True),
    ("Look at this stage", "Look again at the checks of this stage (R)", "look_stage", True),
    ("Look at this row", "Look again at one check (r)", "look_row", True),
    ("Stop looking", "What was found so far stays (s)", "stop", True),
    ("Fix it", "Show the change, then make it (f)", "fix", True),
    ("Undo", "Take the last change here back (u)", "undo", True),
    ("Changes", "Every change that was made, what became of it, take any back (j)", "changes", True),
    ("Connect your DNS host", "With a token: then changes are made for you, after your yes (h)", "connect", True),
    ("Connect your web host", "With a token that reads: what production has, what is live (h)", "connect_web", True),
    ("Answer", "Answer the question of this row (a)", "answer", True),
    ("Copy the value", "The exact value to paste (c)", "copy", True),
    ("Open the page", "The page where it is done (o)", "open", True),
    ("Ask someone", "A ready message to who can do it (e)", "ask", True),
    ("Accept the risk", "By name, with a reason and a last day (k)", "accept", True),
    ("Show the evidence", "What was asked and what came back (v)", "evidence", True),
    ("Filter the rows", "By a word or a status (/)", "filter", True),
    ("Worst first", "Put the rows in order again (w)", "sort_rows", True),
    ("Signals", "What the stage leaves behind, signs that it went wrong (i)", "app.signals", True),
    ("Risk list", "Everything that is open, the worst first (l)", "app.risks", True),
    ("The map", "How a visitor reaches the product (m)", "app.map", True),
    ("Your addresses", "Login, signup, API, subdomains, code folder (d)", "app.addresses", True),
    ("Records", "What each is for, the subdomain plan, the redirects with their proof", "app.records", True),
    ("Messages of yours", "Add one, and see what it proves (M)", "messages", True),
    ("Try a mail out", "A reset and an invite at two inboxes, with a clock (F)", "flow", True),
    ("Who may send", "Add a sender, or take one away (W)", "senders", True),
    ("SPF tree", "What each part of it costs, and whose it is (T)", "lookups", True),
    ("DMARC plan", "From watching to refusing forged mail, with days (P)", "policy", True),
    ("Keys and passwords", "The product's secrets by name and place, and who left (S)", "app.secrets", True),
    ("Keys found", "What the scan of your code and its history found: made new, or no key (K)", "app.keys_found", True),
    ("Automations", "What runs by itself: tests, scans, alerts; switch them on (A)", "app.automations", True),
    ("Tokens", "Every token by name: since when, what it may reach, remove one", "app.tokens", True),
    ("Where names and tokens are kept", "Keyring, encrypted file, or this sitting only", "app.vault", True),
    ("Verify the handover", "What changed since it was written; the receiver signs (y)", "app.verify", True),
    ("Export the handover", "Write the files to hand over (x)", "app.export", True),
    ("Work log", "Who did what and when in this sitting, for the client's invoice (b)", "app.worklog", False),
    ("Home", "Your launches (0)", "app.home", False),
    ("Mask for a shared screen", "Hide mail addresses, account names, IP addresses (F2)", "app.mask", False),
    ("Dark or light", "Change the colours (ctrl+t)", "app.dark", False),
    ("Help and glossary", "Keys and words (?)", "app.help", False),
    ("Leave", "All is saved (ctrl+q)", "app.leave", False),
)


class Everything(Provider):
    """Every action that applies to the screen under the palette."""

    def _commands(self) -> list[tuple[str, str, str]]:
        staged = isinstance(self.screen, StageScreen)
        listed = [(name, what, action) for name, what, action, needs in COMMANDS if staged or not needs]
        listed = [each for each in listed if "." in each[2] or hasattr(self.screen, f"action_{each[2]}")]
        if staged:
            listed += [
                (f"Stage {stage.number}: {NAMES[stage]}", "Go there", f"app.stage('{stage.value}')") for stage in Stage
            ]
        return listed

    async def discover(self) -> Hits:
        for name, what, action in self._commands():
            yield DiscoveryHit(name, partial(self.screen.run_action, action), help=what)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, what, action in self._commands():
            score = max(matcher.match(name), matcher.match(what) * 0.8)
            if score > 0:
                yield Hit(score, matcher.highlight(name), partial(self.screen.run_action, action), help=what)
