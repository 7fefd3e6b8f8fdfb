"""Whatever a text holds: its record gives it back, and what has been restored stays as it is."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.demo import sample
from crawler.demo.pollute import pollute, traditional
from pipelines.text.edits import undo
from pipelines.text.restore import FIXES, restore
from pipelines.text.signs import Signs

PROPERTY = settings(deadline=None, derandomize=True, max_examples=400)
SURE = 0.8

ANNOTATED = pollute(sample.load()[0].text.split("\n")[0], annotated="個項業務區開")
PIECES = st.sampled_from(
    [
        *"長(cháng) 日?qǐng)?bào) 業(yè)(yè) ?！笆灼谕 ?！笔形 �！? 。” “ ” ? ! ！ ( ) （ ） (PPP) 重(chóng)".split(),
        *"鎷涘晢寮曡祫 ÕÐÉÌÒý×Ê æ‹›å•† Ã¦â€¹â€º 锟斤拷 烫烫烫 ?????? � \ue5e5 \ue004 上一版3 4下一版".split(),
        *"&nbsp; &amp;nbsp; &#65292; R&amp;D ２０２４ 2０24 ＡＢＣ 招商引资 招商引資 D2 增長".split(),
        *("\u200b", "\u00ad", "\ufeff", "\x85", " ", "\u3000", "\xa0", "\n", "\r\n", "\x00", "\x1b[0m", "\ud800"),
        *("𬭎", "\U0001f469\u200d\U0001f4bb", ANNOTATED),
    ]
)


@PROPERTY
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join), st.booleans())
@example("增(cháng" * 3, True)
def test_record_gives_the_text_back_and_nothing_is_left_to_do(text, annotated):
    signs = Signs(annotated=True) if annotated else None
    restored = restore(text, signs)
    assert undo(restored) == text
    assert restore(restored.text, signs).changes == ()
    for change in restored.changes:
        assert change.before != change.after
        assert 0 < change.confidence <= 1
        assert (change.confidence < SURE) <= ("guess" in change.evidence)


@pytest.mark.parametrize("script", ["hans", "hant"])
def test_every_sample_article_stays_as_it_is(script):
    articles = sample.load()
    assert len(articles) >= 300
    for article in articles:
        text = f"{article.title}\n{article.text}"
        assert restore(traditional(text) if script == "hant" else text).changes == ()


def test_every_fix_has_its_own_name():
    assert len({kind for kind, _ in FIXES}) == len({fix for _, fix in FIXES}) == len(FIXES)
