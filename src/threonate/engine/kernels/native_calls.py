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


def _call(typing_context: Any, address: Any, arguments: Any) -> Any:
    def generate(context: Any, builder: Any, _signature: Any, values: Any) -> Any:
        passed = [builder.extract_value(values[1], i) for i in range(len(arguments))]
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(64)] * len(passed))
        builder.call(builder.inttoptr(values[0], kind.as_pointer()), passed)
        return context.get_dummy_value()

    return types.void(types.int64, arguments), generate


call = cast(Callable[[int, tuple[int, ...]], None], intrinsic(_call))
"""Machine code at an address, called with the addresses of its arrays."""


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
