"""Kinds of faults. Each happens while publishers send, or, where said so, when all that was sent is acknowledged."""

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import redis
from httpx2 import HTTPError
from sqlalchemy.exc import SQLAlchemyError

from services.monitor.dossier.rules import Rules
from services.monitor.feed import Feed
from services.monitor.generation import NextGeneration, Overtaken
from shared.clock import system_clock
from shared.databases import open_engine
from shared.streams import stream_name
from tests.faults.checking import PARTITIONS, STREAMS
from tests.faults.dividing import monitors_divide
from tests.faults.load import Broken, Prevented
from tests.faults.stores import PostgresStores
from tests.faults.system import LEDGERS, System
from tests.servers.waiting import wait_until

PAUSE_S = (0.05, 0.4)
JUMP_S = (-7_200, 7_200)
REFUSED_S_MAX = 60.0

Happen = Callable[[System, Random], None]
"""Raises Prevented when it could not strike."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault."""

    name: str
    promise: str
    happen: Happen
    quiet: bool = False
    """Whether all that was sent must be acknowledged first."""
    possible: Callable[[System], bool] = lambda _system: True


def _pause(random: Random) -> None:
    time.sleep(random.uniform(*PAUSE_S))  # How long a fault lasts is a part of it.


def _killed(name: str) -> Happen:
    def happen(system: System, _random: Random) -> None:
        system.kill(name)
        system.start(name)

    return happen


def _stopped(name: str) -> Happen:
    def happen(system: System, random: Random) -> None:
        system.send(name, signal.SIGSTOP)
        _pause(random)
        system.send(name, signal.SIGCONT)

    return happen


def _redis_killed(system: System, random: Random) -> None:
    system.redis.kill()
    _pause(random)
    system.redis.start()


def _redis_stopped(system: System, random: Random) -> None:
    process = system.redis.process
    process.send_signal(signal.SIGSTOP)
    _pause(random)
    process.send_signal(signal.SIGCONT)


def _redis_flushed(system: System, _random: Random) -> None:
    with redis.Redis.from_url(system.redis.url) as client:
        client.flushall()


def _redis_older(system: System, random: Random) -> None:
    older = system.redis.copy()
    system.wait_for_acknowledgements(random.randint(1, 10))
    system.redis.kill()
    system.redis.restore(older)
    system.redis.start()


def _redis_empty(system: System, random: Random) -> None:
    system.redis.kill()
    system.redis.forget()
    _pause(random)
    system.redis.start()


def _redis_full_disk(system: System, random: Random) -> None:
    system.redis.disk.fill()
    _pause(random)
    system.redis.disk.empty()
    if not system.redis.runs():  # It ends when it cannot write what it has promised to keep.
        system.redis.kill()
        system.redis.start()


def _trimmed(system: System, random: Random) -> None:
    """Somebody removes entries that the monitor has not read."""
    system.kill("monitor")
    system.wait_for_acknowledgements(random.randint(1, 10))
    _pause(random)
    with redis.Redis.from_url(system.redis.url) as client:
        for service in LEDGERS:
            for partition in range(PARTITIONS):
                client.xtrim(stream_name(service, partition), maxlen=1, approximate=False)
    system.start("monitor")


def _full_disk(system: System, random: Random) -> None:
    system.stores.disk.fill()
    _pause(random)
    system.stores.disk.empty()
    system.heal()


def _two(service: str) -> Happen:
    """Two processes on one database, both at work; one of them is killed."""

    def happen(system: System, random: Random) -> None:
        second = f"{service}-2"
        system.start(second)
        wait_until(
            lambda: system.ready(second)[0] != 0 or not system.lives(second), what=f"{second} answers", seconds_max=60
        )
        system.address_loads(second)
        system.allow(2)
        system.wait_for_acknowledgements(random.randint(5, 15))
        _pause(random)
        system.address_loads()
        system.kill(random.choice((service, second)))
        system.kill(second)
        system.heal()

    return happen


def _clock_jumps(system: System, random: Random) -> None:
    for service in random.sample(("intake", "placement", "monitor"), 2):
        system.set_clock(service, seconds=random.randint(*JUMP_S))


def _older_ledger(system: System, _random: Random) -> None:
    """A ledger is restored from an older backup: it must refuse loudly, and go on when the right one is back."""
    system.kill("placement")
    system.stores.copy("placement")
    system.start("placement")
    system.allow(3)
    system.quiet()
    _published(system)
    system.kill("placement")
    system.stores.swap("placement")
    system.start("placement")
    try:
        wait_until(
            lambda: "which the ledger has not" in system.ready("placement")[1], what="no", seconds_max=REFUSED_S_MAX
        )
    except AssertionError as error:
        raise Broken("an older ledger is not refused") from error
    system.kill("placement")
    system.stores.swap("placement")
    system.start("placement")


def _older_monitor(system: System, _random: Random) -> None:
    """The monitor's database is restored from an older backup: it catches up."""
    system.kill("monitor")
    system.stores.copy("monitor")
    system.start("monitor")
    system.allow(3)
    system.quiet()
    system.kill("monitor")
    system.stores.swap("monitor")
    system.start("monitor")


