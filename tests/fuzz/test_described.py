"""Whatever is asked of the three services, fitting their documents or not, the answer is one that they name."""

from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from tests.fuzz.described import NEVER_ENDS, SERVICES, Service, described, try_out

REQUESTS = 15
"""Of each kind to each operation; `make fuzz` makes more."""
ROUNDS_MAX = 8
"""So often as many again, until one is answered as it should be."""


@pytest.fixture(scope="module")
def services() -> Iterator[Mapping[str, Service]]:
    with described() as running:
        yield running


def answers(service: Service, label: str, *, until: int) -> Counter[int]:
    """The statuses of the answers to fitting requests, until this one is among them or there were enough rounds.

    What fits is drawn by chance. The same number draws other requests when other modules are loaded, as Hypothesis
    takes constants from them, so in one round there need not be one that leads to an answer.
    """
    found: Counter[int] = Counter()
    for number in range(1, ROUNDS_MAX + 1):
        found += try_out(service, label, fitting=True, requests=REQUESTS, number=number)
        if until in found:
            break
    return found


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # Schemathesis does, in its own strategies.
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_to_what_fits_is_described(services: Mapping[str, Service], service: str) -> None:
    asked = services[service]
    for label in sorted(asked.operations.keys() - {NEVER_ENDS}):
        wanted = 401 if label.startswith("POST") else 200
        statuses = answers(asked, label, until=wanted)
        if label.startswith(("GET", "POST")):
            assert wanted in statuses, (label, statuses)


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_to_what_does_not_fit_is_described(services: Mapping[str, Service], service: str) -> None:
    asked = services[service]
    for label in sorted(asked.operations.keys() - {NEVER_ENDS}):
        try_out(asked, label, fitting=False, requests=REQUESTS)
