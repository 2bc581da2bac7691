"""The failure drill: gifts while everything fails, then the books held against Stripe: nothing lost, nothing doubled.

``python -m tests.faults.drill [--database sqlite|postgresql] [--rounds N]`` (``make drill`` runs both).
Long, because it is one score: what is done, in its order, and the verdict over all of it; read apart, neither tells.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import time
import urllib.parse
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from donate.sandbox.deliveries import sign
from tests.make.fields import Fields, fields_of
from tests.make.supervised import Supervised

DAY = 86400
#: Where web, worker and a desk's refund are killed: after the row and before Stripe, after Stripe and before the answer
#: is read, after the answer and before the commit, after the commit and before what follows, round a letter.
WEB_DOOMS = (
    "before_stripe:1",
    "after_stripe:1",
    "before_commit:1",
    "before_commit:2",
    "after_commit:1",
    "after_commit:2",
)
WORKER_DOOMS = (
    "after_commit:2", "before_commit:3", "before_mail:1", "after_mail:1", "after_commit:5", "before_commit:4",
    "after_commit:3",
)  # fmt: skip
REFUND_DOOMS = (
    "before_stripe:1", "after_stripe:1", "before_commit:2", "after_commit:1", "after_commit:2", "before_commit:1",
)  # fmt: skip
_OPENING = {"method": "POST", "path": "/v1/checkout/sessions"}
_GIVING_BACK = {"method": "POST", "path": "/v1/refunds"}
FAULTS: tuple[list[dict[str, Any]], ...] = (
    [{"kind": "http_500", "match": {"path": "/v1/checkout/*"}, "times": 2}],
    [{"kind": "http_429", "match": {"path": "/v1/checkout/*"}, "times": 2}],
    [{"kind": "timeout_before", "match": {"path": "/v1/checkout/sessions"}, "times": 1, "seconds": 1}],
    [{"kind": "drop_webhook", "match": {"type": "*"}, "times": 6}],
    [{"kind": "duplicate_webhook", "match": {"type": "*"}, "times": 12}],
    [{"kind": "reorder_webhook", "match": {"type": "*"}, "times": 12}],
    [{"kind": "delay_webhook", "match": {"type": "*"}, "times": 4, "seconds": 3 * DAY}],
    [{"kind": "http_500", "match": {"path": "/v1/invoices/*"}, "times": 3}],
    [{"kind": "http_500", "match": {"path": "/v1/charges/*"}, "times": 3}],
    # A failure that Stripe keeps under the key, with and without an effect; the key in use; an answer that is lost.
    [{"kind": "http_500_kept", "match": _OPENING, "times": 1}],
    [{"kind": "http_500_after", "match": _OPENING, "times": 1}],
    [{"kind": "http_409", "match": _OPENING, "times": 4}],
    [{"kind": "timeout_after", "match": _OPENING, "times": 1, "seconds": 1}],
)
#: The same round a refund, and whether it goes back in the end.
REFUND_FAULTS: tuple[tuple[dict[str, Any], bool], ...] = (
    ({"kind": "http_500_kept", "match": _GIVING_BACK, "times": 1}, False),
    ({"kind": "http_500_after", "match": _GIVING_BACK, "times": 1}, True),
    ({"kind": "http_409", "match": _GIVING_BACK, "times": 4}, True),
    ({"kind": "timeout_after", "match": _GIVING_BACK, "times": 1, "seconds": 1}, True),
)


class Drill:
    """One drill on one database.

    Args:
        place: The processes.
        rounds: How often all is gone through.
        which: Of the kills and faults of one kind; all of them unless told.
        seed: Chooses amounts and frequencies.
    """

    def __init__(self, place: Supervised, rounds: int, *, which: slice = slice(None), seed: int = 1) -> None:
        self.place = place
        self.rounds = rounds
        self.which = which
        self.dice = random.Random(seed)
        self.done: Counter[str] = Counter()
        self.givers = itertools.count(1)
        #: Every gift by itself: the payment page it was paid on, and its cents; and what was to go back of it.
        self.awaited: dict[str, int] = {}
        self.to_go_back: dict[str, int] = {}

    def run(self) -> dict[str, Any]:
        """Go through everything and give the counts."""
        for _ in range(self.rounds):
            for doom in WEB_DOOMS[self.which]:
                self._with_web_doomed(doom)
            for doom in WORKER_DOOMS[self.which]:
                self._with_worker_doomed(doom)
            for faults in FAULTS[self.which]:
                self._with_faults(faults)
            self._with_two_clicks()
            self._with_two_tabs()
            self._with_the_database_gone()
            self._with_fifty_copies()
            self._with_refunds()
            for doom in REFUND_DOOMS[self.which]:
                self._with_refund_doomed(doom)
            for fault, goes_back in REFUND_FAULTS[self.which]:
                self._with_refund_unanswered(fault, goes_back=goes_back)
            self._with_a_dispute()
            self._with_a_card_that_fails_later()
            self._with_payout_import_killed()
        for _ in range(3 if self.which == slice(None) else 1):
            self._pass_days(12)
        return self.verdict()

    # -- what a reader does -------------------------------------------------------------------------------------------

    def _form(self, frequency: str = "once") -> Fields:
        self.place.supervise()
        status, page, _ = self.place.ask(f"{self.place.site}/donate")
        assert status == 200, status
        return {**fields_of(page), "email": f"giver{next(self.givers)}@example.org", "frequency": frequency,
                "amount": "other", "other_amount": str(self.dice.randrange(5, 90)), "first_name": "Amal"}  # fmt: skip

    def _press(self, fields: Fields) -> str:
        """Press the button until it leads somewhere, as a reader does; give the payment page's address."""
        for _ in range(8):
            body = urllib.parse.urlencode(fields).encode()
            status, _, leads = self.place.ask(f"{self.place.site}/donate", body, {"Origin": self.place.site})
            if status == 303:
                return leads
            self.done["pressed again"] += 1
            self.place.supervise()
            time.sleep(0.2)
        raise AssertionError(f"the form led nowhere: {status}")

    def _pay(self, leads: str, fields: Fields, card: str = "pm_card_visa") -> int:
        """Pay on the page, if it is one; give the status that the payment was answered with."""
        session = leads.rpartition("/")[2].partition("?")[0]
        if not session.startswith("cs_"):
            return 0
        status, _, _ = self.place.ask(f"{self.place.box}/_sandbox/checkout/sessions/{session}/complete",
                                      urllib.parse.urlencode({"payment_method": card}).encode())  # fmt: skip
        if status < 400:
            assert session not in self.awaited, f"{session} was paid twice"
            self.awaited[session] = int(fields["other_amount"]) * 100
            self.done["forms paid"] += 1
        return status

    def _reference_of(self, session: str) -> str:
        return next(gift[0] for gift in self.place.counted()["gifts"] if gift[3] == session)

    def _give(self, frequency: str = "once", card: str = "pm_card_visa") -> Fields:
        fields = self._form(frequency)
        self._pay(self._press(fields), fields, card)
        # The donor comes back to the gift's page, and reloads it.
        for _ in range(2):
            self.place.ask(f"{self.place.site}/gifts/{fields['reference']}")
        return fields

    # -- what fails ---------------------------------------------------------------------------------------------------

    def _with_web_doomed(self, point: str) -> None:
        fields = self._form(self.dice.choice(("once", "month")))
        self.place.doom("web", point)
        self.done["faults"] += 1
        self._pay(self._press(fields), fields)
        self.place.ask(f"{self.place.site}/gifts/{fields['reference']}")
        self.place.supervise()

    def _with_worker_doomed(self, point: str) -> None:
        # It is the only worker: what it leaves undone, nobody does meanwhile.
        self.place.rest("worker_1", "worker_2")
        self.place.doom("worker_1", point)
        self.done["faults"] += 1
        self._give(self.dice.choice(("once", "month")))
        self._move(20)
        self.place.wait_until_dead("worker_1")
        self.place.wake()

    def _with_faults(self, faults: list[dict[str, Any]]) -> None:
        self.place.faults(*faults)
        self.done["faults"] += sum(int(fault["times"]) for fault in faults)
        self._give(self.dice.choice(("once", "month")))
        self._move(20)
        self.place.faults()

    def _with_two_clicks(self) -> None:
        fields = self._form()
        with ThreadPoolExecutor(4) as fingers:
            led = set(fingers.map(self._press, [fields] * 4))
        assert len(led) == 1, led
        self._pay(led.pop(), fields)
        # And back: the same form once more leads to the gift, and to no second payment.
        assert self._pay(self._press(fields), fields) == 0

    def _with_two_tabs(self) -> None:
        """One form in two tabs, each with a sum of its own: only the page that was opened last can be paid."""
        first = self._form()
        second = {**first, "other_amount": str(int(first["other_amount"]) + 100)}
        left, taken = self._press(first), self._press(second)
        assert left != taken
        assert self._pay(left, first) >= 400
        self._pay(taken, second)
        # Back in the first tab: what was paid is shown, and no page opens beside it.
        body = urllib.parse.urlencode(first).encode()
        _, _, leads = self.place.ask(f"{self.place.site}/donate", body, {"Origin": self.place.site})
        assert self._pay(leads, first) == 0

    def _with_the_database_gone(self) -> None:
        fields = self._form()
        # Stripe lets the press wait, so that the database goes while it is under way.
        self.place.faults({"kind": "timeout_before", "match": _OPENING, "times": 1, "seconds": 2})
        with ThreadPoolExecutor(1) as finger:
            pressed = finger.submit(self._press, fields)
            time.sleep(0.5)
            self.place.restart_database()
            self._pay(pressed.result(), fields)
        self.place.faults()
        self.done["faults"] += 2

    def _with_fifty_copies(self) -> None:
        self._give("month")
        event = self.place.stripe("/v1/events")[0]
        body = json.dumps(event).encode()
        signed = {"Stripe-Signature": sign(self.place.environ["STRIPE_WEBHOOK_SECRET"], body, int(time.time())),
                  "Content-Type": "application/json"}  # fmt: skip
        hook = f"{self.place.site}/webhooks/stripe"
        with ThreadPoolExecutor(16) as posts:
            answers = list(posts.map(lambda _: self.place.ask(hook, body, signed)[0], range(50)))
        assert set(answers) == {200}, Counter(answers)
        self.done["faults"] += 50

    def _with_refunds(self) -> None:
        whole, failing = self._give(), self._give(card="pm_card_refundFail")
        self._settle()
        # Two people at the desk at once.
        with ThreadPoolExecutor(2) as desk:
            said = sorted(done.stdout.strip() for done in desk.map(
                lambda _: self.place.act("refund", whole["reference"]), range(2)))  # fmt: skip
        assert said.count("succeeded") == 1, said
        self._expect_back(whole)
        # A bank that refuses it later: the gift stays.
        self.place.act("refund", failing["reference"])
        self.done["faults"] += 2

    def _with_refund_doomed(self, point: str) -> None:
        fields = self._give()
        self._settle()
        assert self.place.act("refund", fields["reference"], doom=point).returncode == -9, point
        again = self.place.act("refund", fields["reference"]).stdout.strip()
        # Where not even the row was written, nothing was asked; everywhere else nothing is left to give back.
        assert (again == "succeeded") == (point == "before_commit:1"), (point, again)
        self._expect_back(fields)
        self.done["faults"] += 1

    def _with_refund_unanswered(self, fault: dict[str, Any], *, goes_back: bool) -> None:
        fields = self._give()
        self._settle()
        self.place.faults(fault)
        self.place.act("refund", fields["reference"])
        self.place.faults()
        if goes_back:
            self._expect_back(fields)
        self.done["faults"] += int(fault["times"])

    def _expect_back(self, fields: Fields) -> None:
        self.to_go_back[fields["reference"]] = int(fields["other_amount"]) * 100

    def _with_a_dispute(self) -> None:
        for outcome in ("win", "lose"):
            fields = self._give()
            self._settle()
            charge = next(gift[2] for gift in self.place.counted()["gifts"] if gift[0] == fields["reference"])
            _, text, _ = self.place.ask(f"{self.place.box}/_sandbox/charges/{charge}/dispute", b"reason=fraudulent")
            self._move(60)
            self.place.sandbox(f"disputes/{json.loads(text)['id']}/{outcome}")
            self.done["faults"] += 1

    def _with_a_card_that_fails_later(self) -> None:
        self._give("month", card="pm_card_chargeCustomerFail")
        self.done["faults"] += 1

    def _with_payout_import_killed(self) -> None:
        self._give()
        self._settle()
        self.place.rest("worker_1", "worker_2")
        self._move(DAY * 4)
        self.place.doom("worker_1", "in_payout:1")
        self.place.wait_until_dead("worker_1")
        self.place.wake()
        self.done["faults"] += 1
        self._pass_days(1)

    # -- time ---------------------------------------------------------------------------------------------------------

    def _move(self, seconds: float) -> None:
        assert self.place.sandbox("advance", seconds=str(int(seconds))) == 200
        self.place.supervise()

    def _settle(self) -> None:
        self._move(20)
        done = self.place.act("pass_time")
        assert done.returncode == 0, done.stderr

    def _pass_days(self, days: int) -> None:
        # A file for finance is cut short; there is a whole one or none.
        out = self.place.folder / "gifts.csv"
        out.unlink(missing_ok=True)
        assert self.place.act("flask", "export", "donations", "--out", str(out), doom="in_export:1").returncode == -9
        assert not out.exists()
        self.done["faults"] += 1
        self._move(DAY * days)
        self._settle()
        assert self.place.act("flask", "export", "donations", "--out", str(out)).returncode == 0
        assert out.exists()

    def _pass_days_of_stripe(self, days: int) -> None:
        self._move(days * DAY)

    # -- the verdict --------------------------------------------------------------------------------------------------

    def verdict(self) -> dict[str, Any]:
        """Hold our rows against the sandbox, and the database to its invariants; give the counts."""
        self._settle()
        counted = self.place.counted()
        paid = {charge["id"] for charge in self.place.stripe("/v1/charges") if charge["status"] == "succeeded"}
        ours = Counter(gift[2] for gift in counted["gifts"] if gift[1] == "succeeded")
        check, reconcile = self.place.act("flask", "check"), self.place.act("flask", "reconcile")
        entries = dict(counted["entries"])
        made = sum(ours.values())
        return {
            "faults injected": self.done["faults"],
            "processes killed": self.place.killed,
            "forms paid": self.done["forms paid"],
            "pressed again": self.done["pressed again"],
            "events delivered": counted["events"][0][0],
            "gifts made": made,
            "lost": len(paid - ours.keys()),
            "doubled": sum(ours.values()) - len(ours) + len(ours.keys() - paid),
            "not as awaited": self._not_as_awaited(counted["gifts"]),
            "receipts": counted["receipts"][0][0] - made,
            "letters": counted["letters"][0][0] - made,
            "entries of gifts": entries.get("charge", 0) - made,
            "refunds": dict(counted["refunds"]),
            "disputes": dict(counted["disputes"]),
            "payouts": dict(counted["payouts"]),
            "check": check.stdout.strip().splitlines()[-1] if not check.returncode else check.stdout + check.stderr,
            "ledger": reconcile.stdout.strip().splitlines()[-1]
            if not reconcile.returncode
            else reconcile.stdout + reconcile.stderr,
            "sound": check.returncode == reconcile.returncode == 0,
        }

    def _not_as_awaited(self, gifts: list[list[Any]]) -> list[str]:
        """Hold each gift by itself against what was given: its payment page, its sum, its rows, what went back."""
        by_page = {gift[3]: gift for gift in gifts if gift[3]}
        wrong = [f"paid on {page}, and no gift" for page in self.awaited if page not in by_page]
        for page, gift in by_page.items():
            if page in self.awaited and gift[4] != self.awaited[page]:
                wrong.append(f"{gift[0]}: {gift[4]} instead of {self.awaited[page]}")
            if page not in self.awaited and gift[1] == "succeeded":
                wrong.append(f"{gift[0]}: nobody paid on {page}")
        for gift in gifts:
            # Of those that nobody paid on a page, the renewals are there because Stripe has their charge.
            if gift[3] in self.awaited or gift[1] == "succeeded":
                wrong += filter(None, [_told_once(gift)])
            back = self.to_go_back.get(gift[0], 0)
            if (gift[9], gift[10]) != (back, -back):
                wrong.append(f"{gift[0]}: {gift[9]} went back and {gift[10]} is booked, instead of {back}")
        return wrong


