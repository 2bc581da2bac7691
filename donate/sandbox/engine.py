"""The engine: does what falls due, in the order of time, each thing stamped at its own moment."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from donate.sandbox import balance, billing, checkout, debits, disputes, payouts, previews, refunds
from donate.sandbox.errors import ApiError

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

DOES = {
    "expire_session": checkout.expire_due,
    "settle_fee": balance.settle,
    "funds_available": balance.become_available,
    "pay_out": payouts.pay_out,
    "payout_leaves": payouts.leave,
    "payout_arrives": payouts.arrive,
    "renew": billing.renew,
    "finalize_invoice": billing.finalize_due,
    "retry_invoice": billing.retry_due,
    "resume_collection": billing.resume_collection_due,
    "cancel_at": billing.cancel_due,
    "end_refund": refunds.end_due,
    "open_dispute": disputes.open_due,
    "give_up_dispute": disputes.give_up_due,
    "decide_dispute": disputes.decide_due,
    "end_inquiry": disputes.end_inquiry_due,
    "bank_answers": debits.answer_due,
    "upcoming_invoice": previews.announce_due,
    "trial_will_end": previews.trial_will_end_due,
}


class Engine:
    """Run due work and deliveries; one runner at a time."""

    def __init__(self, box: Sandbox) -> None:
        self._box = box
        self._running = threading.RLock()

    def run_until(self, moment: float, *, wait: bool = True) -> bool:
        """Do everything due up to a moment; return False when another thread is already at it."""
        if not self._running.acquire(blocking=wait):
            return False
        try:
            while self._step(moment):
                pass
        finally:
            self._running.release()
        return True

    def advance_to(self, moment: float) -> None:
        """Move the clock forward to a moment, doing on the way what falls due."""
        real = time.time()
        if moment < self._box.clock.exact() - 1:
            raise ApiError("The clock moves forward only; reset takes a moment in the past.", param="to")
        with self._running:
            self.run_until(moment)
            if abs(moment - real) < 2:
                # Back to the present: the seconds that the work itself took are not an offset.
                self._box.clock.set_offset(0)
            else:
                self._box.clock.catch_up(moment)
        self.run_until(self._box.clock.exact())

    def _step(self, moment: float) -> bool:
        box = self._box
        with box.store.transaction():
            work = box.store.next_work(moment)
            delivery = box.deliveries.next_due(moment) if box.delivers_itself else None
            if work is not None and (delivery is None or work[1] <= delivery[1]):
                identifier, due, kind, ref = work
                box.clock.catch_up(due)
                box.store.run("DELETE FROM work WHERE id = ?", identifier)
                with box.clock.at(due), box.on_its_own():
                    DOES[kind](box, ref, due)
                return True
        if delivery is None:
            return False
        box.clock.catch_up(delivery[1])
        box.deliveries.send(delivery[0])
        return True
