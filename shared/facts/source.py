"""Sources: what a system that publishes says about itself."""

from typing import Any, ClassVar

from shared.facts.fact import Fact


class Heartbeat(Fact, name="heartbeat", about="other"):
    """A source is alive and has nothing else to say; its silence then means that nothing happened (F22)."""

    example: ClassVar[dict[str, Any]] = {}
