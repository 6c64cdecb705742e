from typing import Any


class OwnerMigrates:
    """Both aliases are one database; only the owner of its tables changes them."""

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
