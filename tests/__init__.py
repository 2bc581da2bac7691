"""The tests: rooms on two databases, doors, the sandbox, journeys in a browser, and the house's own rules."""
