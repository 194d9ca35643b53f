"""What the window remembers between starts. Whatever a damaged settings file holds, it starts."""

import json
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

Value = TypeVar("Value", bool, int, float, str, list[str])


class Memory:
    """Choices by key, each stored as JSON; a value of the wrong type counts as absent."""

    def __init__(self, settings: QSettings | None = None) -> None:
        if settings is None:
            scope = QSettings.Scope.UserScope
            settings = QSettings(QSettings.Format.IniFormat, scope, "Kernelscope", "Kernelscope")
        self._settings = settings

    def read(self, key: str, default: Value) -> Value:
        """The remembered value, or ``default``."""
        try:
            value: Any = json.loads(str(self._settings.value(key)))
        except (ValueError, RuntimeError, EOFError, TypeError):
            return default
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if type(value) is not type(default):
            return default
        if isinstance(value, list) and not all(isinstance(item, str) for item in value):
            return default
        return value

    def write(self, key: str, value: Value) -> None:
        """Remember ``value``."""
        self._settings.setValue(key, json.dumps(value))

    def read_bytes(self, key: str) -> QByteArray:
        """A remembered layout; empty when there is none that can be read."""
        return QByteArray.fromHex(self.read(key, "").encode("ascii", "ignore"))

    def write_bytes(self, key: str, value: QByteArray) -> None:
        """Remember a layout."""
        self.write(key, bytes(value.toHex().data()).decode())

    def sync(self) -> None:
        """Write to disk now."""
        self._settings.sync()
