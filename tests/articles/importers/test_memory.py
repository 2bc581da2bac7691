"""Four thousand posts take no more memory than a few hundred."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
POSTS = 4_000
#: What reading and writing them may add to the process, in MB; the export itself is ten times as large.
MOST_GROWTH = 30

_READ = """
import json, resource, sys
from donate.app import create_app
from donate.articles.bring_in import bring_in
from donate.articles.importers.wxr import read_wxr

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

files = open(sys.argv[1], "rb"), open(sys.argv[2], "rb")
with create_app(ask_offset=lambda: 0.0).app_context(), files[0] as small, files[1] as large:
    bring_in(read_wxr(small, "small", zone="UTC"), "small")
    before = peak()
    result = bring_in(read_wxr(large, "large", zone="UTC"), "large")
    print(json.dumps([before, peak(), result.imported, result.updated, len(result.skipped)]))
"""


def write_export(path: Path, first: int, posts: int) -> None:
    """Write an export of so many posts, each with a picture that follows it."""
    body = "\n\n".join(
        f"Paragraph {number} of the story, with words enough to fill a few lines." * 6 for number in range(12)
    )
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/" '
            'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><link>https://a.example</link>\n'
        )
        for number in range(first, first + posts):
            file.write(
                f"<item><title>Post {number}</title><link>https://a.example/{number}/</link>"
                f'<guid isPermaLink="false">https://a.example/?p={number}</guid>'
                f"<content:encoded><![CDATA[{body}]]></content:encoded><wp:post_id>{number}</wp:post_id>"
                "<wp:post_date_gmt>2024-03-01 18:30:00</wp:post_date_gmt><wp:post_type>post</wp:post_type>"
                f'<wp:status>publish</wp:status><category domain="post_tag">tag {number % 50}</category>'
                f"<wp:postmeta><wp:meta_key>_thumbnail_id</wp:meta_key><wp:meta_value>{10**6 + number}</wp:meta_value>"
                f"</wp:postmeta></item>\n<item><title>p</title><wp:post_id>{10**6 + number}</wp:post_id>"
                f"<wp:attachment_url>https://a.example/{number}.jpg</wp:attachment_url>"
                "<wp:post_type>attachment</wp:post_type><wp:status>inherit</wp:status></item>\n"
            )
        file.write("</channel></rss>\n")


@pytest.mark.slow
def test_four_thousand_posts_fit_in_the_memory_of_a_few(tmp_path: Path, sqlite_template: Path) -> None:
    small, large = tmp_path / "small.xml", tmp_path / "large.xml"
    write_export(small, 500_000, 300)
    write_export(large, 1, POSTS)
    database = tmp_path / "many.db"
    database.write_bytes(sqlite_template.read_bytes())
    answer = subprocess.run(
        [sys.executable, "-c", _READ, str(small), str(large)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "x", "DONATE_NO_DEMO_ENV": "1"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    before, after, imported, updated, skipped = json.loads(answer.stdout.splitlines()[-1])
    assert (imported, updated, skipped) == (POSTS, 0, 0)
    assert after - before < MOST_GROWTH, f"{before} MB, then {after} MB"
