"""`zhaoshang` at a moment of the test's choosing: python at.py 2024-10-01T00:00:00Z crawl hongan."""

import sys
from datetime import datetime

from archive import article

if __name__ == "__main__":
    moment = datetime.fromisoformat(sys.argv.pop(1))
    article.utc_now = lambda: moment
    # After the clock has been set: the rooms take `utc_now` from there by name.
    from crawler.start import main

    main()
