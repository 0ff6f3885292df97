"""Who gives a command: the user of this machine that it runs as, for the access log."""

import os
import pwd

from services.monitor.access.reader import Reader


def caller() -> Reader:
    """By the name of the process's user, or its number where the machine has no name for it, as in a container.

    Never by what the environment says, which whoever gives the command may set.
    """
    user = os.getuid()
    try:
        name = pwd.getpwuid(user).pw_name
    except KeyError:
        name = f"user {user}"
    return Reader(f"{name} (command line)", "person")
