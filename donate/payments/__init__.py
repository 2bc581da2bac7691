"""Everything said to Stripe, in plain values: the only folder that imports its library."""

from donate.payments.gateway import API_VERSION, connect

__all__ = ["API_VERSION", "connect"]
