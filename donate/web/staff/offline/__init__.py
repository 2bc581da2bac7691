"""The desk of gifts that never pass Stripe: one by one, in batches, corrected where they did not come after all."""

from donate.web.staff.offline import batch_page, batch_pages, gift_form, gift_page, line_pages, overview_page

__all__ = ["batch_page", "batch_pages", "gift_form", "gift_page", "line_pages", "overview_page"]
