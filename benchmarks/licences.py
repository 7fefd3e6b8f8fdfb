"""The licences of all that this project needs to run, out of what is installed: `make docs` writes docs/licences.md."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution

from packaging.requirements import Requirement

INTRODUCTION = """# Licences

What zhaoshang needs to run, and under which licence each of it is; made by `make docs` from what `requirements.lock`
installs, and held by a test. zhaoshang itself is under Apache-2.0. A package under a licence that is not among those of
`FITTING` in `benchmarks/licences.py` fails the test: it cannot be handed on together with this one.

| package | licence | as it says itself |
|---|---|---|
"""

FITTING = frozenset(
    "0BSD Apache-2.0 BSD BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 MPL-2.0 PSF-2.0 Public-Domain Unlicense"
    " ZPL-2.1 Zlib".split()
)
"""Identifiers of SPDX (and two that it has no single one for): permissive, or copyleft for the file alone (MPL)."""

TOLD = {
    "Apache 2": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0", "BSD License": "BSD",
    "MIT License": "MIT", "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "PSFL": "PSF-2.0",
    "Public Domain": "Public-Domain", "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
"""What packages write in place of an identifier."""

# The oldest Python, so that it is one list whatever Python makes it: newer ones need less.
_HERE = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux", "platform_system": "Linux"}


@dataclass(frozen=True, slots=True)
class Licence:
    """The licence of one package."""

    package: str
    """Its name, in small letters and with hyphens."""
    identifier: str
    """An expression of SPDX; empty where nothing that is known is told."""
    told: str
    """What its metadata say."""

    @property
    def fits(self) -> bool:
        """Whether it can be handed on with a program under Apache-2.0.

        >>> [Licence("a", each, "").fits for each in ("MIT", "GPL-3.0-only OR MIT", "GPL-3.0-only AND MIT", "")]
        [True, True, False, False]
        """
        ways = [way.strip(" ()").split(" AND ") for way in self.identifier.split(" OR ")]
        return any(all(part.strip(" ()") in FITTING for part in way) for way in ways)


def needed(name: str = "zhaoshang") -> Iterator[Distribution]:
    """All that a package needs to run, directly or not, itself left out, in order of their names."""
    found: dict[str, Distribution] = {}
    waiting = [Requirement(name)]
    while waiting:
        wanted = waiting.pop()
        if _key(wanted.name) in found:
            continue
        found[_key(wanted.name)] = package = distribution(wanted.name)
        of = ("", *wanted.extras)
        waiting.extend(each for each in map(Requirement, package.requires or ()) if _applies(each, of))
    return (found[key] for key in sorted(found) if key != _key(name))


def licence(package: Distribution) -> Licence:
    """What a package says of its licence: in one field of today, or in those of before."""
    data = package.metadata
    if expression := data.get("License-Expression"):
        return Licence(_key(data["Name"]), expression, expression)
    classifiers = [
        each.rpartition(" :: ")[2] for each in data.get_all("Classifier") or () if each.startswith("License ::")
    ]
    # Some print the whole text there: its title says enough.
    written = (data.get("License") or "").strip().partition("\n")[0]
    for told in filter(None, (written, *classifiers)):
        if (identifier := TOLD.get(told, told)) in FITTING:
            return Licence(_key(data["Name"]), identifier, told)
    return Licence(_key(data["Name"]), "", "; ".join(filter(None, (written, *classifiers))) or "nothing")


def document() -> str:
    """The whole of docs/licences.md."""
    rows = map(licence, needed())
    return INTRODUCTION + "".join(f"| `{each.package}` | {each.identifier or '?'} | {each.told} |\n" for each in rows)


def _applies(wanted: Requirement, extras: tuple[str, ...]) -> bool:
    return not wanted.marker or any(wanted.marker.evaluate({**_HERE, "extra": extra}) for extra in extras)


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.stdout.write(document())