def _told_once(gift: list[Any]) -> str:
    """Say what is wrong with the rows of one gift that arrived; nothing where all is right."""
    reference, status, _, _, minor, entries, booked, receipts, letters, *_ = gift
    if status != "succeeded":
        return f"{reference}: {status}"
    if (entries, booked, receipts, letters) != (1, minor, 1, 1):
        return f"{reference} of {minor}: {entries} entries of {booked}, {receipts} receipts, {letters} letters"
    return ""


def is_passed(counts: dict[str, Any]) -> bool:
    """Tell whether nothing was lost, nothing doubled, and the books agree."""
    nothing = ("lost", "doubled", "not as awaited", "receipts", "letters", "entries of gifts")
    return counts["sound"] and not any(counts[name] for name in nothing)


def drill(database: str, rounds: int, folder: Path) -> dict[str, Any]:
    """Run one drill from an empty newsroom to its verdict.

    Args:
        database: ``sqlite`` or ``postgresql``.
        rounds: How often all is gone through.
        folder: For its files.
    """
    place = Supervised(folder, database)
    try:
        place.open()
        return Drill(place, rounds).run()
    finally:
        place.close()


def main() -> int:
    """Run it from a terminal and print the counts."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    words.add_argument("--rounds", type=int, default=6)
    asked = words.parse_args()
    passed = True
    for database in asked.database or ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory(prefix="drill-") as folder:
            counts = drill(database, asked.rounds, Path(folder))
        sys.stdout.write(f"\n{database}\n")
        for name, value in counts.items():
            words_of = {"receipts": "receipts too many", "letters": "letters too many"}.get(name, name)
            sys.stdout.write(f"  {words_of:24} {value}\n")
        passed = passed and is_passed(counts)
    sys.stdout.write("\nThe drill is passed.\n" if passed else "\nThe drill FAILED.\n")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
