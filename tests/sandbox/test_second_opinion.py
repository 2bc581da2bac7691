"""Ask Stripe's OpenAPI document, one release behind, whether the sandbox's objects carry what it requires."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import stripe

from donate.sandbox.app import CardDeclined, Sandbox

Json = dict[str, Any]


@pytest.fixture(scope="module")
def components(reference_dir: Path) -> Json:
    with gzip.open(reference_dir / "stripe" / "spec3.json.gz") as handle:
        schemas: Json = json.load(handle)["components"]["schemas"]
    return schemas


def _without_nullable(node: Any) -> Any:
    """Write OpenAPI 3.0's nullable the way JSON Schema understands it."""
    if isinstance(node, list):
        return [_without_nullable(one) for one in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _without_nullable(value) for key, value in node.items() if key not in ("nullable", "example")}
    return {"anyOf": [plain, {"type": "null"}]} if node.get("nullable") is True else plain


@pytest.fixture(scope="module")
def validator_of(components: Json) -> Callable[[str], Any]:
    names = {
        value["properties"]["object"]["enum"][0]: key
        for key, value in components.items()
        if "enum" in value.get("properties", {}).get("object", {})
        and "x-resourceId" in value
        and not key.startswith("deleted_")
    }
    plain = {"components": {"schemas": _without_nullable(components)}}

    def make(type: str) -> Any:
        return jsonschema_rs.validator_for({**plain, "$ref": f"#/components/schemas/{names[type]}"})

    return make


def test_each_object_carries_what_the_document_requires(
    box: Sandbox, client: stripe.StripeClient, asked: Callable[..., Json], validator_of: Callable[[str], Any]
) -> None:
    box.add_endpoint("http://127.0.0.1:5000/hook")
    for interval in (None, "month"):
        session = client.v1.checkout.sessions.create(asked(interval))
        with pytest.raises(CardDeclined):
            box.complete(session.id, "pm_card_chargeDeclined")
        box.complete(session.id, "pm_card_chargeCustomerFail" if interval else "pm_card_authenticationRequired")
    client.v1.checkout.sessions.create(asked())
    box.advance(seconds=60 * 86400)
    types = [row[0] for row in box.store.run("SELECT DISTINCT type FROM objects")]
    problems: set[str] = set()
    for type in types:
        validator = validator_of(type)
        for obj in box.store.select(type):
            for error in validator.iter_errors(box.present(obj)):
                where = ".".join(str(step) for step in error.instance_path if not isinstance(step, int))
                problems.add(f"{type} {where}: {error.message[:200]}")
    assert len(types) > 10
    assert problems == set()