def _read_again(system: System, _random: Random) -> None:
    """A next generation of the monitor's rows is read from the feeds and switched, while the live one is written."""
    engine = open_engine(system.stores.direct("monitor"), durable=False)
    feed = Feed({service: system.address(service) for service in LEDGERS}, token=system.token)
    generation = NextGeneration(engine, rules=Rules(), clock=system_clock, source=feed)
    try:
        generation.build(STREAMS, progress=lambda _read: None)
        generation.switch()
        generation.discard()
    except (HTTPError, SQLAlchemyError, Overtaken) as error:  # Nothing has changed, and the next attempt goes on.
        raise Prevented("the other fault of this round struck it") from error
    finally:
        generation.close()
        feed.close()
        engine.dispose()


def _published(system: System) -> None:
    """Wait until the streams of placement hold all that its ledger does."""

    def there() -> bool:
        try:
            page = system.client.get(f"{system.address('placement')}/metrics").text
        except OSError:
            return False
        values = {line.split("{")[0].split(" ")[0]: line.rpartition(" ")[2] for line in page.splitlines()}
        names = ("doorstroom_ledger_position", "doorstroom_published_position")
        return len({values.get(name) for name in names} - {None}) == 1

    wait_until(there, what="everything in the streams", seconds_max=REFUSED_S_MAX)


def _postgres(system: System) -> PostgresStores:
    assert isinstance(system.stores, PostgresStores)
    return system.stores


def _postgres_killed(system: System, _random: Random) -> None:
    _postgres(system).cluster.kill()
    _postgres(system).cluster.ensure()


def _postgres_stopped_at_once(system: System, _random: Random) -> None:
    _postgres(system).cluster.stop()
    _postgres(system).cluster.start()


def _postgres_paused(system: System, random: Random) -> None:
    _postgres(system).cluster.send(signal.SIGSTOP)
    _pause(random)
    _postgres(system).cluster.send(signal.SIGCONT)


def _cut(when: str) -> Happen:
    def happen(system: System, random: Random) -> None:
        proxy = _postgres(system).proxies[random.choice(("intake", "placement", "monitor"))]
        before = proxy.cuts
        proxy.arm(when)
        system.allow(1)
        try:
            wait_until(lambda: proxy.cuts > before, what="a COMMIT", seconds_max=5)
        except AssertionError as error:
            proxy.disarm()
            raise Prevented("nobody had anything to commit") from error

    return happen


def _connections_ended(system: System, random: Random) -> None:
    _postgres(system).end_connections(random.choice(("intake", "placement", "monitor")))


def _on_postgres(system: System) -> bool:
    return isinstance(system.stores, PostgresStores)


def _has_disk(system: System) -> bool:
    return system.stores.disk.own


KEPT = "every fact that was acknowledged is there once, and every figure is that of a fold from nothing"

KINDS: tuple[Kind, ...] = (
    *(Kind(f"kill -9 {name}", KEPT, _killed(name)) for name in ("intake", "placement", "monitor")),
    *(Kind(f"stop and continue {name}", KEPT, _stopped(name)) for name in ("intake", "placement", "monitor")),
    Kind("kill -9 redis", KEPT, _redis_killed),
    Kind("stop and continue redis", KEPT, _redis_stopped),
    Kind("flush redis", "the streams are filled again", _redis_flushed),
    Kind("redis with an older file", "the streams are completed", _redis_older),
    Kind("redis without its file", "the streams are filled again", _redis_empty),
    Kind("no room on the disk of redis", "facts wait in the ledger", _redis_full_disk, possible=_has_disk),
    Kind("entries trimmed that nobody read", "the hole is seen and read from the feed", _trimmed),
    Kind(
        "no room on the disk of the databases",
        "503 until there is room; nothing half stored",
        _full_disk,
        possible=_has_disk,
    ),
    Kind("two placements on one ledger", "positions stay gapless, each fact is in its stream once", _two("placement")),
    Kind("two intakes on one ledger", "positions stay gapless, each fact is in its stream once", _two("intake")),
    Kind("two monitors on one database", "one takes effect, the other stops", _two("monitor")),
    Kind("everything read again and switched", "the figures are the same, before and after", _read_again),
    Kind(
        "clocks that jump up to two hours",
        "moments of acceptance still rise; figures are of the own date",
        _clock_jumps,
    ),
    Kind("an older copy of a ledger", "it refuses to publish, loudly", _older_ledger, quiet=True),
    Kind("an older copy of the monitor's database", "it catches up", _older_monitor, quiet=True),
    Kind(
        "two monitors that divide the streams, one killed",
        "one that stands by takes its share",
        monitors_divide,
        possible=_on_postgres,
    ),
    Kind("kill -9 postgresql", KEPT, _postgres_killed, possible=_on_postgres),
    Kind("postgresql stopped with -m immediate", KEPT, _postgres_stopped_at_once, possible=_on_postgres),
    Kind("stop and continue postgresql", KEPT, _postgres_paused, possible=_on_postgres),
    Kind(
        "connection cut before COMMIT",
        "not stored, or a duplicate when sent again",
        _cut("before"),
        possible=_on_postgres,
    ),
    Kind(
        "connection cut after COMMIT",
        "the outcome is looked up before the answer",
        _cut("after"),
        possible=_on_postgres,
    ),
    Kind("connections ended by the database", KEPT, _connections_ended, possible=_on_postgres),
)
"""All of them."""
