"""The staff's door: the desk, by permission."""

from donate.web.staff import (
    appeal_acts,
    appeal_form,
    appeal_history,
    appeal_links,
    appeal_list,
    appeal_page,
    appeal_test_letter,
    articles,
    calendar_page,
    finance,
    home,
    places_page,
    results_donors,
    results_gifts,
    results_page,
    sign_in_page,
    simulator,
)
from donate.web.staff.door import staff

__all__ = [
    "appeal_acts",
    "appeal_form",
    "appeal_history",
    "appeal_links",
    "appeal_list",
    "appeal_page",
    "appeal_test_letter",
    "articles",
    "calendar_page",
    "finance",
    "home",
    "places_page",
    "results_donors",
    "results_gifts",
    "results_page",
    "sign_in_page",
    "simulator",
    "staff",
]
