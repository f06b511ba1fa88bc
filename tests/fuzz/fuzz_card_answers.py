"""Coverage-guided fuzzing of the parsers of card answers; run by hand, from the checkout.

PYTHONPATH=. .venv/bin/python tests/fuzz/fuzz_card_answers.py -max_total_time=600
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["cardreader"]):
    from tests.fuzz.card_answers import one_input


def main() -> None:
    """Fuzz until told to stop (libFuzzer's options)."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
