"""Looks at this machine: is there room for what is written, and may it be written?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from donate import clock
from donate.operations.causes import Found

#: With less than that a busy day, an export or a backup fills the disk.
ROOM = 1024**3


@dataclass(frozen=True)
class Room:
    """How much room there is where something is written.

    Args:
        name: ``exports`` or ``database``.
        free: Bytes.
        whole: Bytes.
    """

    name: str
    free: int
    whole: int


def look(folders: dict[str, Path]) -> Iterator[Found]:
    """Find what is wrong with the folders that are written into.

    Args:
        folders: By name: ``exports``, and ``database`` where it is a file.
    """
    low = [each for each in rooms(folders) if each.free < ROOM]
    if low:
        least = min(low, key=lambda each: each.free)
        megabytes = least.free // 1024**2
        yield Found(
            "disk_low", clock.real_now(), "/staff/operations#machine", {"megabytes": megabytes, "place": least.name}
        )
    if not os.access(_there(folders["exports"]), os.W_OK | os.X_OK):
        yield Found("exports_folder", clock.real_now(), "/staff/operations#machine")


def rooms(folders: dict[str, Path]) -> list[Room]:
    """Tell how much room there is in each folder."""
    found = []
    for name, folder in folders.items():
        usage = shutil.disk_usage(_there(folder))
        found.append(Room(name, usage.free, usage.total))
    return found


def _there(folder: Path) -> Path:
    """Give the folder, or the nearest one above it that is there: it is made when something is first written."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
