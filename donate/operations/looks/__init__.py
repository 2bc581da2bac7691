"""One file a kind of look: each finds what is wrong of its kind, from rows alone, and writes nothing."""
