"""The settings at the desk: what a newsroom says of itself, one page a part, each change set down."""

from donate.web.staff.settings import overview, part_page, texts_page

__all__ = ["overview", "part_page", "texts_page"]
