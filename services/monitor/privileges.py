"""What the role of the monitor may do with the tables of its owner (PostgreSQL)."""

from services.monitor.access.tables import metadata as people
from services.monitor.alerts.tables import alert
from services.monitor.derived import person
from services.monitor.erasures import erased
from shared.privileges import APPEND, CHANGE, KEEP, READ, REGISTRY, Privileges

MONITOR: Privileges = {
    # What was read, what is derived, and alerts, of one metadata: the tables named here bring in the modules of all.
    **dict.fromkeys((*person.metadata.tables, *alert.metadata.tables), CHANGE),
    erased.name: KEEP,
    "monitor_version": READ,
    **REGISTRY,
}
"""Its rows are made from facts, and made again; those about alerts are beside them."""

ACCESS: Privileges = {
    **dict.fromkeys(people.tables, CHANGE),
    "access_log": APPEND,
    "erased_in_log": READ,
    "account": ("SELECT", "UPDATE (password_hash)"),
    "access_version": READ,
}
"""Accounts are made and removed by commands, as the owner; a password is hashed anew when its owner signs in."""
