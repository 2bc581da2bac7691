"""Why a story or a source was left out, in the sentences an operator reads."""

from __future__ import annotations

from donate.errors import Unreadable

_SENTENCES = {
    # a file
    "file_missing": "there is no such file",
    "too_large": "it is larger than {most}; a page’s text never is, so this is surely another file",
    "markup_too_large": "it is larger than {most}",
    "empty": "it is empty",
    "binary": "it is not text; save the page’s text and import that",
    "packed": "it is packed or a picture, not text; unpack it first",
    "encoding_unknown": "line {line} is not UTF-8; it may be {guess}. Convert it, then import the new file: {command}",
    "format_unknown": "it is none of the formats known here: WordPress export, WordPress REST JSON, RSS or Atom, "
    "an HTML page, a page’s text",
    # a format
    "not_well_formed": "its XML is broken at line {line}; what stood before was read. Export it again",
    "broken_off": "it breaks off in the middle; what stood before was read",
    "entities_refused": "it defines entities of its own, which can be made to grow without end; no feed needs them",
    "item_too_large": "one of its posts is larger than {most}; what stood before was read",
    "too_deep": "its elements stand deeper in each other than any export’s",
    "not_a_feed": "it is no RSS or Atom feed",
    "json_feed": "JSON Feed is not read here; sites that have one have an RSS or Atom feed too",
    "not_json": "it begins like JSON but can’t be read as it; save it again",
    "no_posts": "it is JSON, but holds no posts as WordPress answers them",
    "site_refused": "the site answers: {says}",
    "extra_missing": "reading HTML pages needs an extra: pip install trafilatura lxml_html_clean",
    "no_story": "no story was found on the page",
    # a story
    "headline_missing": "no headline was found: a capture prints it above the story, usually twice",
    "body_missing": "there is a headline but no story under it",
    "field_too_long": "its {field} is longer than {most} characters",
    "behind_password": "it is behind a password where it comes from",
    "not_published": "it is not published where it comes from",
    "not_storable": "it holds something that can’t be stored",
    # an address
    "address_bad": "this is no address that can be read",
    "address_scheme": "only http:// and https:// addresses are read",
    "address_credentials": "an address with a name or password in it is not read",
    "address_port": "only ports 80 and 443 are read, not {port}",
    "address_private": "{host} is on a private network or this machine; only public addresses are read",
    "name_unknown": "there is no {host}",
    "no_answer": "{host} does not answer ({says})",
    "not_trusted": "{host} can’t prove that it is {host}: its certificate is not good",
    "too_slow": "it took longer than {seconds} seconds",
    "answered": "it answered {status}",
    "redirects": "it redirects more than {most} times",
    "answer_too_large": "it sends more than {most}",
    "kind_refused": "it is {kind}, not a feed, a page or JSON",
    "packed_badly": "its answer is packed in a way that can’t be unpacked",
    "broken_answer": "{host} broke off in the middle of its answer",
    # a followed source
    "not_followable": "only feeds and WordPress REST addresses can be followed; this is {kind}",
    "page_with_feed": "this is a page; its feed is {feed}",
    "followed_already": "it is followed already",
    "not_followed": "it is not followed; flask articles sources lists what is",
    "not_all_read": "more has changed there than one reading takes; read it once with: flask articles import URL",
    "another_page": "it is another page than the one asked for",
    "host_not_followed": "{host} is no host of a followed source; follow it first: flask articles follow URL",
}


def say_why(why: Unreadable) -> str:
    """Put a reason into the sentence an operator reads."""
    return _SENTENCES[why.message].format(**why.values)
