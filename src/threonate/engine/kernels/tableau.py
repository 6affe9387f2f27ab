"""Coefficients of a Rosenbrock method, in the form that needs no product with the Jacobian."""

from __future__ import annotations

from dataclasses import dataclass

Row = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tableau:
    """One stiffly accurate method; the last stage is the error estimate.

    A stage solves (I/(h gamma) - J) k_i = f(t + c_i h, y + sum a_ij k_j) + sum C_ij k_j / h + h d_i df/dt.
    The step is y + sum a_sj k_j + k_s, where s is the last stage.
    Between the ends, y(u) = (1-u) y0 + u (y1 + (1-u) (D_1 + u D_2 + u^2 D_3)) with D_i = sum dense_ij k_j.

    order        of the step
    error_order  power of h in the error estimate
    a, coupling  strictly lower triangular, by rows
    nodes        c_i
    drift        d_i
    dense        rows of the dense output
    """

    name: str
    order: int
    error_order: int
    dense_order: int
    gamma: float
    a: tuple[Row, ...]
    coupling: tuple[Row, ...]
    nodes: Row
    drift: Row
    dense: tuple[Row, ...]

    @property
    def stages(self) -> int:
        return len(self.nodes)

    def adds_one_stage(self, stage: int) -> bool:
        """Whether this stage starts where the one before started, plus that stage."""
        return stage > 0 and self.a[stage] == (*self.a[stage - 1], 1.0)
