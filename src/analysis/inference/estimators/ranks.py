"""Which columns of a wide matrix say something that those ranked before them do not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

TOLERANCE = 1e-9  # of a column's length that those before it may leave over
WIDTH = 64  # columns looked at together


def ranked_columns(x: np.ndarray, blocks: Iterable[np.ndarray]) -> list[int]:
    """The columns of x (n by k), in their order, that are no combination of columns ranked before them.

    ``blocks``: indices in order of rank. A few columns together (Gram-Schmidt, projected twice: Daniel, Gragg, Kaufman
    and Stewart 1976, Mathematics of Computation 30): with more columns than rows, one decomposition of all of them
    would call the last ones combinations only for coming last.
    """
    length = np.linalg.norm(x, axis=0)
    unit = x / np.where(length > 0, length, 1.0)
    basis: np.ndarray = np.empty((len(x), 0))
    kept: list[int] = []
    width = min(WIDTH, max(len(x) // 4, 1))
    order = np.concatenate([np.asarray(block, dtype=int) for block in blocks])
    for start in range(0, len(order), width):
        few = order[start : start + width]
        rest = outside(outside(unit[:, few], basis), basis)
        is_new = np.abs(np.diag(np.linalg.qr(rest, mode="r"))) > TOLERANCE
        few, rest = few[: len(is_new)][is_new], rest[:, : len(is_new)][:, is_new]
        kept += few.tolist()
        basis = np.hstack([basis, np.linalg.qr(rest)[0]])
    return sorted(kept)


def outside(values: np.ndarray, basis: np.ndarray) -> np.ndarray:
    """What an orthonormal basis (n by r) leaves of n by k values."""
    return values - basis @ (basis.T @ values)
