;;% param name, compute
;;% param xs
;;% param steps
;;% from "words.wat" import add, set, inc, while_below, until_zero, memory with context
;; fma {{ name }}: {{ xs }} x at a time, half their chains in {{ 4 * xs }} registers; nothing in the loop touches memory.
(module
  {{ memory() }}
  (func (export "run")
    (param $repeats i32) (param $start i32) (param $result i32) (param $count i32) (param $rounds i32)
    (local $x i32) (local $y i32) (local $end i32) (local $round i32) (local $step i32) (local $half i32)
    (local $two v128) (local $one v128) (local $point v128) (local $back v128)
;;% for i in range(xs)
;;%   for j in range(4)
    (local $c{{ i }}_{{ j }} v128)
;;%   endfor
;;% endfor
;;% if compute == "f32"
    (local.set $two (f32x4.splat (f32.const 2)))
    (local.set $one (f32x4.splat (f32.const 1)))
    (local.set $point (f32x4.splat (f32.const 0.5)))
    (local.set $back (f32x4.splat (f32.const {{ steps - 1 }})))
;;% else
    (local.set $one (i32x4.splat (i32.const 1)))
    (local.set $back (i32x4.splat (i32.const {{ steps - 4 }})))
;;% endif
    (loop $again
      {{ set("$x", "$start") }}
      {{ set("$y", "$result") }}
      {{ set("$end", add("$start", "(i32.shl (local.get $count) (i32.const 2))")) }}
      (loop $next
        {{ set("$half", 0) }}
        (loop $halves
;;% for i in range(xs)
;;%   for j in range(4)
;;%     set lanes = "%d %d %d %d" % (4 * j, 4 * j + 1, 4 * j + 2, 4 * j + 3)
;;%     if compute == "f32"
          (local.set $c{{ i }}_{{ j }} (f32x4.add (f32x4.splat (f32.load offset={{ 4 * i }} (local.get $x)))
            (f32x4.convert_i32x4_s (i32x4.add (i32x4.splat (local.get $half)) (v128.const i32x4 {{ lanes }})))))
;;%     else
          (local.set $c{{ i }}_{{ j }} (i32x4.add
            (i32x4.splat (i32.trunc_f32_s (f32.load offset={{ 4 * i }} (local.get $x))))
            (i32x4.add (i32x4.splat (local.get $half)) (v128.const i32x4 {{ lanes }}))))
;;%     endif
;;%   endfor
;;% endfor
          {{ set("$round", "$rounds") }}
          (loop $rounds
            {{ set("$step", steps) }}
            ;; Compilers put all steps of a chain in a row; those of a dot product, three instructions each, would wait.
            (loop $steps
;;% set unrolled = 1 if compute == "i8" else 8
;;% for step in range(unrolled)
;;%   for i in range(xs)
;;%     for j in range(4)
;;%       set c = "(local.get $c%d_%d)" % (i, j)
;;%       if compute == "i8"
              (local.set $c{{ i }}_{{ j }} (i32x4.relaxed_dot_i8x16_i7x16_add_s {{ c }} (local.get $one) (local.get $one)))
;;%       elif step % 2 == 0
              (local.set $c{{ i }}_{{ j }} (f32x4.relaxed_madd {{ c }} (local.get $two) (local.get $two)))
;;%       else
              (local.set $c{{ i }}_{{ j }} (f32x4.relaxed_madd {{ c }} (local.get $point) (local.get $one)))
;;%       endif
;;%     endfor
;;%   endfor
;;% endfor
              {{ until_zero("$steps", "$step", unrolled) }})
;;% set type = "f32x4" if compute == "f32" else "i32x4"
;;% for i in range(xs)
;;%   for j in range(4)
            (local.set $c{{ i }}_{{ j }} ({{ type }}.sub (local.get $c{{ i }}_{{ j }}) (local.get $back)))
;;%   endfor
;;% endfor
            {{ until_zero("$rounds", "$round") }})
;;% for i in range(xs)
          (local.set $c{{ i }}_0 ({{ type }}.add
            ({{ type }}.add (local.get $c{{ i }}_0) (local.get $c{{ i }}_1))
            ({{ type }}.add (local.get $c{{ i }}_2) (local.get $c{{ i }}_3))))
;;%   if compute == "i8"
          (local.set $c{{ i }}_0 (f32x4.convert_i32x4_s (local.get $c{{ i }}_0)))
;;%   endif
          (f32.store offset={{ 4 * i }} (local.get $y) (f32.add
            (select (f32.load offset={{ 4 * i }} (local.get $y)) (f32.const 0) (local.get $half))
            (f32.add
              (f32.add (f32x4.extract_lane 0 (local.get $c{{ i }}_0)) (f32x4.extract_lane 1 (local.get $c{{ i }}_0)))
              (f32.add (f32x4.extract_lane 2 (local.get $c{{ i }}_0)) (f32x4.extract_lane 3 (local.get $c{{ i }}_0))))))
;;% endfor
          {{ while_below("$halves", "$half", 16, 32) }})
        {{ inc("$y", 4 * xs) }}
        {{ while_below("$next", "$x", 4 * xs, "$end") }})
      {{ until_zero("$again", "$repeats") }})))
