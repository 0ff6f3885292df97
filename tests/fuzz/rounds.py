"""Rounds of inputs: a fresh service each, inputs sent in groups, everything checked after each group."""

import asyncio
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz.inputs import Input, Inputs
from tests.fuzz.oracle import Said, Wrong, ids_of, judge, judge_known, judge_ledger
from tests.fuzz.target import Answer, Target, running
from tests.fuzz.written import holds_bsn

TOGETHER = 64
"""Inputs that are sent at once."""

ROUND_INPUTS = 20_000
"""Inputs to one service; the next round begins with an empty ledger."""

GROUP_SECONDS_MAX = 20.0
"""Of this process, for one group: nothing that anybody sends may cost more."""


@dataclass(slots=True)
class Failure:
    """An input after which something did not hold."""

    what: str
    input: Input
    answer: Answer

    def __str__(self) -> str:
        one, answer = self.input, self.answer
        wrong = ", ".join(sorted(set(one.damages))) or "faultless"
        return (
            f"{self.what}\n  input {one.number}, {one.form} by {one.whose} to {one.path}: {wrong}"
            f"\n  headers {one.headers}\n  {len(one.pieces)} pieces{', then left' if one.left else ''},"
            f" base64 {b64encode(one.body[:3_000]).decode()}\n  answered {answer.status} {answer.body[:1_000]!r}"
        )


@dataclass(slots=True)
class Tally:
    """What was tried and what came of it."""

    inputs: int = 0
    events: int = 0
    """Stored by them."""
    forms: Counter[str] = field(default_factory=Counter)
    damages: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    group_seconds_max: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    def note(self, sent: Sequence[Input], answers: Sequence[Answer]) -> None:
        """Count these as well."""
        self.inputs += len(sent)
        self.forms.update(one.form for one in sent)
        self.damages.update(name for one in sent for name in set(one.damages) or {"faultless"})
        self.statuses.update(str(answer.status) if answer.status else "left" for answer in answers)


async def fuzz(
    tally: Tally, *, seed: int, number: int, inputs: int, told: Callable[[Tally], None] = lambda _: None
) -> None:
    """One round of so many inputs, added to the tally; it ends at the first group with a failure."""
    drawn = Inputs(Random(f"{seed}/{number}"), round_name=f"f{seed}-{number}")
    with TemporaryDirectory(prefix="doorstroom-fuzz-") as folder:
        async with running(Path(folder)) as target:
            checking = Checking(target)
            for begin in range(0, inputs, TOGETHER):
                group = [drawn.draw(place) for place in range(begin, min(begin + TOGETHER, inputs))]
                await checking.send(group, tally)
                told(tally)
                if tally.failures:
                    return
            if holds_bsn(target.kept()):
                tally.failures.append(Failure("a BSN was kept", group[-1], Answer(None, {}, b"")))


class Checking:
    """Sends groups to a target, and follows its ledger."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._position = 0

    async def send(self, group: Sequence[Input], tally: Tally) -> None:
        """Send them together, and judge each answer and then the ledger."""
        began = time.process_time()
        answers = await self._target.ask(group)
        seconds = time.process_time() - began
        tally.note(group, answers)
        tally.group_seconds_max = max(tally.group_seconds_max, seconds)
        said: list[Said] = []
        for one, answer in zip(group, answers, strict=True):
            try:
                said += judge(one, answer)
            except Wrong as wrong:
                tally.failures.append(Failure(" ".join((str(wrong), *self._target.broke)), one, answer))
        if tally.failures:
            return
        try:
            tally.events += self._follow(said, unanswered={name for one in group if one.left for name in ids_of(one)})
            if seconds > GROUP_SECONDS_MAX:
                raise Wrong(f"these took {seconds:.1f} seconds")
            if self._target.broke:
                raise Wrong(f"logged: {self._target.broke}")
        except Wrong as wrong:
            # It is one of the group: the first one, unless the words say which.
            culprit = next((one for one in group if f"-{one.number}-" in str(wrong)), group[0])
            tally.failures.append(Failure(str(wrong), culprit, answers[list(group).index(culprit)]))

    def _follow(self, said: Sequence[Said], *, unanswered: set[str]) -> int:
        """How many rows are new, all of them as the answers say."""
        new = self._target.stored(after=self._position)
        fresh = {one.position: one.sent for one in said if one.fresh}
        if len(fresh) != sum(one.fresh for one in said):
            raise Wrong("two events were told the same position")
        judge_ledger(new, fresh, after=self._position, unanswered=unanswered)
        self._position += len(new)
        for one in said:
            if not one.fresh:
                judge_known(self._target.at(one.position), one.sent)
        return len(new)


def run(
    tally: Tally, *, seed: int, inputs: int, first: int = 0, told: Callable[[Tally], None] = lambda _: None
) -> None:
    """So many inputs, in rounds that are numbered from `first`, until the first failure."""
    for number, begin in enumerate(range(0, inputs, ROUND_INPUTS), start=first):
        asyncio.run(fuzz(tally, seed=seed, number=number, inputs=min(ROUND_INPUTS, inputs - begin), told=told))
        if tally.failures:
            return
