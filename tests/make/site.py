"""A small site of someone else's, on this machine: answers what a test puts there, and remembers what was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from donate.reach import connection

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Asked:
    """One request as it came."""

    path: str
    headers: dict[str, str]


@dataclass
class Site:
    """The site: ``pages`` by path with query; a page is an answer, or makes one, or writes to the socket itself."""

    port: int = 0
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], Answer | None]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    #: Names that lead elsewhere than to this machine.
    elsewhere: dict[str, list[str]] = field(default_factory=dict)

    def url(self, path: str, host: str = "harbour.example") -> str:
        """Give a page's address."""
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> str:
        """Put a page there and give its address."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = (200, {"Content-Type": kind, **named}, content)
        return self.url(path)

    def redirect(self, path: str, target: str, status: int = 302) -> str:
        """Put a redirect there and give its address."""
        self.pages[path] = (status, {"Location": target}, b"")
        return self.url(path)

    def resolve(self, host: str, _port: int) -> list[str]:
        """Lead every name to this machine, but those that a test leads elsewhere."""
        return self.elsewhere.get(host, ["127.0.0.1"])


@contextmanager
def open_site() -> Iterator[Site]:
    """Serve a site on a free port, and let articles be read from it."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(Asked(self.path, dict(self.headers)))
            page = site.pages.get(self.path, (404, {}, b"nothing here"))
            answer = page(self) if callable(page) else page
            if answer is None:
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_who: object) -> None:
            # Who breaks off reads no answer.
            pass

    server = Server(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    connection.connect(allow_loopback=True, resolve=site.resolve)
    try:
        yield site
    finally:
        connection.connect()
        server.shutdown()
        server.server_close()
        thread.join()
