;;% param name
;;% param neighbours, shared
;;% from "words.wat" import memory, add, set, inc, while_below, mul with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: blocks of 32 as a stream: the scale four times, that times the sum of the codes among zeros, the codes.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $x i32) (param $result i32)
    (param $rows i32) (param $blocks i32) (param $words i32){{ more() }}
    (local $to i32) (local $row i32) (local $last i32) (local $i i32) (local $b i32) (local $most v128) (local $sum v128)
    (local $scale f32) (local $by v128){% for i in range(8) %} (local $v{{ i }} v128){% endfor +%}
;;% call runs()
{{ set("$to", "$result") }}
      {{ set("$i", 0) }}
      (loop $next_row
        {{ set("$row", add("$x", mul(mul("$i", "$words"), 16))) }}
        {{ set("$last", add("$row", mul("$words", 16))) }}
        {{ set("$b", 0) }}
        (loop $next_block
          (memory.fill (local.get $to) (i32.const 0) (i32.const 64))
          (if (i32.lt_u (local.get $row) (local.get $last)) (then
            (local.set $most (v128.const f32x4 1e-8 1e-8 1e-8 1e-8))
;;%   for i in range(8)
            (local.set $v{{ i }} (v128.load offset={{ 16 * i }} (local.get $row)))
            (local.set $most (f32x4.pmax (local.get $most) (f32x4.abs (local.get $v{{ i }}))))
;;%   endfor
            (local.set $scale (f32.div (f32.max
              (f32.max (f32x4.extract_lane 0 (local.get $most)) (f32x4.extract_lane 1 (local.get $most)))
              (f32.max (f32x4.extract_lane 2 (local.get $most)) (f32x4.extract_lane 3 (local.get $most)))) (f32.const 127)))
            (local.set $by (f32x4.splat (local.get $scale)))
            (local.set $sum (v128.const i32x4 0 0 0 0))
;;%   for i in range(8)
            (local.set $v{{ i }} (i32x4.trunc_sat_f32x4_s (f32x4.nearest (f32x4.div (local.get $v{{ i }}) (local.get $by)))))
            (local.set $sum (i32x4.add (local.get $sum) (local.get $v{{ i }})))
;;%   endfor
;;%   for half in (0, 4)
            (local.set $v{{ half }} (i8x16.narrow_i16x8_s
              (i16x8.narrow_i32x4_s (local.get $v{{ half }}) (local.get $v{{ half + 1 }}))
              (i16x8.narrow_i32x4_s (local.get $v{{ half + 2 }}) (local.get $v{{ half + 3 }}))))
;;%   endfor
;;%   for half in (0, 1)
            (v128.store offset={{ 32 + 16 * half }} (local.get $to)
;;%     if neighbours
              (i8x16.shuffle{% for n in range(16) %} {{ 2 * n + half }}{% endfor %} (local.get $v0) (local.get $v4)))
;;%     else
              (local.get $v{{ 4 * half }}))
;;%     endif
;;%   endfor
            (v128.store (local.get $to) (local.get $by))
            (f32.store offset=16 (local.get $to) (f32.mul (local.get $scale) (f32.convert_i32_s
              (i32.add (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
                (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))))))
          {{ inc("$row", 128) }}
          {{ inc("$to", 64) }}
          {{ while_below("$next_block", "$b", 1, "$blocks") }})
        {{ while_below("$next_row", "$i", 1, "$rows") }})
;;% endcall
  ))
