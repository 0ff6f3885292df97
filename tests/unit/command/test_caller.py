"""Who gives a command, for the access log."""

import os
import pwd

import pytest

from services.command.caller import caller


def test_it_is_the_user_that_the_process_runs_as_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")
    assert caller().name == f"{pwd.getpwuid(os.getuid()).pw_name} (command line)"


def test_a_user_without_a_name_on_this_machine_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs as a number of its own."""
    monkeypatch.setattr(os, "getuid", lambda: 2_000_000_001)
    assert caller().name == "user 2000000001 (command line)"
