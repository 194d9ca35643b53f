"""What is ticked of a list of entries, remembered as what differs from each entry's default. No Qt."""

from collections.abc import Iterable

from app.gui.parts.entry import Entry


class Ticking:
    """Remembers only the keys that were ``toggled``, so that something new starts as it should."""

    toggled: set[str]
    _entries: list[Entry]

    @property
    def entries(self) -> list[Entry]:
        """All that can be ticked, in order."""
        return list(self._entries)

    def entry(self, key: str) -> Entry | None:
        """The one with that key."""
        return next((entry for entry in self._entries if entry.key == key), None)

    def ticked(self) -> list[str]:
        """Keys of what is ticked and can be chosen, in order."""
        return [entry.key for entry in self._entries if entry.enabled and self._wanted(entry)]

    def _wanted(self, entry: Entry) -> bool:
        return entry.default != (entry.key in self.toggled)

    def _note(self, keys: Iterable[str], ticked: bool) -> bool:
        """Tick or untick these, as far as they can be; whether that changed anything."""
        wanted, before = set(keys), set(self.toggled)
        for entry in self._entries:
            if entry.key in wanted and entry.enabled and self._wanted(entry) != ticked:
                self.toggled ^= {entry.key}
        return self.toggled != before
