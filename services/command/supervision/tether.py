"""Becomes another program that ends with the process that started it: `tether.py PARENT SIGNAL PROGRAM [ARG...]`.

A script of its own, so that nothing runs between fork and exec in a parent that has threads. The kernel ties the wish
to the thread that started it, so start it from the main thread. Linux only; elsewhere the program just runs.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Ask the kernel for SIGNAL when PARENT ends, then become PROGRAM."""
    parent, signal_number, *program = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number))
        if os.getppid() != int(parent):
            sys.exit(1)  # It ended before the wish was known, so the signal will never come.
    os.execv(program[0], program)  # noqa: S606 - no shell is the point


if __name__ == "__main__":
    main()
