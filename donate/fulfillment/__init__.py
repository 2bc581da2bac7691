"""The one path by which anything from Stripe takes effect."""
