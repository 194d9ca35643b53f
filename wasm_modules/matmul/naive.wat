;;% param name
;;% param p
;;% from "words.wat" import add, mul, set, inc, while_below, until_zero, memory with context
;; matmul {{ name }}: C = A B, one element of C after the other, the operands where they lie.
(module
  {{ memory() }}
  (func (export "run")
    (param $repeats {{ p }}) (param $a {{ p }}) (param $b {{ p }}) (param $result {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    (local $row {{ p }}) (local $column {{ p }}) (local $k {{ p }}) (local $x {{ p }}) (local $y {{ p }})
    (local $c {{ p }}) (local $sum f32)
    (loop $again
      {{ set("$c", "$result") }}
      {{ set("$row", 0) }}
      (loop $next_row
        {{ set("$column", 0) }}
        (loop $next_column
          {{ set("$x", add("$a", mul(mul("$row", "$depth"), 4))) }}
          {{ set("$y", add("$b", mul("$column", 4))) }}
          {{ set("$k", "$depth") }}
          (local.set $sum (f32.const 0))
          (loop $step
            (local.set $sum (f32.add (local.get $sum)
              (f32.mul (f32.load (local.get $x)) (f32.load (local.get $y)))))
            {{ inc("$x", 4) }}
            {{ inc("$y", mul("$columns", 4)) }}
            {{ until_zero("$step", "$k") }})
          (f32.store (local.get $c) (local.get $sum))
          {{ inc("$c", 4) }}
          {{ while_below("$next_column", "$column", 1, "$columns") }})
        {{ while_below("$next_row", "$row", 1, "$rows") }})
      {{ until_zero("$again", "$repeats") }})))
