"""Bytes become the text that browsers show, whatever the labels say, nothing is lost in silence, and all comes back."""

import random
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import traditional
from pipelines.text import big5, cns11643
from pipelines.text.charset import LOST, canonical, decode, encode
from pipelines.text.exact import read, write
from pipelines.text.utf16 import byte_order

CASES = tomllib.loads((Path(__file__).parent / "cases/charset.toml").read_text(encoding="utf-8"))
CODECS = {
    "gbk": ("gbk", "gb18030"),
    "gb18030": ("gb18030", "gb18030"),
    "big5": ("big5hkscs", "big5"),
    "utf-8": ("utf-8", "utf-8"),
}
PROPERTY = settings(deadline=None, derandomize=True, max_examples=300)
EXACT = ("utf-8", "gb18030", "big5", "utf-16le", "utf-16be", "euc-tw")
ODD = [bytes.fromhex(unit) for unit in "a2cc a451 80 a3a0 ff 8ea1c4a1 c4a1 41 877a a3e1 a241 8ea3a1b8".split()]
CHINESE = st.text(st.characters(min_codepoint=0x3400, max_codepoint=0x9FFF), min_size=1)


def by_label(kind):
    return [pytest.param(case, id=case["label"]) for case in CASES[kind]]


@pytest.mark.parametrize("case", by_label("case"))
def test_case(case):
    data = bytes.fromhex(case["hex"]) if "hex" in case else encoded(case["text"], case["codec"])
    decoded = decode(data, case.get("header"))
    assert decoded.text == case["text"]
    expected = {field: tuple(value) if isinstance(value, list) else value for field, value in case["decoded"].items()}
    assert {field: getattr(decoded, field) for field in expected} == expected
    if case.get("exact", True):
        assert encode(decoded) == data


@pytest.mark.parametrize("case", by_label("mixed"))
def test_page_in_two_charsets(case):
    data = b"".join(encoded(text, codec) for codec, text in case["stretches"])
    decoded = decode(data, case.get("header"))
    assert decoded.text == "".join(LOST if codec == "hex" else text for codec, text in case["stretches"])
    assert {field: getattr(decoded, field) for field in case["decoded"]} == case["decoded"]
    assert encode(decoded) == data


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
    assert encode(decoded) == data


def test_label_far_down_is_seen():
    """A dozen of the real pages name their charset behind the first 4 KiB."""
    page = f'<!--{"=" * 5000}--><meta charset="gbk"><p>招商引资</p>'
    assert decode(page.encode("gbk")).evidence == "bytes; true: markup gbk"


@pytest.mark.parametrize("pair", CASES["whatwg"])
def test_pair_is_read_as_browsers_do(pair):
    data = "招商引资".encode("gbk") + bytes.fromhex(pair) + "产业园区".encode("gbk")
    assert decode(data).text == f"招商引资{CASES['whatwg'][pair]}产业园区"


@pytest.mark.parametrize("pair", CASES["whatwg"])
def test_variants_come_back(pair):
    """What two sequences of bytes stand for comes back as the one that stood there."""
    data = bytes.fromhex(pair) + CASES["whatwg"][pair].encode("gb18030") + "招商".encode("gbk")
    reading = read(data, "gb18030")
    assert reading.text == CASES["whatwg"][pair] * 2 + "招商"
    assert write(reading.text, "gb18030", reading.variants) == data


@pytest.mark.parametrize(("charset", "pairs"), [("big5", 18_402 + 68 + 1), ("gb18030", 23_940), ("euc-tw", 5_867)])
def test_every_pair_comes_back(charset, pairs):
    """All that a pair of bytes may be, and between ASCII, so that none leans on its neighbour."""
    found = 0
    for lead in range(0x81, 0xFF):
        row = [bytes((lead, trail)) for trail in range(0x40, 0xFF)]
        data = b"<".join(row)
        reading = read(data, charset)
        found += len(row) - len(reading.damages)
        spots = sorted(reading.damages + reading.variants)
        assert write(reading.text, charset, spots) == data
    assert found == pairs


