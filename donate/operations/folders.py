"""Which folders of this machine are written into."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import make_url

from donate.settings import Settings


def written_folders(settings: Settings) -> dict[str, Path]:
    """Give the folders that are written into, by name.

    Args:
        settings: Of this process.
    """
    folders = {"exports": Path(settings.exports_dir)}
    file = make_url(settings.database_url).database if settings.is_sqlite else None
    if file and file != ":memory:":
        folders["database"] = Path(file).parent
    return folders
