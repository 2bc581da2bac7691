"""Gifts that never pass Stripe: cheques, cash, transfers, stock, grants; one by one and in batches."""
