"""Bytes become the text that browsers show, whatever the labels say, and nothing is lost in silence."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.text.charset import LOST, canonical, decode

CASES = tomllib.loads((Path(__file__).parent / "cases/charset.toml").read_text(encoding="utf-8"))
CODECS = {
    "gbk": ("gbk", "gb18030"),
    "gb18030": ("gb18030", "gb18030"),
    "big5": ("big5hkscs", "big5"),
    "utf-8": ("utf-8", "utf-8"),
}
PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)
CHINESE = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1)


def by_label(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


@pytest.mark.parametrize("case", by_label("case"))
def test_case(case):
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode(case["codec"])
    decoded = decode(data, case.get("header"))
    assert decoded.text == case["text"]
    assert {field: getattr(decoded, field) for field in case["decoded"]} == case["decoded"]


@pytest.mark.parametrize("case", by_label("damage"))
def test_one_bad_byte_costs_one_character(case):
    sites = {"shangqiao"} if case["codec"] == "big5hkscs" else {"hongan"}
    long = "\n".join(article.text for article in sample.load() if article.site in sites)
    before, behind = long[:11_000], long[11_000:22_000].lstrip()
    data = before.encode(case["codec"]) + bytes.fromhex(case["broken"]) + behind.encode(case["codec"])
    decoded = decode(data)
    assert len(data) > 40_000
    assert decoded.text == before + case["after"] + behind
    assert decoded.damaged == 1
    assert decoded.evidence == "bytes; 1 damaged"


def test_label_far_down_is_seen():
    """A dozen of the real pages name their charset behind the first 4 KiB."""
    page = f'<!--{"=" * 5000}--><meta charset="gbk"><p>招商引资</p>'
    assert decode(page.encode("gbk")).evidence == "bytes; true: markup gbk"


@pytest.mark.parametrize("pair", CASES["whatwg"])
def test_pair_is_read_as_browsers_do(pair):
    data = "招商引资".encode("gbk") + bytes.fromhex(pair) + "产业园区".encode("gbk")
    assert decode(data).text == f"招商引资{CASES['whatwg'][pair]}产业园区"


@pytest.mark.parametrize("size", [8, 16])
@pytest.mark.parametrize("script", ["hans", "hant"])
@pytest.mark.parametrize("codec", CODECS)
def test_headlines_are_enough(codec, script, size):
    """The first characters of every headline of the sample province, without a label."""
    encoding, charset = CODECS[codec]
    titles = {traditional(article.title) if script == "hant" else article.title for article in sample.load()}
    beginnings = {title[:size] for title in titles if len(title) >= size and fits(title[:size], encoding)}
    wrong = {
        text: decoded
        for text in beginnings
        if ((decoded := decode(text.encode(encoding))).text, decoded.charset, decoded.damaged) != (text, charset, 0)
    }
    assert wrong == {}
    assert len(beginnings) > (60 if codec != "big5" or script == "hant" else 10)


@PROPERTY
@given(st.binary() | st.lists(st.binary() | CHINESE.map(lambda text: text.encode("gbk", "ignore"))).map(b"".join))
@example(b"\xef\xbb\xbf\xff")
@example(b"\xff\xfe\x00")
@example(b"\x84\x31\xa4\x37")
def test_any_bytes_go_through(data):
    for header in (None, "text/html; charset=gbk", "text/html; charset=big5", "text/html; charset=utf-16"):
        decoded = decode(data, header)
        assert 0 <= decoded.damaged <= decoded.text.count(LOST)
        assert canonical(decoded.charset) == decoded.charset


@PROPERTY
@given(st.text(), CHINESE, st.text(), st.sampled_from([None, "text/html; charset=gbk", "text/html; charset=big5"]))
def test_valid_utf8_with_chinese_comes_back(before, chinese, behind, header):
    text = before.removeprefix("\ufeff") + chinese + behind
    decoded = decode(text.encode(), header)
    assert (decoded.text, decoded.charset, decoded.damaged) == (text, "utf-8", 0)


@PROPERTY
@given(st.text(st.sampled_from("招商引资项目园区企业签约投资产业发展，。2024"), min_size=20), st.data())
def test_cut_utf8_loses_its_last_character_only(text, data):
    whole = text.encode()
    cut = whole[: data.draw(st.integers(len(whole) - 2, len(whole)))]
    decoded = decode(cut)
    assert decoded.text.rstrip(LOST) == cut.decode("utf-8", "ignore")
    assert decoded.damaged == decoded.text.count(LOST) <= 1


def fits(text, encoding):
    return text.encode(encoding, "ignore").decode(encoding) == text
