"""A logo that was handed in: looked at, written anew with nothing but the picture, or refused with what to do."""

from __future__ import annotations

import base64
import re
import struct
import zlib
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from donate.errors import Unreadable
from donate.references import fingerprint

#: Of the file handed in, and of what is kept of it.
MOST_BYTES = 300_000
MOST_WIDTH, MOST_HEIGHT = 2400, 1200
LEAST_HEIGHT = 24
#: Wider than this, it would be a line beside a name; narrower, a line upright.
MOST_RATIO = 12.0

_PNG = b"\x89PNG\r\n\x1a\n"
# What of a PNG makes the picture: https://www.w3.org/TR/png-3/#5Chunk-naming-conventions
_KEPT = (b"PLTE", b"tRNS")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}

_SVG = "http://www.w3.org/2000/svg"
_TAGS = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "title", "desc",
    "defs", "linearGradient", "radialGradient", "stop", "clipPath", "mask", "symbol", "use", "style",
})  # fmt: skip
# What a style may not say: bring something from elsewhere, or hide such a thing behind another way of writing.
_REACHES_OUT = re.compile(r"@|\\|<|expression|javascript:|url\(\s*['\"]?(?!#)", re.IGNORECASE)
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*")


@dataclass(frozen=True)
class Picture:
    """A picture that can be shown.

    Args:
        kind: ``png`` or ``svg``.
        body: Its bytes, written here.
        width: In its own pixels.
        height: Likewise.
    """

    kind: str
    body: bytes
    width: int
    height: int

    @property
    def mark(self) -> str:
        """Tell it from others, by its bytes."""
        return fingerprint(self.kind, base64.b64encode(self.body).decode())[:16]


def read_picture(given: bytes) -> Picture:
    """Read a PNG or SVG and write it anew: no words about who made it, nothing that runs, nothing from elsewhere.

    Args:
        given: The file's bytes.

    Raises:
        Unreadable: ``picture_too_heavy`` (most, in kilobytes), ``picture_unknown``, ``picture_broken``,
            ``picture_interlaced``, ``picture_too_large`` (width, height), ``picture_too_small`` (height),
            ``picture_too_long`` or ``picture_without_size``.
    """
    if len(given) > MOST_BYTES:
        raise Unreadable("picture_too_heavy", key="look.logo", most=MOST_BYTES // 1000)
    if given.startswith(_PNG):
        picture = _read_png(given)
    elif b"<svg" in given[:4000]:
        picture = _read_svg(given)
    else:
        raise Unreadable("picture_unknown", key="look.logo")
    if picture.width > MOST_WIDTH or picture.height > MOST_HEIGHT:
        raise Unreadable("picture_too_large", key="look.logo", width=MOST_WIDTH, height=MOST_HEIGHT)
    if picture.kind == "png" and picture.height < LEAST_HEIGHT:
        raise Unreadable("picture_too_small", key="look.logo", height=LEAST_HEIGHT)
    if not 1 / MOST_RATIO <= picture.width / picture.height <= MOST_RATIO:
        raise Unreadable("picture_too_long", key="look.logo")
    return picture


def _read_png(given: bytes) -> Picture:
    chunks = _chunks(given)
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise Unreadable("picture_broken", key="look.logo")
    head = chunks[0][1]
    width, height, depth, colours, _method, _filters, interlaced = struct.unpack(">IIBBBBB", head)
    if depth not in _DEPTHS.get(colours, ()) or not width or not height:
        raise Unreadable("picture_broken", key="look.logo")
    if interlaced:
        raise Unreadable("picture_interlaced", key="look.logo")
    if width > MOST_WIDTH or height > MOST_HEIGHT:
        raise Unreadable("picture_too_large", key="look.logo", width=MOST_WIDTH, height=MOST_HEIGHT)
    line = (width * depth * _CHANNELS[colours] + 7) // 8 + 1
    rows = _unpack(b"".join(body for kind, body in chunks if kind == b"IDAT"), line * height)
    if any(rows[at * line] > 4 for at in range(height)):
        raise Unreadable("picture_broken", key="look.logo")
    kept = [(kind, body) for kind, body in chunks if kind in _KEPT]
    written = [(b"IHDR", head), *kept, (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return Picture("png", _PNG + b"".join(map(_chunk, written)), width, height)


def _chunks(given: bytes) -> list[tuple[bytes, bytes]]:
    """Read a PNG's parts up to its end; whatever follows the end is no part of the picture."""
    found: list[tuple[bytes, bytes]] = []
    at = len(_PNG)
    while at + 12 <= len(given):
        (length,) = struct.unpack(">I", given[at : at + 4])
        kind, body, after = given[at + 4 : at + 8], given[at + 8 : at + 8 + length], at + 8 + length
        if given[after : after + 4] != struct.pack(">I", zlib.crc32(kind + body)):
            raise Unreadable("picture_broken", key="look.logo")
        if kind == b"IEND":
            return found
        found.append((kind, body))
        at = after + 4
    raise Unreadable("picture_broken", key="look.logo")


def _unpack(packed: bytes, size: int) -> bytes:
    """Unpack the rows, and no more than there can be."""
    opener = zlib.decompressobj()
    try:
        rows = opener.decompress(packed, size + 1)
    except zlib.error as broken:
        raise Unreadable("picture_broken", key="look.logo") from broken
    if len(rows) != size:
        raise Unreadable("picture_broken", key="look.logo")
    return rows


def _chunk(part: tuple[bytes, bytes]) -> bytes:
    kind, body = part
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _read_svg(given: bytes) -> Picture:
    try:
        root = fromstring(given.decode("utf-8-sig"), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, UnicodeDecodeError, ValueError) as broken:
        raise Unreadable("picture_broken", key="look.logo") from broken
    if root.tag != f"{{{_SVG}}}svg":
        raise Unreadable("picture_broken", key="look.logo")
    width, height = _size_of(root)
    _clean(root)
    root.attrib |= {"width": str(width), "height": str(height)}
    if "viewBox" not in root.attrib:
        root.attrib["viewBox"] = f"0 0 {width} {height}"
    register_namespace("", _SVG)
    return Picture("svg", tostring(root, encoding="unicode").encode(), width, height)


def _size_of(root: Element) -> tuple[int, int]:
    box = re.split(r"[\s,]+", root.attrib.get("viewBox", "").strip())
    numbers = [*box[2:4], ""] if len(box) == 4 else [root.attrib.get("width", ""), root.attrib.get("height", "")]
    found = [_LENGTH.fullmatch(each) for each in numbers[:2]]
    if found[0] is None or found[1] is None or float(found[0][1]) <= 0 or float(found[1][1]) <= 0:
        raise Unreadable("picture_without_size", key="look.logo")
    return max(1, round(float(found[0][1]))), max(1, round(float(found[1][1])))


def _clean(element: Element) -> None:
    for name, value in [*element.attrib.items()]:
        if not _may_stay(name, value):
            del element.attrib[name]
    for inner in [*element]:
        name = inner.tag.removeprefix(f"{{{_SVG}}}") if isinstance(inner.tag, str) else ""
        if name not in _TAGS or (name == "style" and _REACHES_OUT.search("".join(inner.itertext()))):
            element.remove(inner)
        else:
            _clean(inner)


def _may_stay(name: str, value: str) -> bool:
    local = name.rpartition("}")[2]
    if local == "href":
        return re.fullmatch(r"#[\w.-]+", value) is not None
    # What another program wrote for itself, and what runs.
    if name != local or local.lower().startswith("on"):
        return False
    return _REACHES_OUT.search(value) is None
