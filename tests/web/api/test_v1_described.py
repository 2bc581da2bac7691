"""The read API answers as its description says, whatever is asked: schemathesis asks, and every check of its own looks.

Few examples an address, always the same ones: enough to meet every parameter right and wrong.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.openapi import from_wsgi
from schemathesis.specs.openapi import checks

from donate.connections import tokens
from donate.giving.models import Donation
from donate.limits.take import Limit
from donate.web.api.v1 import views
from tests.make.api import Program

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
    checks.positive_data_acceptance,
    checks.missing_required_header,
    checks.unsupported_method,
    checks.allow_header_conformance,
    checks.ignored_auth,
]
USUAL = settings(
    max_examples=10, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def try_all(app: Flask, program: Program, known: dict[str, Any], mode: GenerationMode, *, only: str = "") -> set[int]:
    """Ask every address with made-up parameters, and objects that are there; give the statuses that were met.

    Args:
        app: Asked in process.
        program: Whose token is sent.
        known: By operation, the id of something that is there.
        mode: Whether what is made up keeps to the description.
        only: One operation; empty is all.
    """
    statuses: set[int] = set()
    schema = from_wsgi("/api/v1/openapi.json", app)
    met = set()
    for found in schema.get_all_operations():
        operation = found.ok()
        name = operation.definition.raw["operationId"]
        if only not in ("", name):
            continue
        met.add(name)
        options: dict[str, Any] = {"path_parameters": known[name]} if name in known else {}
        for more in ({}, options) if options else ({},):

            @USUAL
            @given(case=operation.as_strategy(generation_mode=mode, **more))
            def ask(case: Case) -> None:
                answer = case.call(headers=program.headers)
                statuses.add(answer.status_code)
                case.validate_response(answer, checks=CHECKS, headers=program.headers)

            ask()
    assert len(met) == (1 if only else 8)
    return statuses


@pytest.fixture
def known(much: list[Donation], program: Callable[..., Program]) -> dict[str, dict[str, str]]:
    """Return something that is there for each kind of object."""
    asks = program()
    return {
        "get_donor": {"reference": asks.ids("/donors")[0]},
        "get_gift": {"reference": much[0].reference},
        "get_recurring": {"reference": asks.ids("/recurring")[0]},
        "get_appeal": {"slug": asks.ids("/appeals")[0]},
    }


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a token ask as often as it likes."""
    monkeypatch.setattr(tokens, "LIMIT", Limit("api_token", 10**6, timedelta(minutes=1)))


def test_what_keeps_to_the_description_is_answered_by_it(
    app: Flask, program: Callable[..., Program], known: dict[str, Any]
) -> None:
    assert try_all(app, program(), known, GenerationMode.POSITIVE) == {200, 404}


def test_what_breaks_the_description_is_refused_by_it(
    app: Flask, program: Callable[..., Program], known: dict[str, Any]
) -> None:
    assert 400 in try_all(app, program(), {}, GenerationMode.NEGATIVE)


def test_a_description_that_is_not_kept_is_noticed(
    app: Flask, program: Callable[..., Program], known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: a member that is promised and not answered."""
    real = views.document

    def broken(site: str) -> dict[str, Any]:
        told = copy.deepcopy(real(site))
        told["components"]["schemas"]["Gift"]["required"].append("colour")
        return told

    monkeypatch.setattr(views, "document", broken)
    with pytest.raises((Failure, FailureGroup, BaseExceptionGroup), match="colour"):
        try_all(app, program(), known, GenerationMode.POSITIVE, only="list_gifts")


def test_an_address_that_forgets_to_ask_for_its_token_is_noticed(
    app: Flask, program: Callable[..., Program], known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A control: everybody is let in."""
    row = program().row
    monkeypatch.setattr("donate.web.bearer.find_working_token", lambda _given: row)
    with pytest.raises((Failure, FailureGroup, BaseExceptionGroup), match=r"[Aa]uth"):
        try_all(app, program(), known, GenerationMode.POSITIVE, only="list_gifts")
