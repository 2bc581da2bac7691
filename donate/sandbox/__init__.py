"""A stand-in for Stripe's HTTP API on this machine: practice money only, no network, a clock that can be moved."""
