"""Parquet written as it is sent, batch by batch, by pyarrow."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet


class ParquetFile:
    """A file in the making: send what `rows` and `end` give, one behind the other."""

    def __init__(self, columns: Sequence[tuple[str, type]], said: Mapping[str, str]) -> None:
        """Name each column with its type, `str` or `int`, and what the file's own metadata says."""
        types = {str: pa.string(), int: pa.int64()}
        schema = pa.schema([(name, types[kind]) for name, kind in columns], metadata=dict(said))
        self._sink = _Sink()
        self._writer = parquet.ParquetWriter(self._sink, schema, compression="zstd")
        self._schema = schema

    def rows(self, columns: Sequence[Sequence[Any]]) -> bytes:
        """A batch of rows, given by column, all of one length; None is a missing value."""
        self._writer.write_batch(pa.record_batch([*map(pa.array, columns, self._schema.types)], schema=self._schema))
        return self._sink.taken()

    def end(self) -> bytes:
        """What stands last: where everything is."""
        self._writer.close()
        return self._sink.taken()


class _Sink(io.RawIOBase):
    """A file that gives away what was written, and knows how much that was."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []
        self._place = 0

    def writable(self) -> bool:
        return True

    def write(self, part: Any) -> int:
        self._parts.append(bytes(part))
        self._place += len(self._parts[-1])
        return len(self._parts[-1])

    def tell(self) -> int:
        return self._place

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
