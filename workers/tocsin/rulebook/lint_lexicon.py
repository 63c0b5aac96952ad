"""Word classes and the table of what they serve, against each other and against the grammar table."""

from collections.abc import Iterator

from tocsin.rulebook.book import Book
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.suggest import did_you_mean


def check_class_references(book: Book) -> Iterator[Problem]:
    """The parents of word classes exist."""
    for word_class in book.classes:
        for number, name in enumerate(word_class.model.parents):
            yield from book.unknown(word_class, ("parents", number), "word class", name)


def check_functions(book: Book) -> Iterator[Problem]:
    """What serves a function is a word class or a function before it, and what makes a noun one is a word list."""
    for source in book.functions:
        known: set[str] = set()
        for function, names in source.model.serves.items():
            for number, name in enumerate(names):
                if name not in known:
                    yield from book.unknown(source, ("serves", function, number), "word class", name)
            known.add(function)
        lists = book.word_lists(source.lang)
        for listed, names in source.model.makes.items():
            if listed not in lists:
                message = f"there is no word list '{listed}' in the grammar table"
                yield source.error(("makes", listed), "unknown-word-list", message, did_you_mean(listed, lists))
            for number, name in enumerate(names):
                yield from book.unknown(source, ("makes", listed, number), "word class", name)
