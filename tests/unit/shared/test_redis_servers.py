"""What an address of Redis says: one server, one that Sentinels watch, or a cluster; its password is never repeated."""

import pytest
from redis.asyncio.sentinel import SentinelManagedConnection, SentinelManagedSSLConnection

from shared.redis_servers import Cluster, client, parsed

SENTINELS = "redis+sentinel://app:s%20cret@one,two:26380,[::1]:26381/mymaster/2?sentinel_password=other"


@pytest.mark.parametrize("url", ["redis://cache:6380/1", "rediss://u:p@cache/0", "unix:///run/redis.sock?db=1"])
def test_one_server_is_taken_as_redis_py_takes_it(url: str) -> None:
    assert (parsed(url).kind, parsed(url).url) == ("server", url)


def test_sentinels_are_named_with_what_they_call_the_server() -> None:
    address = parsed(SENTINELS)
    assert address.nodes == (("one", 26379), ("two", 26380), ("::1", 26381))
    assert address.service == "mymaster"
    assert address.options == {"username": "app", "password": "s cret", "db": 2}
    assert address.sentinel_options == {"password": "other"}


def test_some_nodes_of_a_cluster_are_enough() -> None:
    address = parsed("rediss+cluster://:secret@one:7000,two/?ssl_ca_certs=/etc/ca.pem")
    assert address.nodes == (("one", 7000), ("two", 6379))
    assert address.options == {"password": "secret", "ssl": True, "ssl_ca_certs": "/etc/ca.pem"}


@pytest.mark.parametrize(
    ("scheme", "connection"),
    [("redis", SentinelManagedConnection), ("rediss", SentinelManagedSSLConnection)],
)
def test_a_client_asks_the_sentinels_where_the_server_is(scheme: str, connection: type) -> None:
    asking = client(SENTINELS.replace("redis", scheme, 1))
    assert asking.connection_pool.connection_class is connection
    assert asking.connection_pool.service_name == "mymaster"
    assert asking.connection_pool.connection_kwargs["password"] == "s cret"


@pytest.mark.anyio
async def test_the_stream_that_is_read_in_a_cluster_is_found_without_asking_a_node() -> None:
    cluster = client("redis+cluster://nowhere")
    assert isinstance(cluster, Cluster)
    command = ("XREAD", b"BLOCK", 1000, b"COUNT", 10, b"STREAMS", "doorstroom:facts:intake:0", "7-0")
    assert await cluster._determine_slot(*command) == cluster.keyslot("doorstroom:facts:intake:0")


@pytest.mark.parametrize(
    "wrong",
    [
        "http://s3cret",
        "redis+sentinel://s3cret",
        "redis+sentinel://one,,two/s3cret",
        "redis+cluster:///s3cret",
        "redis+cluster://one/1",
        "redis+cluster://one:s3cret",
        "redis+other://s3cret",
        "unix+cluster://s3cret",
    ],
)
def test_anything_else_is_refused_without_repeating_it(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"redis\+sentinel://") as refused:
        parsed(wrong)
    assert "s3cret" not in str(refused.value)


def test_an_address_that_is_shown_hides_who_we_are() -> None:
    assert "s cret" not in repr(parsed(SENTINELS))
    assert "other" not in repr(parsed(SENTINELS))
