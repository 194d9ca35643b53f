;;% param name, techniques
;;% from "words.wat" import add, set, inc, while_below, until_zero, memory with context
;; scan {{ name }}: {{ "four sums in two shifted additions, then what came before" if "simd" in techniques else "one sum after the other" }}.
(module
  {{ memory() }}
  (func (export "run") (param $repeats i32) (param $x i32) (param $result i32) (param $bytes i32)
    (local $a i32) (local $b i32) (local $end i32) (local $sum f32) (local $before v128)
;;% for i in range(4)
    (local $w{{ i }} v128)
;;% endfor
    {{ set("$end", add("$x", "$bytes")) }}
    (loop $again
      {{ set("$a", "$x") }}
      {{ set("$b", "$result") }}
      (local.set $sum (f32.const 0))
      (local.set $before (v128.const f32x4 0 0 0 0))
      (loop $step
;;% if "simd" in techniques
;;%   for i in range(4)
        (local.set $w{{ i }} (v128.load offset={{ 16 * i }} (local.get $a)))
;;%     for lanes in (1, 2)
        (local.set $w{{ i }} (f32x4.add (local.get $w{{ i }}) (i8x16.shuffle
          {%- for byte in range(16) %} {{ 16 + byte - 4 * lanes if byte >= 4 * lanes else 0 }}{% endfor %} (v128.const i32x4 0 0 0 0) (local.get $w{{ i }}))))
;;%     endfor
;;%   endfor
;;%   for i in range(4)
        (local.set $w{{ i }} (f32x4.add (local.get $w{{ i }}) (local.get $before)))
        (v128.store offset={{ 16 * i }} (local.get $b) (local.get $w{{ i }}))
        (local.set $before (i8x16.shuffle {{ "12 13 14 15 " * 4 }}(local.get $w{{ i }}) (local.get $w{{ i }})))
;;%   endfor
;;% else
;;%   for i in range(16)
        (local.set $sum (f32.add (local.get $sum) (f32.load offset={{ 4 * i }} (local.get $a))))
        (f32.store offset={{ 4 * i }} (local.get $b) (local.get $sum))
;;%   endfor
;;% endif
        {{ inc("$b", 64) }}
        {{ while_below("$step", "$a", 64, "$end") }})
      {{ until_zero("$again", "$repeats") }})))
