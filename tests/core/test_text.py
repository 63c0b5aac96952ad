"""Folding keeps offsets; sentences cover what they are asked for."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.core.text import MAX_SENTENCE, SentenceFinder, find_paragraphs, fold, plain

ABBREVIATIONS = frozenset({"mr", "gen", "u.s"})


@given(st.text())
def test_folding_never_moves_an_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert len(plain(fold(text))) == len(text)


@given(st.text(alphabet=st.sampled_from('aB .!?\n"”(é1İ,')))
def test_sentences_are_ordered_and_apart_and_inside_their_paragraph(text: str) -> None:
    finder = SentenceFinder(text, ABBREVIATIONS)
    for index, (start, end) in enumerate(find_paragraphs(text)):
        reached = start
        for span in finder.of_paragraph(index):
            assert reached <= span.start < span.end <= end
            assert span.end - span.start <= MAX_SENTENCE
            assert not text[span.start].isspace()
            reached = span.end


def test_accents_quotes_and_dashes_are_made_plain() -> None:
    assert fold("Málaga’s “Łódź” İzmir") == 'malaga\'s "lodz" izmir'


def test_a_title_before_a_name_does_not_end_a_sentence() -> None:
    text = "Gen. Okoro met Mr. Diallo in the U.S. embassy. They talked."

    spans = SentenceFinder(text, ABBREVIATIONS).of_paragraph(0)

    assert [text[s.start : s.end] for s in spans] == [
        "Gen. Okoro met Mr. Diallo in the U.S. embassy.",
        "They talked.",
    ]


def test_only_a_first_sentence_opens_a_text() -> None:
    finder = SentenceFinder("\n\nThey met. They talked.\n\nThey left.", ABBREVIATIONS)
    starts = [span.start for index in range(2) for span in finder.of_paragraph(index)]

    assert [finder.opens(start) for start in starts] == [True, False, False]


def test_text_without_capitals_is_split_too() -> None:
    text = "police came at night. they took two men away."

    assert len(SentenceFinder(text, ABBREVIATIONS).of_paragraph(0)) == 2


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    text = (
        "THE ARMY SAID THAT A PATROL HAD MET A GROUP OF ARMED MEN NEAR THE\n"
        "BRIDGE AND THAT SHOTS WERE EXCHANGED FOR ALMOST AN HOUR UNTIL DAWN.\n\n"
        "NO ONE WAS HURT."
    )

    assert len(find_paragraphs(text)) == 2


def test_a_headline_stands_apart_from_the_line_below() -> None:
    text = "Police hold two in Lyon\nOfficers in Lyon said on Monday that two people were held over the fire there."

    assert len(find_paragraphs(text)) == 2


def test_the_sentence_around_an_offset_holds_it() -> None:
    text = "One here. Two here.\n\nThree here."
    finder = SentenceFinder(text, ABBREVIATIONS)

    span = finder.around(text.index("Three"))

    assert span is not None
    assert text[span.start : span.end] == "Three here."


def test_what_an_agency_writes_before_a_headline_is_no_word_of_it() -> None:
    text = "UPDATE 2-Gunmen kill four\n\nMARCH 10-day talks end"
    assert [text[start:end] for start, end in find_paragraphs(text)] == ["Gunmen kill four", "MARCH 10-day talks end"]
