"""The schemas of the databases, step by step: one folder of steps for each chain."""

from shared.migrations.upgrade import SchemaAhead, SchemaBehind, knows, require_known, upgrade, version_table

__all__ = ["SchemaAhead", "SchemaBehind", "knows", "require_known", "upgrade", "version_table"]
