"""The operations desk: what is wrong and what to do about it, and failed work asked for again."""

from donate.web.staff.operations import books_page, events_page, jobs_page, overview_page

__all__ = ["books_page", "events_page", "jobs_page", "overview_page"]
