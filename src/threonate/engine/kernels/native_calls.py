"""The bridge to Numba: compile a function for the processor, and call machine code by its address.

The wrappers give Numba's decorators the types that they do not state themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import carray, types  # type: ignore[attr-defined]
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compiled on first use, kept on disk; runs without the interpreter's lock, inside the function that calls it."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy", forceinline=True)(function))


def _caller(count: int) -> tuple[Any, Callable[..., Any]]:
    signature = types.void(types.int64, *([types.int64] * count))

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * count)
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return context.get_dummy_value()

    return signature, generate


def _call_2(typing_context: Any, address: Any, a: Any, b: Any) -> Any:
    return _caller(2)


def _call_4(typing_context: Any, address: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    return _caller(4)


def _call_5(  # noqa: PLR0913 - as many as the dense output has arrays
    typing_context: Any, address: Any, a: Any, b: Any, c: Any, d: Any, e: Any
) -> Any:
    return _caller(5)


def _call_10(  # noqa: PLR0913 - as many as the step has arrays
    typing_context: Any, address: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any, g: Any, h: Any, i: Any, j: Any
) -> Any:
    return _caller(10)


def _address_of(typing_context: Any, array: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = context.make_array(signature.args[0])(context, builder, arguments[0])
        return builder.ptrtoint(found.data, ir.IntType(64))

    return types.int64(array), generate


address_of = cast(Callable[[Any], int], intrinsic(_address_of))


def _as_pointer(typing_context: Any, address: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], context.get_value_type(types.voidptr))

    return types.voidptr(types.int64), generate


as_pointer = cast(Callable[[int], Any], intrinsic(_as_pointer))


@compiled
def borrowed(array: Any) -> Any:
    """The same array without an owner: nobody counts who looks at it, which would cost more than the work itself."""
    return carray(as_pointer(address_of(array)), array.shape, dtype=array.dtype)


call_2, call_4, call_5, call_10 = (intrinsic(function) for function in (_call_2, _call_4, _call_5, _call_10))
