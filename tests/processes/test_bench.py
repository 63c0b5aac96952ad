"""The benchmark's own parts: seeded text, rulebooks of the stated size, the keyword list, honest verdicts."""

from collections import Counter

from bench.articles import WORDS, article_of, make_articles, make_worst
from bench.figures import at_least, at_most, percentile
from bench.keywords import KEYWORDS, detect_keywords
from bench.rulebooks import count_aliases, with_aliases, with_rules

from tocsin.core.rulebook import Rulebook
from tocsin.core.rules import Rule


def test_generated_articles_are_the_same_every_time_and_of_the_stated_length() -> None:
    first, second = make_articles(40), make_articles(40)

    assert [article.text for article in first] == [article.text for article in second]
    assert len({article.text for article in first}) == 40
    assert all(WORDS - 60 <= len(article.body.split()) <= WORDS + 60 for article in first)


def test_one_generated_article_in_five_has_events_by_the_keyword_list_at_least() -> None:
    rung = Counter(bool(detect_keywords(article).mentions) for article in make_articles(50))

    assert rung[True] >= 20
    assert all(len(detect_keywords(article).mentions) > 3 for article in make_worst(5))


def test_rulebooks_grow_to_the_stated_size() -> None:
    small = Rulebook(rules=tuple(Rule(id=f"r{number}", title="R") for number in range(3)))

    assert count_aliases(with_aliases(small, 50)) == 50
    grown = with_rules(small, 8)
    assert [rule.id for rule in grown.rules] == ["r0", "r1", "r2", "r0_2", "r1_2", "r2_2", "r0_3", "r1_3"]


def test_a_bar_is_judged_by_the_median() -> None:
    assert at_least("rate", [900, 1600, 1700], "/s", 1500).met
    assert not at_most("p99", [4, 6, 7], "ms", 5).met
    assert at_least("rate", [900, 1600, 1700], "/s", 1500).render() == "1,600 /s  (900 to 1,700)"
    assert percentile(range(101), 0.99) == 99


def test_a_keyword_mention_is_located_in_its_sentence() -> None:
    article = article_of("It rained. Two men were arrested. It rained on.")
    [mention] = detect_keywords(article).mentions

    text = article.text
    assert (mention.type, text[mention.trigger.start : mention.trigger.end]) == ("arrest", "arrested")
    assert text[mention.sentence.start : mention.sentence.end] == mention.sentence_text == "Two men were arrested."
    assert "arrest" in KEYWORDS
