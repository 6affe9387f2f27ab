"""Python functions to LLVM text: the small part of the language that a loop over arrays needs.

A function is written with types in its signature. Numbers, `if`, `while`, `for` over a range, and the elements of
arrays that lie in records keep the meaning that Python gives them, to the last bit: nothing is reordered or fused. What
has another meaning here is refused, save for three things: whole numbers have 64 bits, an index counts from the start,
and `and` and `or` give a truth.
"""

from threonate.engine.kernels.translate.module import translate

__all__ = ["translate"]
