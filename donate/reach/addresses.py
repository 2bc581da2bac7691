"""Which addresses may be reached: public ones only, each looked at before anything is sent to it."""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from donate.errors import Unreadable

#: Turns a name and a port into addresses, all of them.
Resolver = Callable[[str, int], list[str]]

_PORTS = {80, 443}
# Carry an IPv4 address in their last 32 bits; a gateway may lead from them to our own network.
_CARRYING_V4 = tuple(map(ipaddress.ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "::/96", "::ffff:0:0:0/96")))
_SAFE = "/%:@!$&'()*+,;=~-._"


@dataclass(frozen=True)
class Target:
    """Where one request goes: the name it is for, and the addresses that were found good for it."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        """Whether it is this machine itself."""
        return all(_is_loopback(address) for address in self.addresses)

    @property
    def host_header(self) -> str:
        """The name as the request's own header says it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.scheme == "https" else 80) else f"{host}:{self.port}"


def find_target(url: str, resolve: Resolver, *, allow_loopback: bool = False) -> Target:
    """Look at an address and at what its name leads to.

    Args:
        url: An http or https address.
        resolve: Asked once; what it answers is where the connection goes.
        allow_loopback: Whether this machine itself, at any port, may be reached.

    Raises:
        Unreadable: ``address_bad``, ``address_scheme``, ``address_credentials``, ``address_port``,
            ``address_private``, ``name_unknown``.
    """
    parts, port = _parts(url)
    host = _ascii_host(parts.hostname or "", url)
    found = resolve(host, port)
    if not found:
        raise Unreadable("name_unknown", host=host)
    is_here = all(_is_loopback(address) for address in found)
    if not (allow_loopback and is_here):
        if port not in _PORTS:
            raise Unreadable("address_port", port=port)
        if not all(is_public(address) for address in found):
            raise Unreadable("address_private", host=host)
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE + '?')}" if parts.query else "")
    return Target(url, parts.scheme, host, port, path, tuple(found))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public network, also when it is wrapped in IPv6."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
        if any(ip in network for network in _CARRYING_V4):
            inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if any(each is not None and not is_public(str(each)) for each in inner):
            return False
        if ip.ipv4_mapped is not None:
            return True
        if ip.is_site_local:
            return False
    return ip.is_global and not (
        ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast or ip.is_reserved or ip.is_unspecified
    )


def resolve_name(host: str, port: int) -> list[str]:
    """Ask the system for a name's addresses, five seconds at most; answer nothing where there is none."""
    answer: list[str] = []

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        answer.extend(dict.fromkeys(str(each[4][0]) for each in found))

    # The system's own look-up knows no time limit; a thread left behind ends with the process.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(5)
    return list(answer)


def _parts(url: str) -> tuple[SplitResult, int]:
    # Python's own splitting drops line ends silently; nothing with a blank in it is an address.
    if len(url) > 2000 or re.search(r"[\s\x00-\x1f\x7f\\]", url):
        raise Unreadable("address_bad")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as problem:
        raise Unreadable("address_bad") from problem
    if parts.scheme not in ("http", "https"):
        raise Unreadable("address_scheme")
    if parts.username is not None or parts.password is not None:
        raise Unreadable("address_credentials")
    if not parts.hostname:
        raise Unreadable("address_bad")
    return parts, port or (443 if parts.scheme == "https" else 80)


def _ascii_host(host: str, url: str) -> str:
    try:
        return host if ":" in host else host.encode("idna").decode("ascii")
    except UnicodeError as problem:
        raise Unreadable("address_bad") from problem


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
