;;% param name
;;% param shared
;;% from "words.wat" import memory, add, set, inc, while_below, mul with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: adds to each token the row of a table that its place has.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $table i32) (param $places i32) (param $x i32) (param $result i32)
    (param $words i32) (param $columns i32){{ more() }}
    (local $at i32) (local $place i32) (local $from i32) (local $k i32) (local $row i32) (local $past i32)
    {{ set("$row", mul("$columns", 16)) }}
    {{ set("$past", mul("$words", 16)) }}
;;% call runs()
{{ set("$at", 0) }}
      {{ set("$place", "$places") }}
      (loop $token
        {{ set("$from", add("$table", mul("(i32.load (local.get $place))", "$row"))) }}
        {{ set("$k", 0) }}
        (loop $word
          (v128.store {{ add("$result", add("$at", "$k")) }}
            (f32x4.add (v128.load {{ add("$x", add("$at", "$k")) }}) (v128.load {{ add("$from", "$k") }})))
          {{ while_below("$word", "$k", 16, "$row") }})
        {{ inc("$place", 4) }}
        {{ while_below("$token", "$at", "$row", "$past") }})
;;% endcall
  ))
