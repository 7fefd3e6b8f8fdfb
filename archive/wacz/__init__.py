"""WACZ 1.1.1: what the archive holds in one file that others can open, check and replay."""

from archive.wacz.choosing import Choice
from archive.wacz.writing import Packed, write

__all__ = ["Choice", "Packed", "write"]
