"""FastStream subscribers that read the streams from our own checkpoints, without a consumer group.

In group mode an ordinary stop strands entries that nobody reads again; without one there is nothing to strand, and a
flushed Redis only means waiting until the relay has published up to where we stand (ARCHITECTURE.md).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from faststream.exceptions import StopConsume
from faststream.redis import RedisBroker, RedisClusterBroker, RedisSentinelBroker, StreamSub
from faststream.redis.configs.state import (
    RedisClusterConnectionState,
    RedisConnectionState,
    RedisSentinelConnectionState,
)
from faststream.redis.message import RedisBatchStreamMessage
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as RedisTimeoutError

from services.monitor.ending import Ending
from services.monitor.projector.entries import RawEntry, Stream
from shared import redis_servers

BATCH_ENTRIES_MAX = 1_000
"""Facts of a stream in one transaction at most. Only a projection that is behind meets it: the more facts of a person
it sees at once, the fewer times it folds that person, so what falls behind goes faster. With eight streams such a
transaction still takes no more than a few seconds."""
BLOCK_MS = 1_000
"""How long one read waits; below redis-py's socket timeout of five seconds, or every idle read would fail."""

Apply = Callable[[Stream, Sequence[RawEntry]], Awaitable[None]]


ATTEMPTS_MAX = 3
"""Attempts of one command, which in a failover each ask again who is to answer it."""

AGAIN_SECONDS = 0.2
"""How soon a read is tried again when those failed too: FastStream waits 5 seconds, whoever has taken over since."""
AGAIN_MAX = 300
"""So often a read is tried again, a minute or more, before FastStream is told that it failed."""
_DEMOTED = "UNBLOCKED"
"""What a server answers to a read that waits when it has to follow another one."""


def open_broker(url: str) -> RedisBroker:
    """A broker that waits for Redis at its start, and rides out a restart or a failover of it."""
    address = redis_servers.parsed(url)
    options: dict[str, Any] = {
        "logger": logging.getLogger("doorstroom.streams"),
        "log_level": logging.DEBUG,
        "graceful_timeout": 20,
        "retry": Retry(ExponentialWithJitterBackoff(base=0.05, cap=1), ATTEMPTS_MAX),
        "socket_timeout": redis_servers.TIMEOUT_SECONDS,
    }
    match address.kind:
        case "server":
            return _Broker(address.url, health_check_interval=15, **options)
        case "sentinel":
            options["sentinel_kwargs"] = {"socket_timeout": redis_servers.TIMEOUT_SECONDS, **address.sentinel_options}
            return _SentinelBroker(
                address.url, sentinels=address.nodes, sentinel_master_name=address.service, **options, **address.options
            )
        case "cluster":
            return _ClusterBroker(address.url, startup_nodes=address.nodes, **options)


