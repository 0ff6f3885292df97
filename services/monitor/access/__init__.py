"""Who reads the monitor, and what they may see: readers, roles, and how a request becomes one of them."""

from services.monitor.access.entry import Access
from services.monitor.access.reader import ALL, Bound, Reader, may_see, within

__all__ = ["ALL", "Access", "Bound", "Reader", "may_see", "within"]
