"""The connections desk: what other programs are told, what they may read, and how both goes."""

from donate.web.staff.connections import delivery_page, hook_form, hook_page, list_page, token_page

__all__ = ["delivery_page", "hook_form", "hook_page", "list_page", "token_page"]
