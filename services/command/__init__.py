"""The `doorstroom` command, and what `up` supervises; the only room that knows all services."""


def main() -> None:
    """Run the command with the arguments of this process."""
    from services.command.cli import run  # Loaded late: whoever imports one file of this room needs no command line.

    run()
