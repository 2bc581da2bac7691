"""Find what is wrong now: every look, the gravest first, without what follows from something that is named."""

from __future__ import annotations

from pathlib import Path

from donate.operations.causes import CAUSES, FOLLOWS_SILENCE, Found
from donate.operations.looks import books, gifts, inbox, machine, mail, stripe, work


def find_problems(folders: dict[str, Path]) -> list[Found]:
    """Look everywhere; writes nothing, and asks nobody outside.

    Args:
        folders: That are written into: see ``looks.machine``.
    """
    looks = (work.look(), stripe.look(), inbox.look(), mail.look(), books.look(), gifts.look(), machine.look(folders))
    found = {each.cause: each for look in looks for each in look}
    if "worker_silent" in found:
        found = {cause: each for cause, each in found.items() if cause not in FOLLOWS_SILENCE}
    return [found[cause] for cause in CAUSES if cause in found]
