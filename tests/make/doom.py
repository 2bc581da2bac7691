"""The real processes, each of which can be told where to die: ``DOOM=point:n python -m tests.make.doom web 5000``.

Nothing of the application knows of this: what stands round the named points is wrapped here, before it runs. At the
n-th time a point is passed the process kills itself (SIGKILL), as a power cut would.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import stripe
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from donate.app import create_app
from donate.commands.worker import JOBS, drain
from donate.db import committed, db
from donate.errors import RefundRefused
from donate.fulfillment.refund_gift import refund_gift
from donate.giving.queries import get_donation_by_reference
from donate.giving.refund import left_to_refund
from donate.ledger import payouts
from donate.mail import deliver
from donate.payments.errors import StripeRefused
from donate.queue.work import Worker
from donate.reports import files
from donate.sandbox.serve import QuietHandler

#: Where a process can die.
POINTS = (
    "before_stripe",   # the row stands, Stripe was not asked
    "after_stripe",    # Stripe has done it, nobody read the answer
    "before_commit",   # the answer is known and written, not committed
    "after_commit",    # committed, what follows was not begun
    "before_mail", "after_mail", "in_payout", "in_export",
)  # fmt: skip


def arm(doom: str) -> None:
    """Let this process die at a point; an empty doom changes nothing."""
    if not doom:
        return
    point, _, times = doom.partition(":")
    left = int(times or 1)

    def pass_point(*_given: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if point in ("before_stripe", "after_stripe"):
        client: Any = stripe.RequestsClient
        client.request = _wrapped(client.request, pass_point, point)
    elif point == "before_commit":
        event.listen(Session, "before_commit", pass_point)
    elif point == "after_commit":
        event.listen(Session, "after_commit", pass_point)
    elif point in ("before_mail", "after_mail"):
        deliver._send = _wrapped(deliver._send, pass_point, point)
    elif point == "in_payout":
        payouts._tie = _wrapped(payouts._tie, pass_point, "after")
    elif point == "in_export":
        files.Part.put = _wrapped(files.Part.put, pass_point, "after")  # type: ignore[method-assign]
    else:
        raise SystemExit(f"no such point: {point}")


def _wrapped(act: Callable[..., Any], pass_point: Callable[[], None], point: str) -> Callable[..., Any]:
    def acted(*given: Any, **named: Any) -> Any:
        # Looking at something changes nothing at Stripe: only what is asked of it counts there.
        counts = "post" in given or "stripe" not in point
        if point.startswith("before") and counts:
            pass_point()
        answer = act(*given, **named)
        if point.startswith("after") and counts:
            pass_point()
        return answer

    return acted


def say(words: str) -> None:
    """Tell whoever started this process."""
    sys.stdout.write(words + "\n")


def serve(port: str) -> None:
    """Serve the site with threads, in this one process."""
    server = make_server("127.0.0.1", int(port), create_app(), threaded=True, request_handler=QuietHandler)
    server.serve_forever()


def command(*words: str) -> None:
    """Run a flask command."""
    app = create_app()
    app.cli.main(args=list(words), prog_name="flask")


def refund(reference: str) -> None:
    """Give back all that is left of a gift, as the desk's button does; print how it stands."""
    with create_app().app_context():
        donation = get_donation_by_reference(reference)
        left = left_to_refund(donation)
        try:
            say(refund_gift(donation.id, left, left_seen=left, reason="", asked_by="drill").status)
        except (RefundRefused, StripeRefused) as refused:
            say(refused.message)


def pass_time() -> None:
    """Let pauses and leases run out, run what the schedules ask for, and work until nothing is left."""
    with create_app().app_context():
        for _ in range(3):
            with committed() as session:
                session.execute(sa.text("UPDATE job SET run_at = created_at WHERE state = 'waiting'"))
                session.execute(sa.text("UPDATE job SET lease_until = created_at WHERE state = 'running'"))
            for name in ("catch_up", "sweep"):
                JOBS[name](slot="drill")
            drain(Worker(JOBS))


def count() -> None:
    """Print what is in the rows, as JSON."""
    asked = {
        "gifts": """
            SELECT reference, status, stripe_charge_id, stripe_checkout_session_id, amount_minor,
              (SELECT count(*) FROM ledger_entry WHERE donation_id = donation.id AND entry_type = 'charge'),
              (SELECT coalesce(sum(gross_minor), 0) FROM ledger_entry
                WHERE donation_id = donation.id AND entry_type = 'charge'),
              (SELECT count(*) FROM receipt WHERE donation_id = donation.id AND status = 'issued'),
              (SELECT count(*) FROM mail_message
                WHERE key = 'receipt:' || donation.reference AND sent_at IS NOT NULL),
              (SELECT coalesce(sum(amount_minor), 0) FROM refund
                WHERE donation_id = donation.id AND status = 'succeeded'),
              (SELECT coalesce(sum(gross_minor), 0) FROM ledger_entry
                WHERE donation_id = donation.id AND entry_type IN ('refund', 'refund_failure'))
            FROM donation ORDER BY id
        """,
        "receipts": "SELECT count(*) FROM receipt WHERE kind = 'gift' AND status = 'issued'",
        "letters": "SELECT count(*) FROM mail_message WHERE template = 'receipt' AND sent_at IS NOT NULL",
        "events": "SELECT count(*) FROM stripe_event",
        "entries": "SELECT entry_type, count(*) FROM ledger_entry GROUP BY entry_type ORDER BY entry_type",
        "refunds": "SELECT status, count(*) FROM refund GROUP BY status",
        "disputes": "SELECT status, count(*) FROM dispute GROUP BY status",
        "payouts": "SELECT proof, count(*) FROM payout GROUP BY proof",
    }
    with create_app().app_context():
        rows = {name: [list(row) for row in db.session.execute(sa.text(text))] for name, text in asked.items()}
    say(json.dumps(rows, default=int))  # PostgreSQL sums whole numbers into wide ones


def spoil() -> None:
    """Lose a gift on purpose, to see that somebody sees it."""
    with create_app().app_context(), committed() as session:
        session.execute(
            sa.text(
                "UPDATE donation SET status = 'failed'"
                " WHERE id = (SELECT min(id) FROM donation WHERE status = 'succeeded')"
            )
        )


ACTS: dict[str, Callable[..., None]] = {
    "web": serve, "flask": command, "refund": refund, "pass_time": pass_time, "count": count, "spoil": spoil,
}  # fmt: skip


if __name__ == "__main__":
    arm(os.environ.get("DOOM", ""))
    ACTS[sys.argv[1]](*sys.argv[2:])
