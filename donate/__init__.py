"""The giving desk of a newsroom: rooms hold what it does with gifts, doors hold who comes in."""
