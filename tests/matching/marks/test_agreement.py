"""The fast look-up against the slow reference: it may find more, and must lose nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from infringewatch.matching.marks.building import compile_marks
from infringewatch.matching.marks.forms import make_forms
from infringewatch.matching.marks.streams import read_batch
from infringewatch.model import Right, RightKind
from tests.matching.devset import make_rights, read_cases
from tests.matching.marks.reference import promised_pairs

_HAN = "米木未本禾小晓笑少大太犬白百自兔免图土耐奈克刻可特待持步部布李理里宁凝玲师帅狮乐了月行航"
_LATIN = "adisolrnm01353"
_marks = st.lists(
    st.one_of(st.text(_HAN, min_size=2, max_size=6), st.text("adisolrnm", min_size=4, max_size=8)),
    min_size=1,
    max_size=6,
)
_texts = st.lists(st.text(_HAN + _LATIN + "  -\u200b", max_size=16), min_size=1, max_size=4)


def _agree(names: list[str], texts: list[str]) -> None:
    rights = [Right(RightKind.TRADEMARK, name, str(number)) for number, name in enumerate(names)]
    marks, forms, batch = compile_marks(rights), make_forms(rights), read_batch(texts)
    found = {
        (place, length, number)
        for columns in marks.candidates(batch)
        for place, length, number in zip(
            columns.places.tolist(), columns.lengths.tolist(), columns.forms.tolist(), strict=True
        )
    }
    assert set(promised_pairs(batch, forms)) - found == set()


@given(_marks, _texts)
@settings(max_examples=60, deadline=None)
def test_no_promised_window_is_lost_in_generated_texts(names: list[str], texts: list[str]) -> None:
    _agree(names, texts)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_promised_window_is_lost_when_a_mark_is_changed_inside_a_text(data: st.DataObject) -> None:
    names = data.draw(_marks)
    letters = list(data.draw(st.sampled_from(names)))
    place = data.draw(st.integers(0, len(letters) - 1))
    letters[place : place + data.draw(st.integers(0, 2))] = data.draw(st.text(_HAN + _LATIN, max_size=2))
    _agree(
        names,
        [data.draw(st.text(_HAN + " ", max_size=5)) + "".join(letters) + data.draw(st.text(_HAN + " ", max_size=5))],
    )


def test_no_promised_window_of_the_labelled_titles_is_lost() -> None:
    cases = read_cases()[::30]
    _agree([right.name for right in make_rights(cases)], [case.title for case in cases])
