"""How sites are built, one family a file. A new family is a module here and a line in `REGISTRY`."""

from spiders.families.base import Family
from spiders.families.feed import Feed
from spiders.families.founder import Founder
from spiders.families.hanweb import Hanweb
from spiders.families.portal import Portal
from spiders.families.trs import Trs

REGISTRY: dict[str, type[Family]] = {
    "portal": Portal, "founder": Founder, "trs": Trs, "hanweb": Hanweb, "feed": Feed,
}  # fmt: skip

__all__ = ["REGISTRY", "Family", "Feed", "Founder", "Hanweb", "Portal", "Trs"]