class _Patient:
    """A client to read with. What mypy passes over below is that two bases of redis-py's own differ."""

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Send a command; a read again and again, so that it goes on as soon as a server answers it."""
        send: Callable[..., Awaitable[Any]] = super().execute_command  # type: ignore[misc]
        for _ in range(AGAIN_MAX if args[0] == "XREAD" else 0):
            try:
                return await send(*args, **kwargs)
            except (RedisConnectionError, RedisTimeoutError):
                pass
            except ResponseError as error:
                if not str(error).startswith(_DEMOTED):
                    raise
            await asyncio.sleep(AGAIN_SECONDS)
        return await send(*args, **kwargs)

    async def ping(self, **_: Any) -> bool:
        """Ask nothing: FastStream waits three seconds for this before its first read, and then ends the process.

        Whether Redis answers is for the watch to say (`Watch.complaints`), at the start as at any other moment.
        """
        return True


class _PatientServer(_Patient, Redis):  # type: ignore[misc]
    """The one server there is."""


class _PatientFound(_Patient, redis_servers.Found):  # type: ignore[misc]
    """The server that Sentinels name at each connection."""


class _PatientCluster(_Patient, redis_servers.Cluster):  # type: ignore[misc]
    """It finds a stream also when the node that it asked first is gone."""


class _ServerState(RedisConnectionState):
    async def connect(self) -> Redis:
        plain = await super().connect()
        self._client = _PatientServer.from_pool(plain.connection_pool)
        return self._client


class _Broker(RedisBroker):
    def _make_connection_state(self, connection_options: dict[str, Any], _: dict[str, Any]) -> _ServerState:
        return _ServerState(connection_options)


class _SentinelState(RedisSentinelConnectionState):
    async def connect(self) -> redis_servers.Client:
        found = await super().connect()
        self._client = _PatientFound.from_pool(found.connection_pool)
        return self._client


class _SentinelBroker(RedisSentinelBroker):
    def _make_connection_state(self, connection_options: dict[str, Any], kwargs: dict[str, Any]) -> _SentinelState:
        return _SentinelState(
            connection_options,
            sentinels=kwargs["sentinels"],
            master_name=kwargs["sentinel_master_name"],
            sentinel_kwargs=kwargs["sentinel_kwargs"],
        )


class _ClusterState(RedisClusterConnectionState):
    async def connect(self) -> redis_servers.Cluster:
        if not isinstance(self._client, redis_servers.Cluster):
            options = {name: value for name, value in self._options.items() if value is not None}
            self._client = _PatientCluster(**options)
            self._connected = True
        return self._client


class _ClusterBroker(RedisClusterBroker):
    def _make_connection_state(self, connection_options: dict[str, Any], kwargs: dict[str, Any]) -> _ClusterState:
        return _ClusterState(connection_options)


class ReaderEnded(Exception):
    """A stream has no reader any more: stop, and take up from the checkpoint."""


class Readers:
    """One batch subscriber for each stream; strictly sequential, so the order of a stream is kept."""

    def __init__(self, broker: RedisBroker, *, apply: Apply, ending: Ending) -> None:
        self._broker = broker
        self._apply, self._ending = apply, ending
        self._subscribers: dict[Stream, Any] = {}
        self._reading: list[asyncio.Task[Any]] = []
        self._stopping = False

    async def start(self, positions: Mapping[Stream, int]) -> None:
        """Begin to read these streams after these positions, as soon as Redis answers."""
        subscribers = {stream: self._subscribe(stream, after=at) for stream, at in positions.items()}
        await self._broker.start()
        # Not before: whoever looks meanwhile would take one that is not started for dead.
        self._subscribers = subscribers
        for stream, subscriber in subscribers.items():
            self._reading += subscriber.tasks
            for task in subscriber.tasks:
                task.add_done_callback(partial(self._ended, stream, subscriber))

    async def stop(self) -> None:
        """Let what was read be taken, then close the connections."""
        self._stopping = True
        await asyncio.gather(*(subscriber.stop() for subscriber in self._subscribers.values()))
        if self._reading:
            await asyncio.wait(self._reading)  # FastStream cancels these only; one could connect again.
        await self._broker.stop()

    def dead(self) -> list[Stream]:
        """The streams that nobody reads any more; a process with one of these must end."""
        return [stream for stream, subscriber in self._subscribers.items() if not subscriber.running]

    def _ended(self, stream: Stream, subscriber: Any, task: asyncio.Task[Any]) -> None:
        """A subscriber never ends by itself. FastStream would start it again, at once and for ever."""
        if not task.cancelled() and not self._stopping:
            subscriber.running = False
            error = ReaderEnded(f"nobody reads {stream.name} any more")
            error.__cause__ = task.exception()
            self._ending.fail(error)

    def _subscribe(self, stream: Stream, *, after: int) -> Any:
        subscription = StreamSub(
            stream.name, last_id=f"{after}-0", batch=True, max_records=BATCH_ENTRIES_MAX, polling_interval=BLOCK_MS
        )
        subscriber = self._broker.subscriber(
            stream=subscription,
            parser=_whole,
            decoder=_body,
            no_reply=True,
            title=stream.name,
            description="Facts in the order of their ledger, each with its position and the one before it.",
        )

        @subscriber
        async def project(entries: list[Any]) -> None:
            try:
                await self._apply(stream, entries)
            except Exception as error:
                # FastStream would log it and go on with the next batch, past the one that failed.
                self._ending.fail(error)
                raise StopConsume from error

        return subscriber


async def _whole(message: Any, original: Any) -> RedisBatchStreamMessage:
    """The entries as they are: their JSON is read once, in the projector's thread."""
    entries = [
        (entry_id, fields.get(b"event", b""))
        for entry_id, fields in zip(message["message_ids"], message["data"], strict=True)
    ]
    parser = original.__self__
    return RedisBatchStreamMessage(raw_message=message, body=entries, consumer=parser.consumer, group=parser.group)


async def _body(message: RedisBatchStreamMessage) -> Any:
    return message.body
