"""Counts what holds and what does not."""

import sys

passed = failed = 0


def check(what, holds, said=""):
    """Counts it, and prints what does not hold."""
    global passed, failed
    if holds:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what} {str(said)[:400]}")


def end():
    """Prints how many there were, and ends with 1 if any did not hold."""
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
