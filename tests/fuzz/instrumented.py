"""One run of libFuzzer in this process: python -m tests.fuzz.instrumented CORPUS [options of libFuzzer].

Everything else is imported inside, so that libFuzzer sees which lines of the product an input reaches.
"""

import sys


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["shared"]):
        from tests.fuzz.guided import fuzz
    fuzz(atheris, sys.argv[1:])


if __name__ == "__main__":
    main()
