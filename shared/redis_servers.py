"""Where Redis is: one server, one that Sentinels watch over, or a cluster; and a client of it."""

from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import SplitResult, unquote, urlsplit

import redis.asyncio
from redis.asyncio.cluster import ClusterNode, RedisCluster
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.exceptions import ClusterDownError, RedisClusterException, RedisError
from redis.exceptions import ConnectionError as RedisConnectionError

Client = redis.asyncio.Redis
"""A client of any of them: all commands that are sent name one key."""

REDIS_ERRORS = (RedisError, RedisClusterException)
"""What a client raises; that no node of a cluster answers is no RedisError."""

FORMS = (
    "redis://host:port/number, unix:///path, redis+sentinel://host:port,host:port/service or "
    "redis+cluster://host:port,host:port; with rediss for TLS"
)

TIMEOUT_SECONDS = 5

_PORTS = {"sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True, slots=True)
class Address:
    """A setting, read."""

    kind: Literal["server", "sentinel", "cluster"]
    url: str
    """As redis-py takes it: of the server, or of the first node; that of a Sentinel says nothing of who we are."""
    nodes: tuple[tuple[str, int], ...] = ()
    """The Sentinels, or some nodes of the cluster; the others are learned from them."""
    service: str = ""
    """What the Sentinels call the server."""
    options: dict[str, Any] = field(default_factory=dict, repr=False)
    """Who we are, the number of the database, and what TLS needs, for the server that is found through the nodes."""
    sentinel_options: dict[str, Any] = field(default_factory=dict, repr=False)
    """The same for the Sentinels themselves."""


class Found(redis.asyncio.Redis):
    """A client of the server that Sentinels name; closing it closes what it asked them with, too."""

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """Close every connection."""
        await super().aclose(close_connection_pool)
        pool: Any = self.connection_pool
        for sentinel in pool.sentinel_manager.sentinels:
            await sentinel.aclose()


class Cluster(RedisCluster):
    """A client that rides out a failover, however many tasks share it.

    It knows by itself where the key of XREAD is: redis-py asks the one node that it met first, which may be gone. And a
    cluster that is not whole for a moment is a connection that does not work, for those who end on any other answer.
    """

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command to the node that has its key. Raises ConnectionError while there is none."""
        try:
            return await super().execute_command(*args, **kwargs)
        except (ClusterDownError, RedisClusterException, RuntimeError) as error:
            # A RuntimeError is of the event loop, on a connection that another task closed while it was being made.
            raise RedisConnectionError(f"{type(error).__name__}: {error}") from error

    async def _determine_slot(self, command: str, *args: Any) -> int:
        if command == "XREAD":
            return self.keyslot(args[args.index(b"STREAMS") + 1])
        return await super()._determine_slot(command, *args)


def parsed(url: str) -> Address:
    """What a setting says. Raises ValueError, which does not quote it."""
    try:
        parts = urlsplit(url)
        scheme, _, kind = parts.scheme.partition("+")
        if kind == "sentinel":
            return _sentinel(scheme, parts)
        if kind == "cluster":
            return _cluster(scheme, parts)
        if not kind:
            parse_url(url)
            return Address("server", url)
    except ValueError:
        pass  # It quotes what was given.
    raise ValueError(f"use {FORMS}")


def client(url: str, *, retry: Retry | None = None) -> Client:
    """A client of what a setting names; nothing is connected before its first command.

    `retry` is for a command that fails on a connection that was lost; after it, a failover is somebody else's next try.
    """
    address = parsed(url)
    options: dict[str, Any] = {"socket_timeout": TIMEOUT_SECONDS} | ({"retry": retry} if retry is not None else {})
    match address.kind:
        case "server":
            return redis.asyncio.from_url(address.url, **options)
        case "sentinel":
            sentinel_options = {"socket_timeout": TIMEOUT_SECONDS, **address.sentinel_options}
            untyped: Any = Sentinel
            sentinels = untyped(address.nodes, sentinel_kwargs=sentinel_options, **options, **address.options)
            return cast("Client", sentinels.master_for(address.service, redis_class=Found))
        case "cluster":
            nodes = [ClusterNode(host, port) for host, port in address.nodes]
            return cast("Client", Cluster(startup_nodes=nodes, **options, **address.options))


def _sentinel(scheme: str, parts: SplitResult) -> Address:
    service, _, number = parts.path.strip("/").partition("/")
    nodes, _, options = _found_through(scheme, parts, kind="sentinel", path=f"/{number or 0}")
    theirs = {
        name.removeprefix("sentinel_"): options.pop(name) for name in list(options) if name.startswith("sentinel_")
    }
    if not service:
        raise ValueError("no service")
    if options.get("ssl"):
        theirs |= {name: value for name, value in options.items() if name.startswith("ssl")}
    host, port = nodes[0]
    return Address("sentinel", f"redis://{host}:{port}", nodes, unquote(service), options, theirs)


def _cluster(scheme: str, parts: SplitResult) -> Address:
    nodes, url, options = _found_through(scheme, parts, kind="cluster", path="")
    if parts.path.strip("/"):
        raise ValueError("a cluster has one database only")
    return Address("cluster", url, nodes, options=options)


def _found_through(
    scheme: str, parts: SplitResult, *, kind: str, path: str
) -> tuple[tuple[tuple[str, int], ...], str, dict[str, Any]]:
    """The nodes, the address of the first of them, and the options of an address with several nodes."""
    if scheme not in ("redis", "rediss"):
        raise ValueError("no such scheme")
    who, at, hosts = parts.netloc.rpartition("@")
    nodes = [urlsplit(f"//{node}") for node in hosts.split(",")]
    named = tuple((node.hostname or "", node.port or _PORTS[kind]) for node in nodes)
    if not all(host for host, _ in named):
        raise ValueError("no host")
    url = parts._replace(scheme=scheme, netloc=f"{who}{at}{nodes[0].netloc}", path=path).geturl()
    options: dict[str, Any] = dict(parse_url(url))
    if options.pop("connection_class", None) is SSLConnection:
        options["ssl"] = True
    return named, url, {name: value for name, value in options.items() if name not in ("host", "port")}
