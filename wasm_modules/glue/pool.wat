;;% param name
;;% param shared
;;% from "words.wat" import memory, add, set, inc, while_below, mul with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: the mean of a text's tokens, scaled to length one.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $starts i32) (param $x i32) (param $result i32)
    (param $columns i32) (param $texts i32){{ more() }}
    (local $row i32) (local $k i32) (local $text i32) (local $last i32) (local $to i32) (local $from i32) (local $past i32)
    (local $sum v128) (local $squares v128)
    {{ set("$row", mul("$columns", 16)) }}
;;% call runs()
{{ set("$text", "$starts") }}
      {{ set("$to", "$result") }}
      {{ set("$last", add("$starts", mul("$texts", 4))) }}
      (loop $next
        (local.set $squares (v128.const f32x4 0 0 0 0))
        {{ set("$past", add("$x", mul("(i32.load offset=4 (local.get $text))", "$row"))) }}
        {{ set("$k", 0) }}
        (loop $word
          (local.set $sum (v128.const f32x4 0 0 0 0))
          {{ set("$from", add("$x", mul("(i32.load (local.get $text))", "$row"))) }}
          (loop $token
            (local.set $sum (f32x4.add (local.get $sum) (v128.load {{ add("$from", "$k") }})))
            {{ while_below("$token", "$from", "$row", "$past") }})
          (v128.store {{ add("$to", "$k") }} (local.get $sum))
          (local.set $squares (f32x4.add (local.get $squares) (f32x4.mul (local.get $sum) (local.get $sum))))
          {{ while_below("$word", "$k", 16, "$row") }})
        ;; The sum has the mean's direction.
        (local.set $sum (f32x4.splat (f32.div (f32.const 1) (f32.sqrt
          (f32.add (f32.add (f32x4.extract_lane 0 (local.get $squares)) (f32x4.extract_lane 1 (local.get $squares)))
            (f32.add (f32x4.extract_lane 2 (local.get $squares)) (f32x4.extract_lane 3 (local.get $squares))))))))
        {{ set("$k", 0) }}
        (loop $scaled
          (v128.store {{ add("$to", "$k") }} (f32x4.mul (v128.load {{ add("$to", "$k") }}) (local.get $sum)))
          {{ while_below("$scaled", "$k", 16, "$row") }})
        {{ inc("$to", "$row") }}
        {{ while_below("$next", "$text", 4, "$last") }})
;;% endcall
  ))
