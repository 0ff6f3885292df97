"""The users of Redis as infra/redis makes them, over TLS: each does what its service needs, and nothing else."""

from collections.abc import Callable, Iterator, Mapping

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from shared.relay.script import BURY, PUBLISH
from tests.servers.certificates import Authority
from tests.servers.roles import find_redis_with_tls, passwords, redis_with_users

As = Callable[..., redis.Redis]

OF_A_DOOR = (
    ("EVAL", PUBLISH, 1, "doorstroom:facts:{user}:0", 1, 0, '{"id":"one"}'),
    ("XREVRANGE", "doorstroom:facts:{user}:0", "+", "-", "COUNT", 1),
    ("XTRIM", "doorstroom:facts:{user}:0", "MINID", "~", "0-1"),
    ("SET", "doorstroom:settled:{user}", "1 2"),
    ("HVALS", "doorstroom:checkpoints:{user}:0"),
)
OF_THE_MONITOR = (
    ("XREAD", "COUNT", 10, "STREAMS", "doorstroom:facts:intake:0", "0-0"),
    ("XREVRANGE", "doorstroom:facts:placement:0", "+", "-", "COUNT", 1),
    ("GET", "doorstroom:settled:intake"),
    ("HSET", "doorstroom:checkpoints:intake:0", "monitor", "1"),
)
OF_THE_ADMINISTRATION = (
    ("EVAL", PUBLISH, 1, "doorstroom:facts:intake:0"),
    ("EVAL", BURY, 2, "doorstroom:facts:intake:0", "{doorstroom:facts:intake:0}:anew", 1, '{"id":"one"}'),
    ("XRANGE", "doorstroom:facts:placement:0", "-", "+"),
    ("INFO", "persistence"),
    ("BGREWRITEAOF",),
)
REFUSED: Mapping[str, tuple[tuple[object, ...], ...]] = {
    "intake": (
        ("EVAL", PUBLISH, 1, "doorstroom:facts:placement:0", 1, 0, "x"),
        ("EVAL", "return redis.call('FLUSHALL')", 0),
        ("EVAL", "return redis.call('XADD', 'doorstroom:facts:placement:0', '*', 'event', 'x')", 0),
        ("XADD", "doorstroom:facts:placement:0", "*", "event", "x"),
        ("SET", "doorstroom:settled:placement", "1 2"),
        ("GET", "doorstroom:settled:intake"),
        ("HSET", "doorstroom:checkpoints:intake:0", "monitor", "99"),
    ),
    "placement": (("XADD", "doorstroom:facts:intake:0", "*", "event", "x"),),
    "monitor": (
        ("XADD", "doorstroom:facts:intake:0", "*", "event", "x"),
        ("XTRIM", "doorstroom:facts:intake:0", "MAXLEN", 0),
        ("DEL", "doorstroom:facts:intake:0"),
        ("HSET", "doorstroom:facts:intake:9", "a", "b"),
        ("SET", "doorstroom:settled:intake", "1 2"),
        ("EVAL", "return 1", 0),
    ),
    "administration": (
        ("GET", "doorstroom:settled:intake"),
        ("SET", "doorstroom:settled:intake", "1 2"),
        ("HSET", "doorstroom:checkpoints:intake:0", "monitor", "1"),
        ("XTRIM", "doorstroom:facts:intake:0", "MAXLEN", 0),
    ),
    "health": (("GET", "doorstroom:settled:intake"),),
}
"""What would change or show what is another's."""

REFUSED_TO_ALL = (
    "FLUSHALL",
    "FLUSHDB",
    "CONFIG GET *",
    "CONFIG SET requirepass x",
    "ACL LIST",
    "KEYS *",
    "SHUTDOWN NOSAVE",
    "REPLICAOF NO ONE",
    "MODULE LIST",
    "CLIENT LIST",
    "MONITOR",
    "SAVE",
    "SCRIPT FLUSH",
    "PUBLISH a b",
)


@pytest.fixture(scope="module")
def as_user(tmp_path_factory: pytest.TempPathFactory) -> Iterator[As]:
    """Connects as a user, over TLS."""
    program = find_redis_with_tls()
    if program is None:
        pytest.skip("no redis-server with TLS on the PATH")
    folder = tmp_path_factory.mktemp("redis")
    secrets = tmp_path_factory.mktemp("secrets")
    known = passwords(secrets)
    files = Authority(folder).issue("redis")
    server, port = redis_with_users(program, secrets, files, folder=folder / "r")
    opened = []

    def connect(user: str, **options: object) -> redis.Redis:
        tls = {"ssl": True, "ssl_ca_certs": str(files.authority)}
        given = {"username": user, "password": known.get(user, "any"), "retry": Retry(NoBackoff(), 0), **tls, **options}
        opened.append(redis.Redis(host="127.0.0.1", port=port, **given))  # type: ignore[arg-type]
        return opened[-1]

    try:
        server.start()
        yield connect
    finally:
        for client in opened:
            client.close()
        server.remove()


@pytest.mark.parametrize("user", ["intake", "placement"])
@pytest.mark.parametrize("command", OF_A_DOOR, ids=lambda command: command[0])
def test_a_door_does_with_its_own_keys_what_its_relay_needs(
    as_user: As, user: str, command: tuple[object, ...]
) -> None:
    own = [part.replace("{user}", user) if isinstance(part, str) else part for part in command]
    as_user(user).execute_command(*own)


@pytest.mark.parametrize("command", OF_THE_MONITOR, ids=lambda command: command[0])
def test_the_monitor_reads_streams_and_says_how_far_it_is(as_user: As, command: tuple[object, ...]) -> None:
    as_user("monitor").execute_command(*command)


@pytest.mark.parametrize("command", OF_THE_ADMINISTRATION, ids=("ask", "bury", "look", "files", "rewrite"))
def test_the_administration_does_what_an_erasure_needs(as_user: As, command: tuple[object, ...]) -> None:
    as_user("administration").execute_command(*command)


@pytest.mark.parametrize("user", REFUSED)
def test_everything_else_is_refused(as_user: As, user: str) -> None:
    client, let_through = as_user(user), []
    for command in (*REFUSED[user], *(line.split() for line in REFUSED_TO_ALL)):
        try:
            client.execute_command(*command)
        except redis.ResponseError as error:
            if any(word in str(error) for word in ("permission", "can't run", "can't access", "ACL failure")):
                continue
        let_through.append(command)
    assert let_through == []


def test_nobody_comes_in_without_a_password_or_in_the_clear(as_user: As) -> None:
    for refused in (
        as_user("intake", password="wrong"),
        as_user("default"),
        as_user("monitor", username=None, password=None),
    ):
        with pytest.raises(redis.AuthenticationError):
            refused.ping()
    assert as_user("health").ping() is True
    with pytest.raises(redis.ConnectionError):
        as_user("intake", ssl=False, ssl_ca_certs=None).ping()
