"""The giving door: the form, the gift page, appeal pages; anyone may give."""

from donate.web.give import appeal_page, form_page, gift_page
from donate.web.give.door import give

__all__ = ["appeal_page", "form_page", "gift_page", "give"]
