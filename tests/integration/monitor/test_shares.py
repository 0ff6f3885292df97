"""Who divides the streams of one PostgreSQL database holds one share, whatever became of it afterwards."""

import pytest

from services.monitor.shares import Share, Shares
from tests.servers.postgres import PostgresServer

pytestmark = pytest.mark.postgres


def test_whoever_has_a_share_is_given_the_same_again_although_a_lower_one_is_free(postgres: PostgresServer) -> None:
    """What should have begun with it failed, and is tried again."""
    postgres.create("shares")
    first, second = (Shares(postgres.url("shares"), partitions=4, workers=2) for _ in range(2))
    try:
        assert (first.take(), second.take()) == (Share(0, 2), Share(1, 2))
        first.close()
        assert second.take() == Share(1, 2)
    finally:
        first.close()
        second.close()
        postgres.drop("shares")
