"""What a rule of the alerts is: a dated row of the rule file, checked against this model before anything is judged."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Level(StrEnum):
    """How much an alert asks of people: info is read, amber is worked on, orange is discussed, red is done today."""

    INFO = "info"
    AMBER = "amber"
    ORANGE = "orange"
    RED = "red"

    @property
    def rank(self) -> int:
        """0 for info; the higher, the sooner somebody has to act."""
        return LEVELS.index(self)


LEVELS = tuple(Level)

Owner = Literal["treatment-lead", "legal-desk", "placement-desk", "region-desk", "data-desk", "national-desk"]
"""The role that acts: treatment lead (gedragswetenschapper), legal desk (juridische zaken), placement desk
(plaatsingscoördinatie), region desk (jeugdregio), data desk (gegevensbeheer) or national desk (landelijke regie)."""

About = Literal["person", "accommodation", "region", "source", "country"]
Count = Annotated[int, Field(ge=0, le=100_000)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
RuleId = Annotated[str, Field(pattern=r"^A\d\d$")]
Sentence = Annotated[str, Field(min_length=3, max_length=400)]

_STRICT = ConfigDict(frozen=True, strict=True, extra="forbid", use_attribute_docstrings=True)


class Text(BaseModel):
    """The same short text in both languages."""

    model_config = _STRICT

    en: Sentence
    nl: Sentence


class Threshold(BaseModel):
    """One step of a rule, from the least to the most pressing; a higher one takes the place of a lower one."""

    model_config = _STRICT

    key: Slug
    """Its name for ever: with the rule and the case it is the key of an alert."""
    level: Annotated[Level, Field(strict=False)]
    days: Count | None = None
    school_days: Count | None = None
    """Mondays to Fridays."""
    hours: Count | None = None
    months: Count | None = None
    percent: Count | None = None
    heads: Count | None = None
    """Young people."""
    holds_days: Count | None = None
    """For a happening: how long it stays on the list when nothing else ends it."""
    waits_for: Sentence | None = None
    """The fact that nobody publishes yet; until then this step never holds, and the documentation says so."""
    next_step: Text | None = None
    """When it differs from that of the rule."""


class Rule(BaseModel):
    """A rule as it holds during [valid_from, valid_until)."""

    model_config = _STRICT

    rule: RuleId
    valid_from: date
    valid_until: date | None = None
    """The first day on which it no longer holds so; absent while it does."""
    name: Text
    meaning: Sentence
    """Exactly when it holds, in one or two sentences."""
    about: About
    owner: Owner
    sources: Annotated[tuple[Sentence, ...], Field(min_length=1, strict=False)]
    """The article of law or the document it rests on."""
    next_step: Text
    waits_for: Sentence | None = None
    """The fact that the whole rule waits for."""
    parameters: dict[Slug, Count] = {}
    thresholds: Annotated[tuple[Threshold, ...], Field(min_length=1, strict=False)]

    @property
    def fed(self) -> bool:
        """Whether facts of today can make it hold."""
        return self.waits_for is None

    @property
    def steps(self) -> tuple[Threshold, ...]:
        """The thresholds that facts of today can reach."""
        return tuple(step for step in self.thresholds if self.fed and step.waits_for is None)

    def threshold(self, key: str) -> Threshold | None:
        """The step with this key, unless it still waits for a fact or there is none."""
        return next((step for step in self.steps if step.key == key), None)

    def next_step_at(self, key: str) -> Text:
        """What to do at this step."""
        return next((step.next_step for step in self.thresholds if step.key == key and step.next_step), self.next_step)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError(f"{self.rule}: valid_until must lie after valid_from")
        doubled = [key for key, count in Counter(step.key for step in self.thresholds).items() if count > 1]
        if doubled:
            raise ValueError(f"{self.rule}: the threshold {doubled[0]} stands there twice")
        if any(a.level.rank > b.level.rank for a, b in pairwise(self.thresholds)):
            raise ValueError(f"{self.rule}: thresholds stand in the order of their levels")
        return self


class Rulebook(BaseModel):
    """All rules through time."""

    model_config = _STRICT

    catch_up_days: Annotated[int, Field(ge=0, le=366)]
    """An alert that began and ended unseen is kept on record when it ended within so many days; else it is counted."""
    rules: Annotated[tuple[Rule, ...], Field(min_length=1, strict=False)]

    @model_validator(mode="after")
    def _one_at_a_time(self) -> Self:
        for rule in {one.rule for one in self.rules}:
            for before, after in pairwise(self.versions(rule)):
                if before.valid_until is None or before.valid_until > after.valid_from:
                    raise ValueError(f"{rule}: two versions hold on {after.valid_from}")
        return self

    def versions(self, rule: str) -> Sequence[Rule]:
        """The rule through time, in order."""
        return sorted((one for one in self.rules if one.rule == rule), key=lambda one: one.valid_from)

    def on(self, day: date) -> Iterator[Rule]:
        """The rules in force on a day, by their id."""
        for rule in sorted(self.rules, key=lambda one: one.rule):
            if rule.valid_from <= day and (rule.valid_until is None or rule.valid_until > day):
                yield rule

    def newest(self, rule: str) -> Rule | None:
        """The last version of a rule; None when there is no such rule."""
        return next(iter(reversed(self.versions(rule))), None)

    @cached_property
    def reach_days(self) -> int:
        """No rule tells of anything that happened longer ago than this, unless something of it still goes on."""
        steps = [step for rule in self.rules for step in rule.thresholds]
        counts = [count for step in steps for count in (step.days, step.holds_days) if count is not None]
        counts += [2 * step.school_days for step in steps if step.school_days is not None]
        counts += [31 * step.months for step in steps if step.months is not None]
        counts += [step.hours // 24 + 1 for step in steps if step.hours is not None]
        return self.catch_up_days + max(
            [*counts, *(value for rule in self.rules for value in rule.parameters.values())]
        )

    def order(self, rule: str, threshold: str) -> int:
        """Where a threshold stands among those of its rule; a later one takes the place of an earlier one."""
        return max(
            (n for one in self.versions(rule) for n, step in enumerate(one.thresholds) if step.key == threshold),
            default=-1,
        )


Needs = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By rule, and then by threshold, or `*` for any: the fields that its condition looks at, and that it must say."""


def unsaid(rule: Rule, needs: Needs) -> Iterator[str]:
    """What its conditions need of each step that facts can reach, and it does not say; nothing of rules without any."""
    wanted = needs.get(rule.rule)
    if wanted is None:
        return
    for step in rule.steps:
        fields = wanted.get(step.key, wanted.get("*"))
        if fields is None:
            yield f"{rule.rule}: no condition knows the threshold {step.key}; it knows {', '.join(wanted)}"
        for field in fields or ():
            if getattr(step, field) is None:
                yield f"{rule.rule}: the threshold {step.key} must say {field}"
