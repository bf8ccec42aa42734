"""How much is tested: what half an hour allows, or with MACAW_TEST_LONG all of it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from typing import Any

LONG = bool(os.environ.get("MACAW_TEST_LONG"))


def combined(*choices: Sequence[Any], shortly: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """Every combination of some choices, or the few that stand for them."""
    return list(product(*choices)) if LONG else shortly
