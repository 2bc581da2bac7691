"""The demo's own settings: written once to var/demo.env, kept from run to run."""

from __future__ import annotations

import os
import secrets
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from donate.settings import ROOT

VAR = ROOT / "var"
DEMO_ENV = VAR / "demo.env"
WEB_PORT, SANDBOX_PORT = 5000, 12111


class PortTaken(Exception):
    """A port set by hand is in use."""


def is_free(port: int) -> bool:
    """Tell whether nobody listens on a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def choose_port(name: str, default: int, environ: Mapping[str, str], avoid: int | None = None) -> int:
    """Choose a port: the one set by hand, else the default, else the next free one.

    Args:
        name: The variable's name.
        default: Where to begin.
        environ: Where a hand may have set it.
        avoid: A port already given away.

    Raises:
        PortTaken: When the one set by hand is no port or is in use.
    """
    text = environ.get(name, "")
    if text:
        if not text.isdigit() or not 0 < int(text) < 65536:
            raise PortTaken(f"{name} should be a port number from 1 to 65535: it is {text!r}.")
        if not is_free(int(text)):
            raise PortTaken(f"{name}={text} is in use. Choose another, or leave {name} unset.")
        return int(text)
    port = default
    while port == avoid or not is_free(port):
        port += 1
    return port


def read_env(path: Path = DEMO_ENV) -> dict[str, str]:
    """Read the file's names and values; empty where there is none."""
    if not path.is_file():
        return {}
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def write_env(values: Mapping[str, str], path: Path = DEMO_ENV) -> None:
    """Write the file, for its owner's eyes only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write("# The demo's settings; flask commands read them where the environment is silent.\n")
        file.writelines(f"{name}={value}\n" for name, value in values.items())
    part.replace(path)


def prepare() -> dict[str, str]:
    """Choose ports, keep the secrets of the last run, write the file.

    Raises:
        PortTaken: See ``choose_port``.
    """
    kept = read_env()
    web = choose_port("PORT", WEB_PORT, os.environ)
    box = choose_port("SANDBOX_PORT", SANDBOX_PORT, os.environ, avoid=web)
    values = {
        "DATABASE_URL": f"sqlite:///{VAR / 'donate.db'}",
        "SECRET_KEY": kept.get("SECRET_KEY") or secrets.token_hex(32),
        "SITE_URL": f"http://127.0.0.1:{web}",
        "STRIPE_SECRET_KEY": kept.get("STRIPE_SECRET_KEY") or f"sk_test_{secrets.token_hex(16)}",
        "STRIPE_PUBLISHABLE_KEY": kept.get("STRIPE_PUBLISHABLE_KEY") or f"pk_test_{secrets.token_hex(16)}",
        "STRIPE_WEBHOOK_SECRET": kept.get("STRIPE_WEBHOOK_SECRET") or f"whsec_{secrets.token_hex(16)}",
        "STRIPE_API_BASE": f"http://127.0.0.1:{box}",
        "MAIL_URL": f"file:{VAR / 'outbox'}",
    }
    write_env(values)
    return values


def main() -> None:
    """Prepare, or end with the sentence that says what is wrong."""
    try:
        prepare()
    except PortTaken as problem:
        sys.exit(str(problem))
