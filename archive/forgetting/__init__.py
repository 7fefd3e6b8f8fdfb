"""The right to be forgotten: what an archive holds of an address is removed for good, and does not come back."""

from archive.forgetting.doing import Forgetting, begin, finish, overwrite, unfinished
from archive.forgetting.finding import Found, UnknownAddressError, find, recorded
from archive.forgetting.known import Forgotten, forgotten, is_barred
from archive.forgetting.tombstone import is_tombstone

__all__ = [
    "Forgetting", "Forgotten", "Found", "UnknownAddressError", "begin", "find", "finish", "forgotten", "is_barred",
    "is_tombstone", "overwrite", "recorded", "unfinished",
]  # fmt: skip
