"""The sandbox in process, held to the letter: a request that Stripe would not understand fails the test."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import stripe

from donate.sandbox.app import Sandbox
from donate.sandbox.inprocess import InProcessClient


class StrictClient(InProcessClient):
    """Notes each request whose parameters Stripe would refuse, also where the application catches the refusal."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__(box)
        self.misunderstood: list[str] = []

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **more: Any) -> Any:
        """Answer one request."""
        body, status, answered = super().request(method, url, headers, post_data, **more)
        assert headers["Stripe-Version"] == stripe.api_version, "every request names the pinned version"
        if status == 400:
            error: Mapping[str, Any] = json.loads(body)["error"]
            if str(error.get("code", "")).startswith("parameter_"):
                self.misunderstood.append(f"{method} {url}: {error.get('message')}")
        return body, status, answered
