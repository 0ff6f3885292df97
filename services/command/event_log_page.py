"""Writes docs/event-log.md from the tables of the event log itself: `make docs`."""

import sys

from services.monitor.eventlog.as_csv import COLUMNS
from services.monitor.eventlog.happening import ACTIVITIES, ATTRIBUTES

_OPENING = """\
# The event log

For analysts and their tools: all that happened to everybody, in files.

```sh
doorstroom export log                                  # all four files below, in the folder log
doorstroom export log-of-march --known 2026-03-31      # as it was known when that day ended
doorstroom export log-csv --format csv
```

`GET /v1/exports/events.csv` of the monitor, and the same for the other three, gives it to who may see cases (the scope
`cases:read`), of the young persons whom they may see; `?known=` as above.

| file | what it is |
| --- | --- |
| `events.csv` | a line for each thing that happened (RFC 4180, UTF-8) |
| `events.parquet` | the same rows (Apache Parquet), with days as dates and numbers as numbers |
| `log.xes` | XES (IEEE 1849-2016): a trace for each young person |
| `log.ocel.json` | OCEL 2.0: events, and the young persons, closures, placements and so on that they are about |

The last two are what tools for process mining read; tried with PM4Py 2.7.

**The numbers are those of the figures.** The log tells what follows from the facts by the
[counting rules](definitions.md), from the same dossiers that every figure is counted from: what was corrected or
withdrawn is told as it stands, and a doorplaatsing is there where one counts. What was accepted after `--known` is not
in it, nor what is dated after that day. The command says `for ever` where no fact can come any more that changes what
was known then.

**Nobody is named, and it is personal data all the same.** A young person has a number that this log alone knows; the
next one gives others, in another order. Neither pseudonyms nor the keys of publishers are in it. But days, places and
an age together may tell who somebody is: treat a log as you treat the cases it was made of, and publish counts of it by
the rules of [access.md](access.md). That a log was made, by whom and as known when, is in the access log before it is
written. Only their owner can read the files. When somebody is erased, what was exported before is yours to destroy.

Days are days in Amsterdam; where a format wants a moment, it is the midnight with which the day begins. Things of one
day stand in the order of the first table: what ends comes before what begins, but for the end of what began that day.

## What happens

| activity | what it is |
| --- | --- |
"""

_ATTRIBUTES = """
## What is said of it

`closure`, `placement`, `machtiging`, `consult`, `support` and `waitlist` name what it is about, the same in all files
of one log. A placement without a closure is of another regime than jw6.

| attribute | what it is |
| --- | --- |
"""


def event_log_page() -> str:
    """The page, in Markdown."""
    activities = (f"| `{name}` | {meaning} |\n" for name, meaning in ACTIVITIES.items())
    attributes = (f"| `{name}` | {ATTRIBUTES[name]} |\n" for name in COLUMNS if name in ATTRIBUTES)
    return "".join((_OPENING, *activities, _ATTRIBUTES, *attributes))


def main() -> None:
    """Print the page."""
    sys.stdout.write(event_log_page())


if __name__ == "__main__":
    main()
