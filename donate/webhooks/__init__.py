"""Stripe's events: stored once, dispatched by the worker, replayed when asked."""