def test_what_browsers_read_otherwise_in_big5():
    assert [read(pair, "big5").text for pair in big5.ODD] == list(big5.ODD.values())


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


@pytest.mark.parametrize("script", ["hans", "hant"])
@pytest.mark.parametrize("codec", ["gbk", "big5hkscs"])
def test_rare_charsets_take_no_headlines(codec, script):
    """Nor does a headline of four characters go wrong without a low confidence."""
    for article in sample.load():
        # 盱眙凹土: the name of a county that is not among common characters, cut behind four of them.
        if article.title.startswith("盱眙"):
            continue
        title = traditional(article.title) if script == "hant" else article.title
        for text in (title, title[:8], title[:4]):
            if fits(text, codec) and not text.isascii():
                decoded = decode(text.encode(codec))
                assert decoded.charset in ("gb18030", "big5")
                assert decoded.text == text or decoded.confidence < 0.8


@pytest.mark.parametrize(
    ("codec", "script"), [("utf-16-le", "hans"), ("utf-16-be", "hant"), ("hz", "hans"), ("euc-tw", "hant")]
)
def test_rare_charsets_are_read(codec, script):
    right = count = 0
    for article in sample.load():
        text = (traditional(article.title) if script == "hant" else article.title)[:16]
        try:
            data = encoded(text, codec)
        except UnicodeEncodeError:
            continue
        decoded = decode(data)
        count += 1
        right += (decoded.text, encode(decoded)) == (text, data)
    assert count > 200
    assert right >= 0.99 * count


def test_labels_decide_where_the_bytes_do_not():
    """One ideograph is too little: a page number is a common character in either charset."""
    data = "15丁".encode("gbk")
    assert decode(data, "text/html; charset=gbk").text == "15丁"
    assert decode(data, "text/html; charset=big5").text == data.decode("big5")
    assert decode(data, "text/html; charset=gbk").confidence < 0.8


def test_charset_that_is_rare_makes_no_other_sure():
    """Four characters of EUC-TW are taken for GBK, since nobody sends EUC-TW: that is a guess."""
    for article in sample.load():
        text = traditional(article.title)[:4]
        if set(text) <= set(cns11643.odd().values()):
            decoded = decode(cns11643.encode(text))
            assert decoded.text == text or decoded.confidence < 0.8


@pytest.mark.parametrize("codec", ["utf-8", "gbk", "big5hkscs"])
def test_damaged_page_is_not_mixed(codec):
    """One byte in twenty is another one, is gone or is too many."""
    chance = random.Random(codec)
    for article in list(sample.load())[:40]:
        text = f"<title>{article.title}</title><p>{article.text}</p>".replace("\n", "</p><p>")
        clean = (traditional(text) if codec == "big5hkscs" else text).encode(codec, "ignore")
        data = b"".join(damaged(chance, clean[place : place + 1]) for place in range(len(clean)))
        decoded = decode(data)
        assert decoded.parts == ()
        assert decoded.damaged > 0
        assert decoded.charset == canonical(codec.removesuffix("hkscs"))
        assert encode(decoded) == data


@pytest.mark.parametrize("size", [10, 40, 100, 200])
@pytest.mark.parametrize("codecs", [("gbk", "big5hkscs"), ("big5hkscs", "gbk")])
def test_template_in_the_other_of_gbk_and_big5(codecs, size):
    outer, inner = codecs
    articles = list(sample.load())
    for article, other in zip(articles[:20], articles[40:60], strict=True):
        title = in_script(article.text.replace("\n", "")[:size], outer)
        body = in_script(f"<div><p>{other.text}</p></div>".replace("\n", "</p><p>"), inner)
        data = f"<title>{title}</title>".encode(outer) + body.encode(inner)
        decoded = decode(data)
        assert decoded.text == f"<title>{title}</title>{body}"
        assert {part.charset for part in decoded.parts} == {"gb18030", "big5"}
        assert encode(decoded) == data


