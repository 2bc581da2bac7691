"""What an invoice's events lead to."""

from __future__ import annotations

from donate.fulfillment.apply_invoice import apply_invoice


def changed(invoice_id: str) -> bool:
    """Apply an invoice that was paid or failed; say whether it is ours."""
    return apply_invoice(invoice_id)
