"""Make the fonts of printed receipts anew: tools/receipt_fonts.py FOLDER, which holds npm packages (docs/receipts.md).

The packages carry variable fonts cut into ranges and packed for browsers; typst wants one whole TrueType file a weight.
Needs fonttools and brotli, which the application does not.
"""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import NamedTuple

from fontTools.merge import Merger, Options
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from receipt_ligatures import open_ligatures

FONTS = Path(__file__).parent.parent / "donate/receipts/fonts"


class Cut(NamedTuple):
    """One file to make: a family at one place of its axes, from the ranges that carry what receipts write."""

    package: str
    axis: str
    ranges: tuple[str, ...]
    family: str
    weight: int
    place: dict[str, float]


_LATIN = ("latin", "latin-ext", "vietnamese")
CUTS = (
    Cut("public-sans", "wght", _LATIN, "Public Sans", 400, {"wght": 400}),
    Cut("public-sans", "wght", _LATIN, "Public Sans", 600, {"wght": 600}),
    Cut("vazirmatn", "wght", ("arabic",), "Vazirmatn", 400, {"wght": 400}),
    Cut("vazirmatn", "wght", ("arabic",), "Vazirmatn", 600, {"wght": 600}),
    Cut("heebo", "wght", ("hebrew",), "Heebo", 400, {"wght": 400}),
    Cut("heebo", "wght", ("hebrew",), "Heebo", 600, {"wght": 600}),
    Cut("newsreader", "opsz", _LATIN, "Newsreader", 500, {"wght": 520, "opsz": 48}),
    Cut("markazi-text", "wght", ("arabic",), "Markazi Text", 500, {"wght": 560}),
    Cut("frank-ruhl-libre", "wght", ("hebrew",), "Frank Ruhl Libre", 500, {"wght": 520}),
)


def main(packages: Path) -> None:
    """Write every file."""
    for cut in CUTS:
        font = _join([_range(packages, cut, name) for name in cut.ranges])
        _call(font, cut.family, cut.weight)
        font.save(FONTS / f"{cut.family.replace(' ', '')}-{cut.weight}.ttf")
    (FONTS / "covers.txt").write_text(_write_ranges(list_covered()), "ascii")


def list_covered() -> list[int]:
    """List the letters that every weight of at least one family has."""
    by_family: dict[str, set[int]] = {}
    for path in sorted(FONTS.glob("*.ttf")):
        has = set(TTFont(path).getBestCmap())
        by_family[path.name.split("-")[0]] = by_family.get(path.name.split("-")[0], has) & has
    # Typst refuses what is private or of no meaning; what only turns text round is heeded elsewhere.
    return sorted(code for code in set().union(*by_family.values()) if unicodedata.category(chr(code))[0] != "C")


def _write_ranges(codes: list[int]) -> str:
    lines: list[list[int]] = []
    for code in codes:
        if lines and lines[-1][1] == code - 1:
            lines[-1][1] = code
        else:
            lines.append([code, code])
    return "".join(f"{first:04x}-{last:04x}\n" if last > first else f"{first:04x}\n" for first, last in lines)


def _range(packages: Path, cut: Cut, name: str) -> TTFont:
    files = packages / "node_modules/@fontsource-variable" / cut.package / "files"
    font = TTFont(files / f"{cut.package}-{name}-{cut.axis}-normal.woff2")
    instantiateVariableFont(font, cut.place, inplace=True, overlap=True)
    font.flavor = None
    for table in ("STAT", "DSIG", "meta", "HVAR", "MVAR", "gasp", "fpgm", "prep", "cvt "):
        if table in font:
            del font[table]
    if name == "arabic":
        open_ligatures(font)
    return font


def _join(fonts: list[TTFont]) -> TTFont:
    if len(fonts) == 1:
        return fonts[0]
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{at}.ttf" for at, _ in enumerate(fonts)]
        for font, path in zip(fonts, paths, strict=True):
            font.save(path)
        return Merger(Options(drop_tables=["STAT"])).merge(paths)


def _call(font: TTFont, family: str, weight: int) -> None:
    """Name a file by its family alone, and its weight where typst looks for it."""
    names = font["name"]
    names.names = [name for name in names.names if name.nameID in (0, 5, 13, 14) and name.platformID == 3]
    postscript = f"{family.replace(' ', '')}-{weight}"
    for at, text in ((1, family), (2, "Regular"), (4, f"{family} {weight}"), (6, postscript)):
        names.setName(text, at, 3, 1, 0x409)
    font["OS/2"].usWeightClass = weight
    font["head"].macStyle = 0
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b100001) | 0b1000000
    font["head"].modified = font["head"].created  # the same packages, the same bytes
    font.recalcTimestamp = False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
