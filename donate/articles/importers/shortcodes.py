"""WordPress's own marks in a post's text: captions become figures, other shortcodes leave only their words."""

from __future__ import annotations

import re
from html import unescape

from markupsafe import Markup

# No pattern here looks past the next bracket or tag of its own kind: a post may be made of nothing but openings.
_CAPTION = re.compile(
    r"(?is)\[(caption|wp_caption)\b(?P<says>[^\[\]]*)\](?P<inside>(?:(?!\[(?:wp_)?caption\b).)*?)\[/\1\]"
)
_PICTURE = re.compile(r"(?is)\s*(?P<picture>(?:<a\b[^>]*>\s*)?<img\b[^>]*>(?:\s*</a>)?)\s*(?P<words>.*)")
_EMBED = re.compile(r"(?i)\[embed\b[^\[\]]*\]\s*(?P<address>https?://[^\s\[\]<>\"]+)\s*\[/embed\]")
_ATTRIBUTE = r"""[\w-]+\s*=\s*(?:"[^"\]]*"|'[^'\]]*'|[^\s\]"']+)"""
_WITH_ATTRIBUTES = re.compile(rf"\[[a-zA-Z][\w-]*(?:\s+{_ATTRIBUTE})+\s*/?\]")
_MOST_NAMES = 40
_CLOSED = re.compile(r"\[/([a-zA-Z][\w-]*)\]")
# Stand alone and say nothing; "[sic]" and "[Amman]" are not among them.
_BARE = re.compile(
    r"(?i)\[/?(?:gallery|playlist|audio|video|embed|caption|wp_caption|more|toc|social|sharethis|addtoany|newsletter"
    r"|contact-form(?:-7)?|gravityform|wpforms|mailchimp|mc4wp_form|donate|paypal|youtube|vimeo|tweet|instagram"
    r"|(?:vc|et_pb|fusion|su|wpv|av|ultimate)_\w+)\s*/?\]"
)
# "<!--more-->" parts the text it stands in; other comments of blocks stand between paragraphs anyway.
_PARTED = re.compile(r"(?i)<!--\s*(?:more\b[^<>]{0,200}|nextpage\s*)-->")


def unfold_shortcodes(text: str) -> str:
    """Turn what WordPress would fill in into what an article may hold.

    Args:
        text: A post as WordPress stores it, or as it answers it where a plug-in has gone.

    Returns:
        Text in which captions are figures, embeds are links, and other shortcodes have left their inner text.
    """
    text = _PARTED.sub("\n\n", text)
    if "[" not in text:
        return text
    text = _CAPTION.sub(_figure, text)
    text = _EMBED.sub(_link, text)
    text = _WITH_ATTRIBUTES.sub("", text)
    text = _BARE.sub("", text)
    for name in list(dict.fromkeys(_CLOSED.findall(text)))[:_MOST_NAMES]:
        text = re.sub(rf"\[/?{re.escape(name)}\]", "", text)
    return text


def _figure(found: re.Match[str]) -> str:
    inside = _PICTURE.fullmatch(found["inside"])
    if inside is None:
        return found["inside"]
    # Until 2012 the caption stood in an attribute.
    said = re.search(r"""\bcaption=(?:"([^"]*)"|'([^']*)')""", found["says"])
    words = inside["words"].strip() or (unescape(said[1] or said[2] or "") if said else "")
    caption = f"<figcaption>{words}</figcaption>" if words else ""
    return f"\n\n<figure>{inside['picture']}{caption}</figure>\n\n"


def _link(found: re.Match[str]) -> str:
    return "\n\n" + str(Markup('<a href="{0}">{0}</a>').format(unescape(found["address"]))) + "\n\n"
