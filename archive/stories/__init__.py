"""Which articles tell the same story: each is told once, its copies beside it, with who published first.

An article's words (words) give it a fingerprint (fingerprint), whose bands on disk (bands) name those that may be
copies; whether they are is decided by laying both texts side by side (likeness). What is alike is one story (joining),
whose best copy, first publisher and kinds of copies are told by evidence (telling).
"""

from archive.stories.joining import catch_up, join, leave
from archive.stories.words import content_digest

__all__ = ["catch_up", "content_digest", "join", "leave"]
