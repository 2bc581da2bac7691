"""Search by Stripe's query language: each operator, the pages, and what can't be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import stripe

from donate.sandbox.app import Sandbox

Asked = Callable[..., dict[str, Any]]
Begin = Callable[..., str]


@pytest.fixture
def people(box: Sandbox, client: stripe.StripeClient) -> dict[str, str]:
    """Return the names of four customers by their ids, made a minute apart."""
    names = {}
    for name, email, metadata in (
        ("Ada", "ada@example.org", {"donate_ref": "R1", "level": "gold"}),
        ("Ben", "ben@example.org", {"donate_ref": "R2"}),
        ("Cleo O'Hara", "cleo@newsroom.example", {"level": "gold"}),
        ("Dana", "", {}),
    ):
        params: Any = {"name": name, "metadata": metadata} | ({"email": email} if email else {})
        names[client.v1.customers.create(params).id] = name.split()[0]
        box.advance(seconds=60)
    return names


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email:'ada@example.org'", "Ada"),
        ('email:"ADA@example.org"', "Ada"),
        ("email~'example.org'", "Ben Ada"),
        ("-email~'example.org'", "Dana Cleo"),
        ("metadata['donate_ref']:'R1'", "Ada"),
        ("metadata['donate_ref']:'R1' OR metadata[\"donate_ref\"]:\"R2\"", "Ben Ada"),
        ("metadata['level']:'gold' AND email~'newsroom'", "Cleo"),
        ("metadata['level']:'gold' -name:'Ada'", "Cleo"),
        ("-metadata['level']:null", "Cleo Ada"),
        ("email:null", "Dana"),
        (r"name:'Cleo O\'Hara'", "Cleo"),
        ("created>0", "Dana Cleo Ben Ada"),
        ("created<1", ""),
        ("metadata['nothing']:'x'", ""),
    ],
)
def test_customers_are_found_newest_first(
    client: stripe.StripeClient, people: dict[str, str], query: str, found: str
) -> None:
    assert " ".join(people[one.id] for one in client.v1.customers.search({"query": query}).data) == found


def test_a_moment_is_compared_to_the_second(client: stripe.StripeClient, people: dict[str, str]) -> None:
    ben = next(one for one in client.v1.customers.list().data if one.name == "Ben").created
    for query, count in ((f"created>{ben}", 2), (f"created>={ben}", 3), (f"created<{ben}", 1), (f"created<={ben}", 2)):
        assert len(client.v1.customers.search({"query": query}).data) == count


def test_a_search_is_read_page_by_page(client: stripe.StripeClient, people: dict[str, str]) -> None:
    first = client.v1.customers.search({"query": "created>0", "limit": 3})
    assert (len(first.data), first.has_more) == (3, True)
    last = client.v1.customers.search({"query": "created>0", "limit": 3, "page": first.next_page})
    assert (len(last.data), last.has_more, last.next_page) == (1, False, None)
    walked = [one.id for one in client.v1.customers.search({"query": "created>0", "limit": 1}).auto_paging_iter()]
    assert walked == [one.id for one in client.v1.customers.list().data]
    with pytest.raises(stripe.InvalidRequestError, match="Invalid page"):
        client.v1.customers.search({"query": "created>0", "page": "nothing"})


def test_every_resource_is_searched_by_its_own_fields(
    box: Sandbox, client: stripe.StripeClient, asked: Asked, begin: Begin
) -> None:
    identifier = begin(asked("month", subscription_data={"metadata": {"donate_ref": "r"}}))
    customer = str(client.v1.subscriptions.retrieve(identifier).customer)
    v1 = client.v1
    intents = v1.payment_intents.search({"query": f"status:'succeeded' AND customer:'{customer}' AND amount>=2500"})
    assert [one.amount for one in intents.data] == [2500]
    charges: Any = {"query": "currency:'usd' AND payment_method_details.card.last4:'4242' AND refunded:'false'",
                    "expand": ["data.customer"]}  # fmt: skip
    assert v1.charges.search(charges).to_dict()["data"][0]["customer"]["id"] == customer
    assert [one.id for one in v1.subscriptions.search({"query": "metadata['donate_ref']:'r'"}).data] == [identifier]
    assert v1.subscriptions.search({"query": "status:'canceled'"}).data == []
    invoices = v1.invoices.search({"query": f"subscription:'{identifier}' AND total:2500 AND -status:'draft'"})
    assert [one.status for one in invoices.data] == ["paid"]
    assert [one.id for one in v1.products.search({"query": "name~'general' AND active:'true'"}).data] == [
        "donate_general"
    ]
    assert len(v1.prices.search({"query": "type:'recurring' AND currency:'usd' AND active:'false'"}).data) == 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (" ", "unable to parse"),
        ("email", "unable to parse"),
        ("email:'ada", "unable to parse"),
        ("(email:'a')", "unable to parse"),
        ("email:'a' AND", "unable to parse"),
        ("metadata:'a'", "unable to parse"),
        ("email['a']:'b'", "unable to parse"),
        ("colour:'red'", "unsupported search field for resource `customers`"),
        ("email:'a' AND name:'b' OR name:'c'", "can't combine AND and OR"),
        ("created:'soon'", "is numeric"),
        ("created~'123'", "is numeric"),
        ("email>'a'", "can't be compared"),
        ("email~'ad'", "3 characters or more"),
        (" ".join(["email:'a'"] * 11), "up to 10 clauses"),
    ],
)
def test_what_cannot_be_read_is_a_400(client: stripe.StripeClient, query: str, words: str) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=words) as caught:
        client.v1.customers.search({"query": query})
    assert (caught.value.http_status, caught.value.param) == (400, "query")


def test_what_was_just_made_is_found_only_after_the_delay_that_is_set(
    box: Sandbox, client: stripe.StripeClient
) -> None:
    box.store.set("search_delay", 60)
    client.v1.customers.create({"email": "ada@example.org"})
    assert client.v1.customers.search({"query": "email:'ada@example.org'"}).data == []
    box.advance(seconds=61)
    assert len(client.v1.customers.search({"query": "email:'ada@example.org'"}).data) == 1
