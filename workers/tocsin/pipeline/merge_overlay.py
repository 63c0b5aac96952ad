"""Events as they stand within one commit of merge: read once for all its articles, changed in memory one after another.

An article finds the events that it would find if every article before it had been committed by itself: what the
commit changed is looked up under its new keys, everything else as the store has it.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from tocsin.core.events.blocking import event_keys, lookup_keys
from tocsin.core.events.identity import Profile, profile_of_event
from tocsin.core.events.lineage import Kinship
from tocsin.core.events.values import Event
from tocsin.core.messages import Kind, Row
from tocsin.pipeline.event_rows import event_from
from tocsin.ports import Store

MAX_CANDIDATES = 60
MAX_KNOWN = 5_000


@dataclass(slots=True, kw_only=True)
class EventCache:
    """Events and their profiles as last read, the longest unused one forgotten first."""

    kinship: Kinship
    entries: OrderedDict[str, tuple[int, Event, Profile]] = field(default_factory=OrderedDict)

    def read(self, row: Row) -> tuple[Event, Profile]:
        """The event in a row and its profile."""
        version, event, profile = self.entries.pop(row.id, (0, None, None))
        if event is None or profile is None or version != row.version:
            event = event_from(row)
            profile = profile_of_event(event, kinship=self.kinship)
        self.keep(row.version, event, profile)
        return event, profile

    def keep(self, version: int, event: Event, profile: Profile) -> None:
        """Remember what was read or written."""
        self.entries[event.id] = (version, event, profile)
        if len(self.entries) > MAX_KNOWN:
            self.entries.popitem(last=False)


@dataclass(slots=True, kw_only=True)
class Overlay:
    """`versions` are those that were read; `changed` the ids to write, in order of their last change."""

    known: EventCache
    versions: dict[str, int] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stored: dict[str, list[str]] = field(default_factory=dict)
    moved: dict[str, dict[str, None]] = field(default_factory=dict)
    here: dict[str, None] = field(default_factory=dict)

    def read(self, profiles: Iterable[Profile], store: Store) -> None:
        """Read every event that one of the accounts may be of."""
        keys = dict.fromkeys(key for profile in profiles for key in lookup_keys(profile))
        self.stored = store.find_any(Kind.EVENT, list(keys), limit=MAX_CANDIDATES) if keys else {}
        ids = list(dict.fromkeys(event_id for found in self.stored.values() for event_id in found))
        for row in store.get_many(Kind.EVENT, ids) if ids else ():
            self.versions[row.id] = row.version
            self.events[row.id], self.profiles[row.id] = self.known.read(row)

    def next_article(self) -> None:
        """What an article has looked at stays in its view; the next one begins anew."""
        self.here = {}

    def candidates(self, profile: Profile) -> list[tuple[Event, Profile]]:
        """The events that share a block with the account, and those that its article has to do with already."""
        for key in lookup_keys(profile):
            moved = [*reversed(self.moved.get(key, {}))]
            still = (event_id for event_id in self.stored.get(key, ()) if event_id not in self.changed)
            self.here |= dict.fromkeys([*moved, *still][:MAX_CANDIDATES])
        return [(self.events[event_id], self.profiles[event_id]) for event_id in self.here if event_id in self.events]

    def put(self, event: Event) -> None:
        """The event as it is from now on."""
        for key in self.changed.pop(event.id, ()):
            self.moved[key].pop(event.id, None)
        profile = profile_of_event(event, kinship=self.known.kinship)
        keys = () if event.redirected_to else event_keys(profile)
        for key in keys:
            self.moved.setdefault(key, {})[event.id] = None
        self.events[event.id], self.profiles[event.id] = event, profile
        self.changed[event.id] = keys
        self.here[event.id] = None
