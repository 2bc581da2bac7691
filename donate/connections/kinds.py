"""The kinds of things that hooks are told of; a new one is added at the end, and none changes its name."""

from __future__ import annotations

KINDS = (
    "gift.succeeded",
    "gift.refunded",
    "gift.refund_failed",
    "gift.disputed",
    "gift.dispute_closed",
    "recurring.started",
    "recurring.changed",
    "recurring.ended",
    "donor.joined",
    "donor.erased",
)
#: Sent by a press at the desk, to one hook, whatever it listens to.
TEST = "test"
