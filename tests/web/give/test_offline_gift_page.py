"""The page of a gift that came by hand: it speaks of no card and no Stripe, values no stock, and says when it went."""

from __future__ import annotations

from flask.testing import FlaskClient

from donate import references
from donate.fulfillment.apply_offline import withdraw_gift
from donate.giving.models import Donation
from tests.make.offline import ByHand
from tests.make.tables import words


def page_of(client: FlaskClient, gift: Donation) -> str:
    answer = client.get(f"/gifts/{gift.reference}?key={references.sign('gift', gift.reference)}")
    assert answer.status_code == 200
    return words(answer.text)


def test_it_says_when_it_came_and_speaks_of_no_card(client: FlaskClient, by_hand: ByHand) -> None:
    page = page_of(client, by_hand.record(minor=12000, email="sami@example.org"))
    assert "Thank you, Sami. Your $120 is here." in page
    assert "Received on" in page
    for said in ("Stripe", "card statement", "Charged", "each month"):
        assert said not in page


def test_stock_is_valued_nowhere(client: FlaskClient, by_hand: ByHand) -> None:
    page = page_of(client, by_hand.record(minor=987600, method="stock", described="40 shares of Example Inc."))
    assert "Thank you. Your gift is here." in page
    assert "9,876" not in page


def test_a_withdrawn_one_says_so(client: FlaskClient, by_hand: ByHand) -> None:
    gift = by_hand.record()
    withdraw_gift(gift.id, "bounced", by_hand.who)
    page = page_of(client, gift)
    assert "This gift did not come to us after all." in page
    assert "given this gift back" not in page
    assert "Banks take five to ten working days" not in page
