"""Serve the sandbox on this machine: threads for requests, and one that keeps the clock's promises."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

from werkzeug.serving import WSGIRequestHandler, make_server

from donate.sandbox.admin import is_loopback
from donate.sandbox.app import Sandbox

TICK = 0.5  # real seconds
log = logging.getLogger(__name__)


class Ticker(threading.Thread):
    """Do what falls due each half second, and sooner when an event was just recorded."""

    def __init__(self, box: Sandbox) -> None:
        super().__init__(name="sandbox-ticker", daemon=True)
        self._box = box
        self._over = threading.Event()

    def run(self) -> None:
        """Run until told to stop; one failure must not stop the clock."""
        while not self._over.is_set():
            self._box.wake.wait(TICK)
            self._box.wake.clear()
            if self._over.is_set():
                return
            try:
                self._box.engine.run_until(self._box.clock.exact(), wait=False)
            except Exception:
                log.exception("the sandbox's clock stumbled")
                self._over.wait(TICK)

    def stop(self) -> None:
        """Stop after the work at hand."""
        self._over.set()
        self._box.wake.set()
        self.join(timeout=25)


class QuietHandler(WSGIRequestHandler):
    """Requests are kept by the sandbox itself; a line each would drown the demo's own words."""

    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def serve(port: int, db: str, host: str = "127.0.0.1") -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ValueError: the host is not this machine's own.
    """
    if not is_loopback(host):
        raise ValueError(f"The practice sandbox binds to this machine only, not to {host}.")
    shown = f"[{host}]" if ":" in host else host
    box = Sandbox(db)
    server = make_server(host, port, box.wsgi, threaded=True, request_handler=QuietHandler)
    box.base_url = f"http://{shown}:{server.server_port}"  # known for certain only now: port 0 takes a free one
    ticker = Ticker(box)

    def stop(number: int, frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs
        threading.Thread(target=server.shutdown, daemon=True).start()

    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
    ticker.start()
    try:
        server.serve_forever()
    finally:
        ticker.stop()
        server.server_close()
        box.close()
