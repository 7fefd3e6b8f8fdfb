"""What is remembered of an archive is true: of all threads together, whatever is written between any two readings."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import pytest

from archive.moment import MOST, one_moment, remembered


class Reader:
    """A thread with a connection of its own, as Datasette has several."""

    def __init__(self, path, stack):
        self.thread = stack.enter_context(ThreadPoolExecutor(1))
        self.connection = self.do(sqlite3.connect, path)
        stack.callback(self.do, self.connection.close)
        self.read = 0

    def do(self, function, *args):
        return self.thread.submit(function, *args).result(10)

    def enter(self):
        self.moment = one_moment(self.connection)
        self.do(self.moment.__enter__)

    def leave(self):
        self.do(self.moment.__exit__, None, None, None)

    def count(self, fresh=0.0):
        def counted():
            self.read += 1
            return self.connection.execute("select count(*) from fruit").fetchone()[0]

        return self.do(lambda: remembered("fruit", counted, fresh=fresh))

    def counted(self, **given):
        self.enter()
        try:
            return self.count(**given)
        finally:
            self.leave()


@pytest.fixture
def readers(tmp_path):
    path = tmp_path / "archive.db"
    with ExitStack() as stack, closing(sqlite3.connect(path, isolation_level=None)) as writer:
        writer.execute("pragma journal_mode = wal")
        writer.execute("create table fruit(name)")
        one, other = (Reader(path, stack) for _ in range(2))
        for each in (one, other):
            each.enter()
            each.leave()
        yield writer, one, other


def test_one_thread_reads_for_all(readers):
    _, one, other = readers
    assert [each.counted() for each in (one, other, one, other)] == [0] * 4
    assert one.read + other.read == 1


def test_what_is_written_is_seen_by_all(readers):
    writer, one, other = readers
    for number in range(1, 4):
        writer.execute("insert into fruit values ('桃')")
        assert [each.counted() for each in (one, other, one)] == [number] * 3


def test_what_an_earlier_moment_finds_is_nobody_elses_answer(readers):
    writer, one, other = readers
    one.enter()
    writer.execute("insert into fruit values ('桃')")
    other.enter()
    assert one.count() == 0, "as it was when its moment began"
    one.leave()
    assert other.count() == 1
    other.leave()
    assert [one.counted(), other.counted()] == [1, 1]


def test_what_was_read_just_now_counts_as_fresh_if_one_says_so(readers):
    writer, one, other = readers
    assert one.counted() == 0
    writer.execute("insert into fruit values ('桃')")
    assert other.counted(fresh=1e9) == 0
    assert other.counted(fresh=0) == 1


def test_elsewhere_nothing_is_remembered(readers):
    _, one, _ = readers
    assert [one.count(), one.count()] == [0, 0]
    assert one.read == 2


def test_the_oldest_answers_are_forgotten(readers):
    _, one, _ = readers
    one.counted()
    one.enter()
    one.do(lambda: [remembered(number, lambda: 0) for number in range(MOST)])
    one.count()
    one.leave()
    assert one.read == 2
