"""Stripe's own client, speaking to the sandbox in the same process: no sockets, no waiting."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import stripe

from donate.sandbox.wire import HANG

if TYPE_CHECKING:
    from donate.sandbox.app import Sandbox

IN_PROCESS = "donate.sandbox.in_process"


class Headers(dict[str, str]):
    """Headers whose names ignore case, as stripe's client expects."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        super().__init__((name.lower(), value) for name, value in pairs)

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        """Return a header, or the default."""
        return super().get(name.lower(), default)


class InProcessClient(stripe.HTTPClient):
    """Give this to StripeClient(http_client=…)."""

    name = "sandbox"

    def __init__(self, box: Sandbox) -> None:
        super().__init__()
        self._box = box

    def request(self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None,
                *, _usage: list[str] | None = None) -> tuple[str, int, Mapping[str, str]]:  # fmt: skip
        """Answer one request; a fault that loses the answer raises as a lost connection does."""
        environ = _environ(method, url, headers or {}, post_data)
        said: list[Any] = []

        def start(status: str, pairs: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [int(status.split()[0]), pairs]

        body = b"".join(self._box.wsgi.wsgi_app(environ, start))
        status, pairs = said
        if status == HANG:
            # the class carries no annotations
            raise stripe.APIConnectionError(  # type: ignore[no-untyped-call]
                "The sandbox was told to lose this answer.", should_retry=True
            )
        return body.decode(), status, Headers(pairs)

    def close(self) -> None:
        """Nothing is open."""


def _environ(method: str, url: str, headers: Mapping[str, str], post_data: Any) -> dict[str, Any]:
    parts = urlsplit(url)
    body = post_data if isinstance(post_data, bytes) else (post_data or "").encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.upper(),
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(parts.path),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "12111",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:12111",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        IN_PROCESS: True,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else "HTTP_" + key] = value
    return environ
