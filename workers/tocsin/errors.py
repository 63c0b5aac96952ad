"""Every exception Tocsin raises on purpose. Anything else that escapes is a bug.

TocsinError
├── SettingsError            a setting or secret is missing or unusable
├── RulebookError            the rulebook has errors; carries every Problem
├── CorpusError              a labelled corpus or its label map cannot be read; carries every problem
│   ├── EmptySplit           it has no row in the part that was asked for
│   └── UnreadRow            the detector failed on a row: there is no score without it
├── StoreError               the store could not do what was asked
│   ├── StoreUnavailable     it does not answer (down, full, loading, wrong password)
│   ├── Conflict             a row is not in the expected state: somebody else did the step
│   ├── FenceLost            the lease is another holder's now
│   └── FormatTooNew         the rows were written by a newer Tocsin
├── FetchError               a feed or page could not be fetched
│   ├── FetchTimeout         it took longer than its limit
│   ├── FetchUnreachable     DNS or connection failed
│   ├── BodyTooLarge         more bytes than the limit after decompression
│   ├── TooManyRedirects     more hops than the limit
│   └── PrivateAddress       the name leads to an address that is not public
├── NotAFeed                 the bytes are no RSS, Atom or JSON feed
└── JobRefused               a job that this project did not write
"""


class TocsinError(Exception):
    """Base of the tree. `str()` is one line an operator can act on."""


class SettingsError(TocsinError):
    """A setting or secret is missing or unusable; the message names it and what to do."""


class RulebookError(TocsinError):
    """The rulebook has errors. `problems` holds all of them, already rendered, in file order."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((*self.problems, str(self.args[0])))


class CorpusError(TocsinError):
    """A labelled corpus or its label map cannot be read. `problems` holds what is wrong, already rendered."""

    def __init__(self, message: str, problems: tuple[str, ...] = ()) -> None:
        super().__init__(message, problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join((*self.problems, str(self.args[0])))


class EmptySplit(CorpusError):
    """A corpus has no row in the part that was asked for."""


class UnreadRow(CorpusError):
    """The detector failed on a row of a corpus; what it raised is in the log."""


class StoreError(TocsinError):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):
    """The store does not answer. The client's error is chained to this one."""


class Conflict(StoreError):
    """A row is not in the expected state, so nothing was written."""

    def __init__(self, kind: str, row_id: str, expected: str, found: str) -> None:
        super().__init__(kind, row_id, expected, found)
        self.kind, self.row_id, self.expected, self.found = kind, row_id, expected, found

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}: expected {self.expected}, found {self.found}"


class FenceLost(StoreError):
    """The lease named by the commit is held under another token, so nothing was written."""

    def __init__(self, lease: str, token: int) -> None:
        super().__init__(lease, token)
        self.lease, self.token = lease, token

    def __str__(self) -> str:
        return f"lease '{self.lease}': token {self.token} is no longer the holder's"


class FormatTooNew(StoreError):
    """The rows were written by a newer Tocsin: upgrade this one, or restore a backup."""


class FetchError(TocsinError):
    """A feed or page could not be fetched. The client's error is chained to this one."""

    def __init__(self, url: str, reason: str = "") -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason

    def __str__(self) -> str:
        return f"{self.url}: {self.reason or (self.__doc__ or '').split('.')[0].lower()}"


class FetchTimeout(FetchError):
    """It took longer than the limit."""


class FetchUnreachable(FetchError):
    """The name did not resolve or the connection failed."""


class BodyTooLarge(FetchError):
    """The body is larger than the limit after decompression."""


class TooManyRedirects(FetchError):
    """More redirects than the limit."""


class PrivateAddress(FetchError):
    """The name leads to an address that is not public; allow it in the settings if it is yours."""


class NotAFeed(TocsinError):
    """The bytes are no RSS, Atom or JSON feed."""


class JobRefused(TocsinError):
    """A job that this project did not write: logged, never run."""
