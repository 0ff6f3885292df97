"""Random stays and exits for properties, and a way to write observations down: 22+ is censored on day 22."""

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from services.monitor.statistics.competing import Exit
from services.monitor.statistics.estimable import NotEstimable
from services.monitor.statistics.survival import Observation

CAUSES = ("death", "discharge", "doorplaatsing")

observations = st.builds(Observation, st.none(), st.integers(0, 60), st.booleans())
samples = st.lists(observations, min_size=1, max_size=40)
delayed_samples = st.lists(
    st.builds(Observation, st.none() | st.integers(0, 20), st.integers(0, 60), st.booleans()), min_size=1, max_size=40
)
exits = st.lists(
    st.builds(Exit, st.integers(0, 60), st.none() | st.sampled_from(CAUSES), st.none()), min_size=1, max_size=40
)
fractions = st.fractions(Fraction(1, 50), Fraction(49, 50), max_denominator=50)


def stays(text: str) -> list[Observation]:
    """`1 8 22+`: stays that ended on days 1 and 8, and one that was still open on day 22."""
    return [Observation(None, int(word.rstrip("+")), not word.endswith("+")) for word in text.split()]


def exact(value: Fraction | NotEstimable) -> Fraction:
    """The value, which must be estimable."""
    assert isinstance(value, Fraction)
    return value


def ended(days: Sequence[int]) -> list[Observation]:
    """Stays without censoring."""
    return [Observation(None, day, True) for day in days]
