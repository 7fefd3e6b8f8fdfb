"""Make pipelines/text/common_pairs.txt again: `python -m benchmarks.common_pairs`.

Counts out of jieba's dictionary (MIT licence), in simplified characters, as powers of two. A line holds a character,
how often it comes, how often it begins and how often it ends a word; then the characters that follow it inside words,
each group behind its power. Pairs below `SELDOM` and characters that jieba does not know are left out.
"""

import math
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import jieba
from opencc import OpenCC

from benchmarks.common_characters import han

SELDOM = 20
OUT = Path(__file__).parent.parent / "pipelines/text/common_pairs.txt"


def power(count: int) -> int:
    return round(math.log2(count)) if count else 0


def main() -> None:
    characters: Counter[str] = Counter()
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    simplify = OpenCC("t2s").convert
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        word, count = simplify(word), int(frequency)
        if not han(word):
            continue
        begins[word[0]] += count
        ends[word[-1]] += count
        for char in word:
            characters[char] += count
        for pair in pairwise(word):
            pairs[pair] += count
    followers: dict[str, dict[int, str]] = defaultdict(lambda: defaultdict(str))
    for (first, second), count in pairs.most_common():
        if count >= SELDOM:
            followers[first][power(count)] += second
    lines = [
        f"{char} {power(count)} {power(begins[char])} {power(ends[char])} "
        + "".join(f"{level}{chars}" for level, chars in followers[char].items())
        for char, count in characters.most_common()
    ]
    OUT.write_text("\n".join(map(str.rstrip, lines)) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(lines)} characters, {sum(count >= SELDOM for count in pairs.values())} pairs")


if __name__ == "__main__":
    main()
