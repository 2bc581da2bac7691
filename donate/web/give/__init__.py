"""The giving door: form, payment, the gift page, appeal pages, the card page of a letter; anyone may give."""

from donate.web.give import appeal_page, card_page, form_page, gift_page, pay_page, receipt_page, remind
from donate.web.give.door import give

__all__ = ["appeal_page", "card_page", "form_page", "gift_page", "give", "pay_page", "receipt_page", "remind"]
