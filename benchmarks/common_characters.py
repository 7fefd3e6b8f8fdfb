"""Make pipelines/text/common_characters.txt again: `python -m benchmarks.common_characters`.

The frequencies are those of jieba's dictionary (MIT licence), summed over its words and over both scripts; what is kept
is only the order. A line holds one character of the simplified script and after it its traditional forms.
"""

from collections import Counter, defaultdict
from pathlib import Path

import jieba
from opencc import OpenCC

KEPT = 6000
NOISE = frozenset("紝笅銆鐨锛")
"""Entries of the dictionary that are no words: its corpus had UTF-8 read as GBK, where `锛` is half of ，."""
OUT = Path(__file__).parent.parent / "pipelines/text/common_characters.txt"


def han(text: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in text)


def main() -> None:
    counts: Counter[str] = Counter()
    for line in (Path(jieba.__file__).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, frequency, *_ = line.split()
        if word in NOISE:
            continue
        for char in filter(han, word):
            counts[char] += int(frequency)
    simplify = OpenCC("t2s").convert
    forms: dict[str, str] = defaultdict(str)
    for char in map(chr, range(0x4E00, 0x9FA6)):
        simple = simplify(char)
        if simple != char and len(simple) == 1:
            counts[simple] += counts.pop(char, 0)
            forms[simple] += char
    lines = [char + forms[char] for char, _ in counts.most_common(KEPT)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{OUT.name}: {len(lines)} characters, {sum(map(len, lines)) - len(lines)} traditional forms")


if __name__ == "__main__":
    main()
