"""What is made once of everyone known at a moment: for as many questions as there are, while that is known."""

import gc
from dataclasses import replace
from datetime import date
from weakref import ref

from services.monitor.disclosure.disclose import Audience
from services.monitor.dossier.spells import Spells
from services.monitor.figures.catalogue import FIGURES
from services.monitor.figures.population import Population
from services.monitor.figures.publication import published
from services.monitor.figures.question import Question, Window
from services.monitor.figures.remembering import Remembering
from tests.unit.figures.asked import known


def test_a_value_is_made_once_for_each_moment_and_key() -> None:
    kept, one, other = Remembering[str, object](most=2), Spells(()), Spells(())
    assert kept.of(one, "a", object) is kept.of(one, "a", object)
    assert kept.of(one, "a", object) is not kept.of(one, "b", object)
    assert kept.of(one, "a", object) is not kept.of(other, "a", object)


def test_when_there_are_too_many_it_is_begun_anew() -> None:
    kept, one = Remembering[int, object](most=2), Spells(())
    first = kept.of(one, 0, object)
    for key in (1, 2):
        kept.of(one, key, object)
    assert kept.of(one, 0, object) is not first


def test_another_thread_may_begin_anew_at_any_time() -> None:
    """Here between two looks for one key, each of which asks for its hash."""
    kept, one = Remembering[object, object](most=1), Spells(())

    class Key:
        looks = 0

        def __hash__(self) -> int:
            self.looks += 1
            if self.looks == 4:
                kept.of(one, "another", object)
            return 0

    key = Key()
    kept.of(one, key, object)
    assert kept.of(one, key, object)


def test_what_was_made_goes_with_what_was_known() -> None:
    kept, one = Remembering[str, Spells](most=2), Spells(())
    gone = ref(kept.of(one, "a", lambda: Spells(())))
    assert gone() is not None
    del one
    gc.collect()
    assert gone() is None


def test_the_parts_of_a_country_are_told_to_those_outside_from_one_whole() -> None:
    stock, computed = FIGURES["stock"], 0

    def compute(population: Population):
        nonlocal computed
        computed += 1
        return stock.compute(population)

    counting, everyone = replace(stock, compute=compute), known()
    for area in ("noord", "oost", "zuid"):
        question = Question(
            on=date(2025, 1, 1),
            window=Window(date(2024, 1, 1), date(2025, 1, 1)),
            where={"area": area},
            parameters={one.name: one.default for one in stock.parameters},
        )
        published(counting, everyone, question, to=Audience.OUTSIDE)
    assert computed == 1
