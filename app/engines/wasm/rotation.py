"""Runs that take copies of their operands in turn: a module around ``run``, with the loop inside."""

from collections.abc import Sequence

from app.engines.wasm.memory import Places

MODULE = "kernelscope"


def rotating(types: Sequence[str], operands: int, places: Places) -> str:
    """The text of a module whose ``run`` has the same parameters as the one that it imports, of ``types``.

    Each run moves the first ``operands`` pointers one copy on. Where it stands outlives a call, so that short
    batches do not meet the same few copies again.
    """
    p = types[0]
    parameters = " ".join(f"(param {type})" for type in types)
    moved = " ".join(
        f"({p}.add (local.get {i}) (global.get $from))" if i <= operands else f"(local.get {i})"
        for i in range(1, len(types))
    )
    return f"""(module
  (import "{MODULE}" "run" (func $run {parameters}))
  (global $from (mut {p}) ({p}.const 0))
  (func (export "run") {parameters}
    (block $done (loop $again
      (br_if $done ({p}.eqz (local.get 0)))
      (call $run ({p}.const 1) {moved})
      (global.set $from ({p}.add (global.get $from) ({p}.const {places.stride})))
      (if ({p}.eq (global.get $from) ({p}.const {places.stride * places.copies}))
        (then (global.set $from ({p}.const 0))))
      (local.set 0 ({p}.sub (local.get 0) ({p}.const 1)))
      (br $again)))))
"""
