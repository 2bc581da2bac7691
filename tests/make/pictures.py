"""Pictures as somebody would hand them in for a logo."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, *, interlaced: int = 0, words: bytes = b"") -> bytes:
    """Make a PNG that is dark blue all over.

    Args:
        width: In pixels.
        height: Likewise.
        interlaced: 1 says that it is, without being so.
        words: What a program wrote into it beside the picture.
    """

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, interlaced)
    rows = zlib.compress((b"\x00" + b"\x11\x44\x88" * width) * height)
    told = chunk(b"tEXt", words) if words else b""
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + told + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
