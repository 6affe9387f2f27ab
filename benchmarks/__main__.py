"""`python -m benchmarks NAME [options]` runs one benchmark; without a name it lists them."""

from __future__ import annotations

import os
import sys

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # processor time of one core is what is compared


def main(arguments: list[str]) -> int:
    """Run what is asked for; returns the exit code."""
    from benchmarks.verbs import all_verbs

    verbs = all_verbs()
    if arguments and arguments[0] in verbs:
        return int(verbs[arguments[0]].main(arguments[1:]) or 0)
    if arguments and arguments[0] not in ("-h", "--help"):
        print(f"There is no benchmark '{arguments[0]}'.", file=sys.stderr)
    width = max(map(len, verbs))
    for name, verb in verbs.items():
        print(f"  {name:{width}}  {(verb.__doc__ or '').splitlines()[0]}")
    return 0 if not arguments or arguments[0] in ("-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
