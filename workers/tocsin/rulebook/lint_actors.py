"""Actors: their families, and aliases that would match too much."""

from collections.abc import Iterator

from tocsin.rulebook.book import Book
from tocsin.rulebook.lint_rules import find_cycle
from tocsin.rulebook.models_actors import AliasModel, WatchlistModel
from tocsin.rulebook.problems import Problem
from tocsin.rulebook.sources import Source
from tocsin.rulebook.validate import Loc

SHORT = 2


def check_actor_references(book: Book) -> Iterator[Problem]:
    """Parents and included actors exist, and no actor is its own ancestor."""
    parents = {actor.id: actor.parent for _, _, actor in book.actors()}
    for source, number, actor in book.actors():
        if actor.parent is None:
            continue
        loc: Loc = ("actors", number, "parent")
        yield from book.unknown(source, loc, "actor", actor.parent)
        if cycle := find_cycle(actor.id, parents):
            message = f"the parents go round in a circle ({cycle})"
            yield source.error(loc, "parent-cycle", message, "delete one of them")
    for source in book.watchlists:
        for number, name in enumerate(source.model.include):
            yield from book.unknown(source, ("include", number), "actor", name)
        if not source.model.actors and not source.model.include:
            message = f"watchlist '{source.model.id}' has no actors"
            yield source.warning(("id",), "empty-watchlist", message, "list some under 'actors' or 'include'")


def check_aliases(book: Book) -> Iterator[Problem]:
    """An actor has a name to be known by, each once, none cancelled by itself, none so short that it matches often."""
    for source, number, actor in book.actors():
        if not any(actor.aliases.values()) and not actor.append:
            message = f"actor '{actor.id}' has no alias"
            yield source.warning(("actors", number, "id"), "no-alias", message, "list its names under 'aliases'")
        cancelled = {phrase.casefold() for phrase in actor.never}
        for lang, aliases in actor.aliases.items():
            seen: dict[str, int] = {}
            for index, alias in enumerate(aliases):
                loc: Loc = ("actors", number, "aliases", lang, index)
                first = seen.setdefault(alias.text, index)
                if first != index:
                    at = source.at("actors", number, "aliases", lang, first)
                    message = f"alias '{alias.text}' is already listed at {at.line}:{at.column}"
                    yield source.warning(loc, "duplicate-alias", message, "keep one of the two")
                elif alias.text.casefold() in cancelled:
                    message = f"alias '{alias.text}' is cancelled by the same phrase under 'never'"
                    yield source.error(loc, "contradiction", message, "delete one of the two")
                yield from _short(source, loc, alias)


def _short(source: Source[WatchlistModel], loc: Loc, alias: AliasModel) -> Iterator[Problem]:
    if alias.case == "exact" or len(alias.text) > 2 * SHORT:
        return
    # Two ideographs make a name; two letters of an alphabet with capitals make a word.
    letters = sum(character.isalpha() for character in alias.text)
    if letters <= SHORT and alias.text.upper() != alias.text.lower():
        message = f"alias '{alias.text}' has {letters} letters and will match often"
        yield source.warning(loc, "short-alias", message, "add 'case: exact'")


def check_shared_aliases(book: Book) -> Iterator[Problem]:
    """A name that two actors share, in whatever language, is told apart by country or by the words near it."""
    seen: dict[str, tuple[str, Source[WatchlistModel], Loc, AliasModel]] = {}
    for source, number, actor in book.actors():
        for lang, aliases in actor.aliases.items():
            for index, alias in enumerate(aliases):
                loc: Loc = ("actors", number, "aliases", lang, index)
                first = seen.setdefault(alias.text.casefold(), (actor.id, source, loc, alias))
                if first[0] != actor.id and not (_narrowed(alias) and _narrowed(first[3])):
                    where = first[1].where(*first[2])
                    message = f"alias '{alias.text}' of '{actor.id}' is also one of '{first[0]}' in {where}"
                    yield source.warning(loc, "shared-alias", message, "add 'country' or 'near' to both")


def _narrowed(alias: AliasModel) -> bool:
    return bool(alias.country or alias.near)
