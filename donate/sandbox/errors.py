"""Errors in the shape and words of Stripe's API."""

from __future__ import annotations

from typing import Any

DOCS = "https://docs.stripe.com/error-codes/"


class ApiError(Exception):
    """An answer that is an error; `keep` says that what was written before it stays written."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        keep: bool = False,
        store: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.code = code
        self.param = param
        self.keep = keep
        self.store = store
        self.extra = extra or {}

    def body(self, request_log_url: str) -> dict[str, Any]:
        """Return the JSON that Stripe would answer."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = DOCS + self.code.replace("_", "-")
        if self.param:
            error["param"] = self.param
        error.update(self.extra)
        error["request_log_url"] = request_log_url
        return {"error": error}


class SandboxDefect(AssertionError):
    """The sandbox answered something that is not Stripe's shape: a fault of ours, never of the caller."""


def missing(kind: str, identifier: str, param: str = "id", *, status: int = 404) -> ApiError:
    """Return the error for an id that names nothing."""
    return ApiError(f"No such {kind}: '{identifier}'", status=status, code="resource_missing", param=param)


def required(param: str) -> ApiError:
    """Return the error for a parameter that was left out."""
    return ApiError(f"Missing required param: {param}.", code="parameter_missing", param=param)


def unmodelled(what: str, param: str | None = None) -> ApiError:
    """Return the error for something that Stripe knows and this sandbox doesn't act out yet.

    Accepting it silently would teach the caller that it works.
    """
    return ApiError(f"The practice sandbox does not act out {what}.", code="sandbox_not_modelled", param=param)


def key_in_use(key: str) -> ApiError:
    """Return the error for a key whose first request is still under way."""
    return ApiError(
        "There is currently another in-progress request using this Idempotent Key (that probably means you"
        f" submitted twice, and the other request is still going through): {key}. Please try again later.",
        status=409,
        type="idempotency_error",
        code="idempotency_key_in_use",
    )


class CardDeclined(Exception):
    """A practice card was refused; `error` is the body Stripe would send."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["error"]["message"])
        self.error = error
        self.code: str | None = error["error"].get("code")
        self.decline_code: str | None = error["error"].get("decline_code")
