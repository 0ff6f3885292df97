"""Alerts of persons who are one, or were: each goes on under the name of whoever has its case now; pure.

So nobody is told anew when a dossier gets another name, by a merge or when one is taken back, and what was closed stays
closed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.monitor.alerts.conditions.alert import Alert
from services.monitor.alerts.life import Change, Happening, Kept, Now, life
from services.monitor.dossier.state import Dossier

MERGED = "merged"
"""Closed because the same alert is on record under another pseudonym of the young person."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A dossier, and what the rules say of it."""

    dossier: Dossier
    spells: Sequence[Alert]
    """All spells of its alerts through time."""
    missing: tuple[str, ...]
    """What is missing for the person, the most pressing first."""

    @property
    def names(self) -> tuple[str, ...]:
        """Every pseudonym of the person."""
        return (self.dossier.person, *self.dossier.also)

    def has(self, one: Kept) -> bool:
        """Whether the case of this alert is one of the dossier."""
        rule, threshold, _, about = one.key
        return any(
            (alert.rule, alert.threshold) == (rule, threshold) and about in (alert.case.about, *alert.case.also)
            for alert in self.spells
        )


def lives(kept: Iterable[Kept], judged: Mapping[str, Judged], *, now: Now) -> list[Change]:
    """What happens to the alerts on record of one family, or of one person, by what is judged of its dossiers."""
    own: dict[str, list[Kept]] = {name: [] for name in judged}
    moved: dict[str, Change] = {}
    left: list[Kept] = []
    for one, name in _shared_out(kept, judged):
        if name is None:
            left.append(one)
            continue
        renamed = replace(one, alert=replace(one.alert, case=replace(one.alert.case, person=name)))
        own[name].append(renamed)
        if renamed != one:
            moved[one.id] = Change(one, renamed, ())
    changes: list[Change] = []
    for name, found in judged.items():
        changes += life(own[name], found.spells, now=now, missing=found.missing)
    changed = {change.before.id for change in changes if change.before is not None}
    changes += (change for identity, change in moved.items() if identity not in changed)
    if judged:
        return [*changes, *(_closed(one, now) for one in left if one.state != "closed")]
    return [*changes, *life(left, (), now=now)]


def _shared_out(kept: Iterable[Kept], judged: Mapping[str, Judged]) -> Iterator[tuple[Kept, str | None]]:
    """Each alert with the dossier under which it goes on: the one that has its case, else the one of its person.

    None for an alert whose person has no dossier, and for one whose key is taken there: of two open alerts about one
    case the one goes on that has the name already.
    """
    told_of = {name: dossier for dossier, found in judged.items() for name in found.names}
    known = sorted(kept, key=lambda one: (told_of.get(one.alert.case.person) != one.alert.case.person, one.id))
    taken = {one.key for one in known}
    for one in known:
        rule, threshold, person, about = one.key
        own = told_of.get(person)
        in_turn = sorted(judged, key=lambda name: (name != own, name))
        name = next((name for name in in_turn if judged[name].has(one)), own)
        if name is not None and name != person:
            key = rule, threshold, name, about
            name = None if key in taken else name
            taken.add(key)
        yield one, name


def _closed(one: Kept, now: Now) -> Change:
    after = replace(one, state="closed", closed_on=now.today, closed_reason=MERGED, version=one.version + 1)
    return Change(one, after, (Happening("closed", {"reason": MERGED, "was": None, "now": None}),))
