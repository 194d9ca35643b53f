;;% param name, techniques
;;% from "words.wat" import add, mul, set, inc, while_below, until_zero, is, memory with context
;; gather {{ name }}: rows of a table by their ids, {{ "by registers, 64 bytes in a turn" if "simd" in techniques else "each by the engine's own copy" }}.
(module
  {{ memory() }}
  (func (export "run") (param $repeats i32) (param $table i32) (param $ids i32) (param $result i32)
    (param $rows i32) (param $row_bytes i32) (param $known i32)
    (local $at i32) (local $last i32) (local $id i32) (local $a i32) (local $b i32) (local $end i32)
    {{ set("$last", add("$ids", mul("$rows", 4))) }}
    (loop $again
      {{ set("$at", "$ids") }}
      {{ set("$b", "$result") }}
      (loop $row
        (local.set $id (i32.load (local.get $at)))
        (if {{ is("lt_u", "$id", "$known") }}
          (then
            {{ set("$a", add("$table", mul("$id", "$row_bytes"))) }}
;;% if "simd" in techniques
            {{ set("$end", add("$a", "$row_bytes")) }}
            (loop $step
;;%   for i in range(4)
              (v128.store offset={{ 16 * i }} (local.get $b) (v128.load offset={{ 16 * i }} (local.get $a)))
;;%   endfor
              {{ inc("$b", 64) }}
              {{ while_below("$step", "$a", 64, "$end") }}))
;;% else
            (memory.copy (local.get $b) (local.get $a) (local.get $row_bytes))
            {{ inc("$b", "$row_bytes") }})
;;% endif
          (else
            (memory.fill (local.get $b) (i32.const 0) (local.get $row_bytes))
            {{ inc("$b", "$row_bytes") }}))
        {{ while_below("$row", "$at", 4, "$last") }})
      {{ until_zero("$again", "$repeats") }})))
