"""The schemas of the databases, step by step: one folder of steps for each chain."""

from shared.migrations.upgrade import SchemaBehind, knows, upgrade, version_table

__all__ = ["SchemaBehind", "knows", "upgrade", "version_table"]
