"""`make screenshots`: the pages of the site over the sample province, in Debian's chromium, into docs/.

In Chinese, at a desk and on a phone. The archive is the one of `make demo`, or a copy made for it where there is none.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from archive.database import open_archive
from benchmarks.serving import served

ROOT = Path(__file__).parent.parent
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no chromium here: apt-get install chromium")
    if not (ROOT / "data/archive.db").exists():
        sys.exit("no archive yet: run `make demo` first")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        data = Path(name) / "data"
        shutil.copytree(ROOT / "data", data)
        pages = {
            "front": ("/", DESK),
            "search": ("/-/search?q=招商引资", DESK),
            "article": (f"/archive/articles/{_repaired(data)}?repairs=1", DESK),
            "phone": ("/-/search?q=招商引資", PHONE),
        }
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with served(data) as address:
            for each, (path, size) in pages.items():
                page = browser.new_context(viewport=size, locale="zh-CN").new_page()
                page.goto(address + path)
                page.screenshot(path=ROOT / f"docs/site-{each}.png")
                print(f"docs/site-{each}.png")
        browser.close()


def _repaired(data: Path) -> int:
    """An article of the polluted mirror, with few repairs."""
    db = open_archive(data)
    query = "select article_id from repairs group by 1 order by count(*) limit 1 offset 4"
    found = int(db.execute(query).fetchone()[0])
    db.close()
    return found


if __name__ == "__main__":
    main()
