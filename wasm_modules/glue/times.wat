;;% param name
;;% param shared
;;% from "words.wat" import memory, add, set, while_below, mul with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: the product of two matrices, element by element.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $a i32) (param $b i32) (param $result i32) (param $words i32){{ more() }}
    (local $i i32) (local $past i32)
    {{ set("$past", mul("$words", 16)) }}
;;% call runs()
{{ set("$i", 0) }}
      (loop $word
        (v128.store {{ add("$result", "$i") }} (f32x4.mul (v128.load {{ add("$a", "$i") }}) (v128.load {{ add("$b", "$i") }})))
        {{ while_below("$word", "$i", 16, "$past") }})
;;% endcall
  ))
