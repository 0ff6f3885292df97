"""How a command fails: one line for the person who called it, and an exit code."""

import errno
import os
import sys
from collections.abc import Callable

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class Failed(Exception):
    """It was called rightly and could not be done; the message is one line that says why and what to do."""

    exit_code = 1


class WrongCall(Failed):
    """It was called wrongly: an option, a setting or a file that cannot be used."""

    exit_code = 2


def run_to_end(command: Callable[[], object]) -> None:
    """Run a command and write all of its output; a failure is one line on standard error, and ends the process.

    Where nobody reads its output any more, as behind `head`, it ends in silence.
    """
    try:
        try:
            command()
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except Failed as failure:
        _end(str(failure), failure.exit_code)
    except BrokenPipeError:
        _let_go()
        sys.exit(Failed.exit_code)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        _let_go()
        where = error.filename or "the output"
        _end(f"{where} cannot be written: {error.strerror}. Make room, and call it again.", Failed.exit_code)


def _end(line: str, exit_code: int) -> None:
    print(f"doorstroom: {line}", file=sys.stderr)  # noqa: T201 - this is what it is for
    sys.exit(exit_code)


def _let_go() -> None:
    """What is left of the output has nowhere to go; Python would try once more at its end."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
