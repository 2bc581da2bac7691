"""Levels of membership, which gift earns which, and who is a member since when and until when."""
