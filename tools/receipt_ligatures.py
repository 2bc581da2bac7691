"""Draw lam-alef as two glyphs that meet, and other Arabic ligatures not at all.

A PDF says which letters a glyph stands for; where a glyph stands for several, readers of right-to-left text such as
``pdftotext`` give them back in the wrong order. So the lam takes the ligature's drawing, moved, and the alef an empty
place beside it: to the eye the same, to a search a name.
"""

from __future__ import annotations

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables as ot
from fontTools.ttLib.tables._g_l_y_f import Glyph

_LAMS = ("uniFEDF", "uniFEE0")  # at a word's beginning, and within it
_ALEFS = ("uniFE8E", "uniFE82", "uniFE84", "uniFE88", "uniFB51")  # bare, with madda, hamza above, hamza below, wasla
_OVER_MARKS = 8  # LookupFlag ignoreMarks
_SHARE = 0.45  # of the ligature's width that is the alef's place


def open_ligatures(font: TTFont) -> None:
    """Change the font in place."""
    table = font["GSUB"].table
    pairs = _take_out(font)
    _forget_forms(font, set(pairs.values()))
    lookups = table.LookupList.Lookup
    first = len(lookups)
    drawn = {ligature: _outline(font, ligature) for ligature in pairs.values()}  # before any of them moves
    for ligature, glyph in drawn.items():
        font["glyf"][ligature] = glyph
    for (lam, alef), ligature in pairs.items():
        place = _part(font, ligature)
        lookups += [_single(lam, ligature), _single(alef, place)]
    lookups.append(_lookup(6, [_chain(pair, first + 2 * at) for at, pair in enumerate(pairs)]))
    table.LookupList.LookupCount = len(lookups)
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag == "rlig":
            record.Feature.LookupListIndex.append(len(lookups) - 1)
            record.Feature.LookupCount = len(record.Feature.LookupListIndex)


def _take_out(font: TTFont) -> dict[tuple[str, str], str]:
    """Empty the lookups of ligatures, but for those of marks, and give back lam and alef's."""
    table = font["GSUB"].table
    at = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag in ("rlig", "liga")
        for index in record.Feature.LookupListIndex
    }
    pairs: dict[tuple[str, str], str] = {}
    for index in at:
        for part in table.LookupList.Lookup[index].SubTable:
            part = getattr(part, "ExtSubTable", part)
            for first, found in part.ligatures.items():
                for each in found:
                    if first in _LAMS and len(each.Component) == 1 and each.Component[0] in _ALEFS:
                        pairs[first, each.Component[0]] = each.LigGlyph
            part.ligatures = {}
    return pairs


def _forget_forms(font: TTFont, ligatures: set[str]) -> None:
    """Their own code points are gone: what was typed with them is drawn from its plain letters."""
    for cmap in font["cmap"].tables:
        cmap.cmap = {code: name for code, name in cmap.cmap.items() if name not in ligatures}


def _outline(font: TTFont, name: str) -> Glyph:
    recording, pen = DecomposingRecordingPen(font.getGlyphSet()), TTGlyphPen(None)
    font.getGlyphSet()[name].draw(recording)
    recording.replay(pen)
    return pen.glyph()


def _part(font: TTFont, ligature: str) -> str:
    """Move a ligature's drawing to the left of its place, and make the empty glyph that stands there."""
    width, bearing = font["hmtx"][ligature]
    moved = round(width * _SHARE)
    place = f"{ligature}.alef"
    font.setGlyphOrder([*font.getGlyphOrder(), place])
    font["glyf"][place] = TTGlyphPen(None).glyph()
    font["hmtx"][place] = (moved, 0)
    font["GDEF"].table.GlyphClassDef.classDefs[place] = 2
    glyph = font["glyf"][ligature]
    glyph.coordinates.translate((-moved, 0))
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][ligature] = (width - moved, bearing - moved)
    _share_anchors(font, ligature, place, moved)
    return place


def _share_anchors(font: TTFont, ligature: str, place: str, moved: int) -> None:
    """Let marks of the lam stand where its half of the drawing is, and those of the alef at theirs."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for part in (getattr(each, "ExtSubTable", each) for each in lookup.SubTable):
            if not isinstance(part, ot.MarkLigPos) or ligature not in part.LigatureCoverage.glyphs:
                continue
            attached = part.LigatureArray.LigatureAttach
            held = attached[part.LigatureCoverage.glyphs.index(ligature)].ComponentRecord
            alefs = ot.LigatureAttach()
            alefs.ComponentRecord, alefs.ComponentCount = [held[-1]], 1
            del held[1:]
            attached[part.LigatureCoverage.glyphs.index(ligature)].ComponentCount = 1
            for anchor in held[0].LigatureAnchor:
                if anchor is not None:
                    anchor.XCoordinate -= moved
            part.LigatureCoverage.glyphs.append(place)
            attached.append(alefs)
            part.LigatureArray.LigatureCount = len(attached)


def _single(what: str, by: str) -> ot.Lookup:
    part = ot.SingleSubst()
    part.mapping = {what: by}
    return _lookup(1, [part])


def _chain(pair: tuple[str, str], first: int) -> ot.ChainContextSubst:
    part = ot.ChainContextSubst()
    part.Format = 3
    part.BacktrackGlyphCount, part.BacktrackCoverage = 0, []
    part.LookAheadGlyphCount, part.LookAheadCoverage = 0, []
    part.InputGlyphCount, part.InputCoverage = 2, []
    for name in pair:
        coverage = ot.Coverage()
        coverage.glyphs = [name]
        part.InputCoverage.append(coverage)
    part.SubstLookupRecord, part.SubstCount = [], 2
    for at in (0, 1):
        record = ot.SubstLookupRecord()
        record.SequenceIndex, record.LookupListIndex = at, first + at
        part.SubstLookupRecord.append(record)
    return part


def _lookup(kind: int, parts: list[object]) -> ot.Lookup:
    lookup = ot.Lookup()
    lookup.LookupType, lookup.LookupFlag = kind, _OVER_MARKS
    lookup.SubTable, lookup.SubTableCount = parts, len(parts)
    return lookup
