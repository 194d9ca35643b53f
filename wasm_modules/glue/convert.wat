;;% param name
;;% param plain, half, shared
;;% from "words.wat" import memory, add, set, inc, while_below, mul with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: a tensor as the next operator reads it{{ "" if plain else ", its rows padded with zeros" }}; {{ 16 if half else 32 }} bits.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $x i32) (param $result i32)
    (param $words i32) (param $middle i32) (param $inner i32) (param $padded_middle i32) (param $padded_inner i32)
    (param $row i32) (param $step i32) (param $one i32){{ more() }}
    (local $to i32) (local $past i32) (local $i i32) (local $j i32) (local $k i32)
;;% call runs()
;;%   if plain
(memory.copy (local.get $result) (local.get $x) {{ mul("$words", 16) }})
;;%   else
{{ set("$to", "$result") }}
      {{ set("$past", add("$result", mul("$words", 4))) }}
      {{ set("$i", "$x") }}
      (loop $rows
        {{ set("$j", 0) }}
        (loop $runs
          {{ set("$k", 0) }}
          (loop $elements
            (f32.store (local.get $to) (f32.const 0))
            (if (i32.and (i32.lt_u (local.get $j) (local.get $middle)) (i32.lt_u (local.get $k) (local.get $inner))) (then
              (f32.store (local.get $to) (f32.load {{ add("$i", mul(add(mul("$j", "$step"), mul("$k", "$one")), 4)) }}))))
            {{ inc("$to", 4) }}
            {{ while_below("$elements", "$k", 1, "$padded_inner") }})
          {{ while_below("$runs", "$j", 1, "$padded_middle") }})
        {{ inc("$i", mul("$row", 4)) }}
        (br_if $rows (i32.lt_u (local.get $to) (local.get $past))))
;;%   endif
;;% endcall
  ))
