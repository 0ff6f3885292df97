"""Who reads the monitor, and what they may see: readers and roles, signing in, and the log of every look at a case."""

from services.monitor.access.entry import Access
from services.monitor.access.log import Deed
from services.monitor.access.places import Places, places_of
from services.monitor.access.reader import ALL, Bound, Reader, may_see, within

__all__ = ["ALL", "Access", "Bound", "Deed", "Places", "Reader", "may_see", "places_of", "within"]
