"""Double entry keyed by Stripe's balance transactions: what moved, when, for what; payouts; periods."""
