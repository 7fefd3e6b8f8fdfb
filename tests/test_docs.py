"""What the documents say is so: every command in the README runs, the reference is the commands' own words."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from archive.readable import lines
from archive.search.highlight import mark
from archive.versions import differences
from crawler.demo.province import build
from crawler.reference import reference
from pipelines.text.restore import restore, signs_of
from spiders.source import load

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ (.+)$", README, re.MULTILINE)
BIN = Path(sys.executable).parent

PAGE = """<html><head><title>津市启动港口招商-红岸网</title></head><body><h1>津市启动港口招商</h1>
<div>2024-05-16 09:42 来源：红岸网</div>
<p>津市市五月中旬启动港口后方用地招商，首批推出三宗地，合计一百二十亩，先谈项目再定价格。</p>
<p>园区说，仓储企业须承诺年中转量，达不到的由园区按约收回岸线使用权。</p></body></html>"""


def test_the_readme_has_its_commands():
    assert {"make demo", "make test"} <= set(COMMANDS)
    assert sum(command.startswith("zhaoshang ") for command in COMMANDS) >= 12


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("make ")])
def test_make_knows_the_command(command):
    done = subprocess.run([*shlex.split(command), "-n"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_make_demo_runs(province, tmp_path):
    """The README's first command, but for the server at its end; its data lie elsewhere, for the sake of yours.

    The first demo was made for all tests; this is a second one, which asks for lists only.
    """
    shutil.copytree(province, tmp_path / "data")
    environment = {**os.environ, "ZHAOSHANG_DATA": str(tmp_path / "data"), "PYTHON": sys.executable}
    done = subprocess.run(
        ["make", "demo", "ARGS=--no-serve"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "false labels" in done.stdout
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["archive.db", "jobs", "warc"]


@pytest.mark.parametrize("command", [line for line in COMMANDS if not line.startswith(("make ", "zhaoshang serve"))])
def test_the_command_runs(command, province, tmp_path):
    shutil.copytree(province, tmp_path / "data")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    shutil.copy(ROOT / "scrapy.cfg", tmp_path)
    program, *arguments = shlex.split(command)
    done = subprocess.run(
        [BIN / program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    target = dict(pairwise(arguments)).get("-o", "-")
    assert done.stdout if target == "-" else (tmp_path / target).stat().st_size


def test_the_table_in_the_readme_is_what_a_demo_says(province, zhaoshang):
    table = re.findall(r"^│ (\w+) +│ +(\d+) │ +(\d+) │ +\d+ │", README, re.MULTILINE)
    status = zhaoshang("status", "--json", data=province).stdout
    rows = [json.loads(line) for line in status.splitlines()]
    runs = {row["source"]: (row["pages"], row["new"]) for row in rows if "source" in row}
    assert runs == {source: (int(pages), int(new)) for source, pages, new in table if source != "all"}


SHOWN = re.findall(r"\$ zhaoshang story (\S+)\n```\n\n```\nstory \d+(.+?)\n```", README, re.DOTALL)
"""Addresses and what `zhaoshang story` says of them, but for the story's number: that goes by the order of arrival."""


def test_the_story_in_the_readme_is_what_the_command_says(province, zhaoshang):
    address, shown = SHOWN[0]
    told = zhaoshang("story", address, data=province).stdout
    assert re.sub(r"^story \d+", "", told.rstrip("\n")) == shown


def test_the_change_in_the_readme_is_what_the_province_edits():
    address, shown = SHOWN[1]
    before, after = ({"title": truth.title, "text": truth.text} for truth in (build(n).truths[address] for n in (1, 3)))
    found = [line for difference in differences(before, after) for line in lines(difference.changes)]
    expected = [f"      {line.sign} {mark(line.text, list(line.marked))}" for line in found]
    assert [line for line in shown.split("\n") if line.lstrip().startswith(("- ", "+ "))] == expected != []


def test_polluted_text_at_the_top_is_restored():
    before, after = re.findall(r"^    what (?:a mirror shows|was written) +(.+)$", README, re.MULTILINE)
    restored = restore(before, signs_of(before))
    assert restored.text == after
    assert [change.after for change in restored.changes if change.confidence < 0.8] == ["。”"]


def test_the_sample_headline_in_the_readme_is_real():
    """Both lines come out of one page of the sample province: what Scrapy alone makes of it, and what it says."""
    before, after = re.findall(r"^    what (?:Scrapy reads|the page says) +(.+)$", README, re.MULTILINE)
    sample = build()
    url = next(url for url, truth in sample.truths.items() if truth.title == after and truth.source == "hongan")
    answer = sample.answers[url]
    response = HtmlResponse(url, body=answer.body, headers=dict(answer.headers))
    assert response.css("h1::text").get() == before


def test_the_example_source_in_the_readme_is_valid(tmp_path):
    example = re.search(r"```toml\n(.+?)```", README, re.DOTALL)[1]
    tomllib.loads(example)
    path = tmp_path / "hunan" / "example.toml"
    path.parent.mkdir()
    path.write_text(example, encoding="utf-8")
    assert load(path).name == "红岸网"


def test_the_command_reference_is_up_to_date():
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == reference(), "run `make docs`"


def test_every_file_that_the_documents_name_is_there():
    for document in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / document).read_text(encoding="utf-8")
        for name in re.findall(r"`((?:crawler|spiders|pipelines|archive|tests|docs)(?:/[\w.]+)+)`", text):
            assert (ROOT / name).exists(), f"{document} names {name}"


def test_a_search_waits_for_nothing_it_does_not_need():
    """Each of these takes a third of a second or more to import."""
    heavy = ("datasette", "pypinyin", "scrapy")
    code = f"import sys, crawler.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
