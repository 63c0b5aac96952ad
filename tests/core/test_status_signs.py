"""The signs of a sentence: the part of each status list that stands in it, always in the list's order."""

from tocsin.core.status_signs import SignFinder

LISTS = {
    "report_verbs": ("said", "told"),
    "hedge_phrases": ("is said to", "said to have", "so-called"),
    "drill_words": ("drill",),
}


def test_words_and_whole_phrases_that_stand_in_the_sentence_are_found_by_list() -> None:
    found = SignFinder(LISTS).within("he is said to have told a so-called expert".split())

    assert found == {"report_verbs": ("said", "told"), "hedge_phrases": ("is said to", "said to have", "so-called")}


def test_a_phrase_of_which_only_the_beginning_stands_there_is_no_sign() -> None:
    assert SignFinder(LISTS).within("police said to reporters".split()) == {"report_verbs": ("said",)}


def test_the_first_of_a_list_comes_first_wherever_it_stands() -> None:
    assert SignFinder(LISTS).within("told , he said".split())["report_verbs"] == ("said", "told")


def test_a_sentence_without_signs_has_none() -> None:
    assert SignFinder(LISTS).within("rain fell".split()) == {}
