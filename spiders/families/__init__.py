"""How sites are built, one family a file. A new family is a module here and a line in `REGISTRY`."""

from spiders.families.base import Family
from spiders.families.founder import Founder
from spiders.families.portal import Portal

REGISTRY: dict[str, type[Family]] = {"portal": Portal, "founder": Founder}

__all__ = ["REGISTRY", "Family", "Founder", "Portal"]
