"""How a command fails: one line for the person who called it, and an exit code."""


class Failed(Exception):
    """It was called rightly and could not be done; the message is one line that says why and what to do."""

    exit_code = 1


class WrongCall(Failed):
    """It was called wrongly: an option, a setting or a file that cannot be used."""

    exit_code = 2
