"""Coefficients of the methods: Rosenbrock, in the form that needs no product with the Jacobian, and explicit."""

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


@dataclass(frozen=True, slots=True)
class ExplicitTableau:
    """One explicit Runge-Kutta method with two error estimates.

    A stage is k_i = f(t + c_i h, y + h sum a_ij k_j); the step is y + h sum b_j k_j.
    With e and d the sums of the squared estimates in units of the tolerance, the error is h^2 e^2 / (e + damping d).
    Between the ends, y(u) = y0 + u (F_0 + (1-u) (F_1 + u (F_2 + (1-u) (F_3 + ...)))) with F_0 = y1 - y0,
    F_1 = h f0 - F_0, F_2 = 2 F_0 - h (f1 + f0), and then h sum dense_ij k_j.

    order        of the step
    error_order  power of h in the error estimate
    a, nodes     strictly lower triangular, by rows; c_i
    b            weights of the step
    errors       weights of the two estimates
    extra        rows and nodes of the slopes that only the interpolation needs, after f1
    dense        rows of the dense output, over all slopes
    """

    name: str
    order: int
    error_order: int
    dense_order: int
    a: tuple[Row, ...]
    nodes: Row
    b: Row
    errors: tuple[Row, Row]
    damping: float
    extra: tuple[tuple[Row, float], ...]
    dense: tuple[Row, ...]

    @property
    def stages(self) -> int:
        return len(self.nodes)


Method = Tableau | ExplicitTableau