@pytest.mark.parametrize("codec", ["gbk", "big5hkscs"])
@pytest.mark.parametrize("label", ["euc-jp", "shift_jis", "euc-kr", "iso-8859-1"])
def test_false_foreign_label_loses(label, codec):
    for article in sample.load():
        for text in (article.title[:8], article.title, article.text[:400]):
            data = in_script(text, codec).encode(codec)
            assert decode(data, f"text/html; charset={label}").text == decode(data).text


LARGE = 200_000
MONOTONY = [
    *(b"\xff", b"\x80", b"\xe4", b"\xffa", b"\xa1", b"~", b"~{", b"<", b"<meta ", b"\0"),
    *(b"\xe4\xb8\xad\xff", b"\xa4\xa4\xa2\xcc", b"\xef\xbb\xbf\xff", "招商".encode("hz")),
    "<p>招商引资工作</p>".encode("gbk") + "<p>園區簽約項目</p>".encode("big5"),
    "<p>招商引资</p>".encode() + "<p>招商引资</p>".encode("gbk"),
]


@pytest.mark.parametrize("unit", MONOTONY)
def test_large_monotony_goes_through(unit):
    """What takes a time that grows with its square does not come back from this."""
    data = unit * (LARGE // len(unit))
    decoded = decode(data)
    assert decoded.text
    if decoded.charset in EXACT:
        assert encode(decoded) == data


@PROPERTY
@given(st.binary() | st.lists(st.binary() | CHINESE.map(lambda text: text.encode("gbk", "ignore"))).map(b"".join))
@example(b"\xef\xbb\xbf\xff")
@example(b"\xff\xfe\x00")
@example(b"\x84\x31\xa4\x37")
def test_any_bytes_go_through(data):
    for header in (None, "text/html; charset=gbk", "text/html; charset=big5", "text/html; charset=utf-16"):
        decoded = decode(data, header)
        assert 0 <= decoded.damaged <= decoded.text.count(LOST)
        assert 0 <= decoded.confidence <= 1
        assert canonical(decoded.charset) == decoded.charset
        if {decoded.charset, *(part.charset for part in decoded.parts)} <= set(EXACT):
            assert encode(decoded) == data


@PROPERTY
@given(st.lists(st.sampled_from(ODD) | st.binary(max_size=4)).map(b"".join), st.sampled_from(EXACT))
def test_read_and_write_are_inverse(data, charset):
    reading = read(data, charset)
    assert write(reading.text, charset, sorted(reading.damages + reading.variants)) == data
    assert all(reading.text[start] == LOST for start, _ in reading.damages)


@PROPERTY
@given(st.text(st.sampled_from("招商引资项目园区~{}\n，。2024"), min_size=1))
def test_hz_comes_back(text):
    data = text.encode("hz")
    reading = read(data, "hz-gb-2312")
    assert reading.text == text
    assert write(reading.text, "hz-gb-2312", reading.variants) == data


@PROPERTY
@given(st.binary(), st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_is_not_seen_in_other_bytes(data, codec):
    assert byte_order("招商引资".encode(codec)) is not None
    assert byte_order(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + data) is None


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


def encoded(text, codec):
    if codec == "hex":
        return bytes.fromhex(text)
    return cns11643.encode(text) if codec == "euc-tw" else text.encode(codec)


def damaged(chance, byte):
    if byte < b"\x80" or chance.random() > 0.05:
        return byte
    return chance.choice([b"?", b"", byte + b"\xff", bytes([chance.randrange(256)])])


def in_script(text, codec):
    text = traditional(text) if codec == "big5hkscs" else text
    return text.encode(codec, "ignore").decode(codec)


def fits(text, encoding):
    return text.encode(encoding, "ignore").decode(encoding) == text
