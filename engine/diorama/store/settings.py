"""Settings that all servers of a store share: JSON by name, and what is not set has its default."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from pydantic import JsonValue
from sqlalchemy import delete, select

from diorama.store.calls import CallStore
from diorama.store.tables import settings
from diorama.store.upserts import replacing


class Settings:
    """The settings of a store. What names and values may be is for those who use them."""

    def __init__(self, store: CallStore) -> None:
        self.store = store

    def all(self) -> dict[str, JsonValue]:
        """Everything that was set."""
        with self.store.reading() as connection:
            return {name: orjson.loads(value) for name, value in connection.execute(select(settings))}

    def get(self, name: str, default: JsonValue = None) -> JsonValue:
        """One setting, or the default."""
        with self.store.reading() as connection:
            found = connection.execute(select(settings.c.value).where(settings.c.name == name)).scalar()
        value: JsonValue = default if found is None else orjson.loads(found)
        return value

    def set(self, values: Mapping[str, JsonValue]) -> None:
        """Set some, all or none; None gives a setting its default again."""
        kept = [{"name": name, "value": orjson.dumps(value)} for name, value in values.items() if value is not None]
        with self.store.promising() as connection:
            connection.execute(delete(settings).where(settings.c.name.in_(list(values))))
            if kept:
                connection.execute(replacing(connection, settings, "name"), kept)
