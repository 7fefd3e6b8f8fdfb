"""What a target is: a room, what it is given, and what must hold. A room may refuse by the exceptions that it names."""

from __future__ import annotations

import atexit
import shutil
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, Protocol


class Inputs(Protocol):
    """What makes inputs."""

    def mutated(self, random: Random) -> Any: ...


@dataclass(frozen=True, slots=True)
class Target:
    """A room, the inputs it is given, and what must hold."""

    inputs: Callable[[], Inputs]
    """What its inputs are made of, bytes or text."""
    check: Callable[[Any], None]
    """Raises for an input that the room does not take as it should; what the room may raise is caught there."""

    @property
    def holds(self) -> str:
        """What must hold, in a sentence."""
        check: Any = getattr(self.check, "func", self.check)
        return str(check.__doc__).split("\n")[0]


@cache
def tokens(kind: str) -> tuple[str, ...]:
    """What has a meaning in a kind of input."""
    return tuple(tomllib.loads((Path(__file__).parent / "tokens.toml").read_text(encoding="utf-8"))[kind])


@cache
def folder() -> Path:
    """Where inputs lie that have to be files."""
    made = Path(mkdtemp(prefix="fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
