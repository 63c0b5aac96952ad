"""A sentence as parallel lists of tokens."""

import re
from bisect import bisect_right
from collections.abc import Mapping

from tocsin.core.article import Span
from tocsin.core.dates.resolver import DateMention
from tocsin.core.lexicon import Lexicon
from tocsin.core.mentions import PlaceMention
from tocsin.core.numbers.finder import NumberMention

MAX_TOKENS = 160
_TOKEN = re.compile(
    # Most words are nothing but letters; to try them first halves the time.
    r"[^\W\d_]{2,}+(?![-/&'\d])|(?:[^\W\d_]\.){2,}(?:-[^\W_]+)*|(?:(?<![\w.])\.)?\d+(?:[.,:]\d+)*(?:[^\W\d_]+)?(?:-[^\W_]+)*|[^\W\d_]+n't\b|'s\b"
    # An apostrophe inside a name ("Shi'ite", "Sana'a", "N'Djamena") is a letter; one that elides ("l'", "qu'") is none.
    r"|(?:[^\W\d_]{2,}(?<!qu)'(?!(?:s|d|m|t|ll|re|ve)\b)(?=[^\W\d_])"
    r"|[^\W\d_]'(?!(?:s|d|m|t|ll|re|ve)\b)(?=[bcdfgjklmnpqrstvwxz]))?"
    r"[^\W_]+(?:[-/&][^\W_]+)*|[^\w\s]|_+"
)


class Group:
    """A noun group: tokens `start` to `end`, its `head`, what governs it and what hangs on it.

    `prep` is the token of the governing preposition, -1 for none. `owner` is the index of the possessor's group
    ("Israel" in "Israel's strikes"), -1 for none; `of` that of the group after "of". `mask` is what the head is,
    `inner` what its modifiers are. `alias` holds an actor named in the group, `link` one that a modifier names.
    """

    __slots__ = (
        "actor",
        "actors",
        "count",
        "country",
        "demonym",
        "end",
        "exact",
        "head",
        "index",
        "inner",
        "mask",
        "of",
        "owner",
        "paren",
        "place",
        "prep",
        "start",
        "tags",
    )

    def __init__(self, index: int, start: int, end: int, head: int) -> None:
        self.index, self.start, self.end, self.head = index, start, end, head
        self.mask = self.inner = 0
        self.prep = self.owner = self.of = -1
        self.paren = -1
        self.count: int | None = None
        self.exact = True
        self.actor: str | None = None
        self.actors: tuple[str, ...] = ()
        self.place = False
        self.country: str | None = None
        self.demonym = False
        self.tags = 0


class Sentence:
    """Tokens of one sentence. `word`, `tag`, `mask`, `start`, `end` run in parallel; offsets index the article."""

    __slots__ = (
        "cap",
        "caseless",
        "dates",
        "end",
        "everything",
        "finite",
        "group_at",
        "groups",
        "index",
        "lexicon",
        "mask",
        "numbers",
        "paragraph",
        "places",
        "signs",
        "span",
        "start",
        "tag",
        "title",
        "titled",
        "word",
    )  # fmt: skip

    def __init__(self, span: Span, word: list[str], start: list[int], end: list[int], lexicon: Lexicon) -> None:
        self.span = span
        self.word, self.start, self.end = word, start, end
        self.tag: list[int] = []
        self.mask: list[int] = []
        self.cap: list[bool] = []
        self.caseless = False
        self.titled = False
        self.everything = 0
        self.title = False
        self.index = 0
        self.paragraph = 0
        self.dates: tuple[DateMention, ...] = ()
        self.places: tuple[PlaceMention, ...] = ()
        self.numbers: dict[int, NumberMention] = {}
        self.signs: Mapping[str, tuple[str, ...]] | None = None
        self.groups: list[Group] = []
        self.group_at: list[int] = []
        self.finite: list[bool] = []
        self.lexicon = lexicon

    def __len__(self) -> int:
        return len(self.word)

    def token_at(self, offset: int) -> int:
        """Index of the token that holds `offset`, or of the next one; `len` beyond the last."""
        return bisect_right(self.end, offset)

    def words(self, start: int, end: int) -> str:
        """The folded words of a token range, blank between them."""
        return " ".join(self.word[start:end])


def find_words(folded: str, start: int, end: int) -> list[str]:
    """The words of the tokens of a stretch, however many."""
    return _TOKEN.findall(folded, start, end)


def tokenise(folded: str, span: Span, lexicon: Lexicon) -> Sentence:
    """Tokens of one sentence; at most `MAX_TOKENS`, the rest is not looked at."""
    word = find_words(folded, span.start, span.end)[:MAX_TOKENS]
    start: list[int] = []
    end: list[int] = []
    at = span.start
    find = folded.index
    for text in word:  # only blanks are left between tokens, so each is the next of its kind
        at = find(text, at)
        start.append(at)
        at += len(text)
        end.append(at)
    return Sentence(span, word, start, end, lexicon)
