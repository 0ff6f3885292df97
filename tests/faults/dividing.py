"""Several monitors in a round of the sweep: they divide the streams, one of them is killed, and one is left again."""

from random import Random

from tests.faults.system import System
from tests.servers.waiting import wait_until

READY_S_MAX = 60.0


def monitors_divide(system: System, random: Random) -> None:
    """Two read a share each and a third stands by; one is killed; then a single one reads everything again."""
    names = ["monitor", "monitor-2", "monitor-3"]
    system.kill("monitor")
    with system.set({"monitor_workers": 2}):
        for name in names:
            system.start(name)
        for name in names:
            wait_until(
                lambda name=name: system.ready(name)[0] != 0 or not system.lives(name),
                what=f"{name} answers",
                seconds_max=READY_S_MAX,
            )
        system.allow(2)
        system.wait_for_acknowledgements(random.randint(5, 15))
        system.kill(random.choice(names))
        system.wait_for_acknowledgements(random.randint(1, 10))
        for name in names:
            system.kill(name)
    system.start("monitor")
