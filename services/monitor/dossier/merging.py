"""Persons under several pseudonyms: who is one person by the merges that stand, and all that is said of each; pure.

Merges join in any direction and over any number of steps, so who is one person depends on the set of merges only (D13).
A person is named by the least of the pseudonyms. What is said under each of them counts as if it was said under that
one, so every rule of the fold holds for all of it together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.monitor.dossier.records import standing
from services.monitor.dossier.rules import Rules
from services.monitor.dossier.state import Dossier
from shared.facts.envelope import AcceptedEvent
from shared.facts.erasure import PseudonymsMerged
from shared.facts.records import record_of


@dataclass(frozen=True, slots=True)
class Group:
    """One young person."""

    name: str
    """The least of the pseudonyms."""
    also: tuple[str, ...]
    """The others, in order."""
    facts: Sequence[AcceptedEvent]
    """All facts of every record that any of them ever had, told under the name."""

    @property
    def told(self) -> Sequence[AcceptedEvent]:
        """The same, but for what only says which pseudonyms are one; empty where nothing else was said of the person.

        Then there is no dossier.
        """
        found = [one for one in self.facts if not about_names(one)]
        return found if any(one.subject == self.name for one in found) else ()

    def fold(self, fold: Callable[..., Dossier], *, rules: Rules) -> Dossier:
        """The dossier of this person."""
        return replace(fold(self.name, self.facts, rules=rules), also=self.also)


def groups(facts: Mapping[str, Iterable[AcceptedEvent]]) -> Iterator[Group]:
    """Who of these is one person, in order of their names.

    `facts` are, by pseudonym, all facts of the records that each ever had; of everybody whom a merge among them names.
    """
    known = {name: tuple(told) for name, told in facts.items()}
    merges = ((name, standing(name, told).of(PseudonymsMerged)) for name, told in known.items())
    pairs = ((name, one.fact.other) for name, found in merges for one in found)
    for members in connected(known, pairs):
        name, *also = members
        about = (event for member in members for event in known[member])
        yield Group(name, tuple(also), tuple(under(name, members, about)))


def under(name: str, members: Iterable[str], facts: Iterable[AcceptedEvent]) -> Iterator[AcceptedEvent]:
    """These facts, those about any of the members told of the name."""
    others = {member for member in members if member != name}
    return (one.model_copy(update={"subject": name}) if one.subject in others else one for one in facts)


def about_names(event: AcceptedEvent) -> bool:
    """Whether it is a merge, or takes one back: such a fact says nothing of what became of anybody."""
    return record_of(event)[1] == PseudonymsMerged.fact_name


def connected(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """These names in parts that no pair crosses, each in order, and the parts in order of their first."""
    part = {name: {name} for name in names}
    for one, other in pairs:
        if part[one] is not part[other]:
            whole = part[one] | part[other]
            part.update(dict.fromkeys(whole, whole))
    return sorted(sorted(members) for members in {id(members): members for members in part.values()}.values())


def pseudonyms(dossiers: Iterable[Dossier]) -> Mapping[str, tuple[str, ...]]:
    """Whom each of these names stands for in one dossier or another, as several do; other names are not in there."""
    pairs = [(one.person, other) for one in dossiers for other in one.also]
    parts = connected({name for pair in pairs for name in pair}, pairs)
    return {name: tuple(members) for members in parts for name in members}
