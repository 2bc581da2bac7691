"""Reaching addresses that somebody else wrote: looked at first, and connected to only where they were found good."""
