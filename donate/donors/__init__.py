"""A person or organisation that gives: their addresses and their customers at Stripe."""
