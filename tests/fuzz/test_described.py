"""Whatever is asked of the three services, fitting their documents or not, the answer is one that they name."""

from collections.abc import Iterator, Mapping

import pytest

from tests.fuzz.described import NEVER_ENDS, SERVICES, Service, described, try_out

REQUESTS = 15
"""Of each kind to each operation; `make fuzz` makes more."""


@pytest.fixture(scope="module")
def services() -> Iterator[Mapping[str, Service]]:
    with described() as running:
        yield running


@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # Schemathesis does, in its own strategies.
@pytest.mark.parametrize("fitting", [True, False], ids=["fitting", "not fitting"])
@pytest.mark.parametrize("service", SERVICES)
def test_every_answer_is_described(services: Mapping[str, Service], service: str, fitting: bool) -> None:
    asked = services[service]
    labels = sorted(asked.operations.keys() - {NEVER_ENDS})
    statuses = {label: try_out(asked, label, fitting=fitting, requests=REQUESTS) for label in labels}
    if fitting:
        answered = {label for label in labels if 200 in statuses[label]}
        assert {label for label in labels if label.startswith("GET")} <= answered, statuses
        assert all(401 in statuses[label] for label in labels if label.startswith("POST")), statuses
