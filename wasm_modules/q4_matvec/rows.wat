;;% param name, compute, rows
;;% param p
;;% from "words.wat" import add, mul, set, inc, until_zero, memory with context
;;% from "q4_matvec/formats.wat" import apart, unit_bytes, blocks, nibbles, scales with context
;;% set x_bytes = 16 if compute == "i8" else 64
;;% set block_bytes = 32 + 2 * x_bytes
;; q4-matvec {{ name }}: y = A x, {{ rows }} row{{ "s" if rows > 1 }} at a time.
(module
  {{ memory() }}
  (func (export "run")
    (param $repeats {{ p }}) (param $codes {{ p }}){% if apart %} (param $scales {{ p }}){% endif %} (param $vector {{ p }})
    (param $result {{ p }}) (param $groups {{ p }}) (param $units {{ p }})
    (local $x {{ p }}) (local $y {{ p }}) (local $g {{ p }}) (local $k {{ p }})
    (local $at {{ p }}) (local $end {{ p }}) (local $from {{ p }})
    (local $w v128) (local $dot v128) (local $scale v128) (local $offset v128)
;;% for r in range(rows)
    (local $a{{ r }} {{ p }}) (local $s{{ r }} {{ p }}) (local $sum{{ r }} v128)
;;% endfor
    (loop $again
      {{ set("$at", "$codes") }}
;;% if apart
      {{ set("$from", "$scales") }}
;;% endif
      {{ set("$y", "$result") }}
      {{ set("$g", "$groups") }}
      (loop $group
;;% for r in range(rows)
        {{ set("$a%d" % r, add("$at", mul("$units", r * unit_bytes))) }}
;;%   if apart
        {{ set("$s%d" % r, add("$from", mul("$units", 2 * r))) }}
;;%   endif
        (local.set $sum{{ r }} (v128.const i32x4 0 0 0 0))
;;% endfor
        {{ set("$x", "$vector") }}
        {{ set("$k", "$units") }}
        (loop $unit
;;% for b in blocks
;;%   for r in range(rows)
;;%     if compute == "i8"
          (local.set $dot (i32x4.relaxed_dot_i8x16_i7x16_add_s
            (v128.load offset={{ b * block_bytes + 32 }} (local.get $x)) {{ nibbles("(local.get $a%d)" % r, b, 0) }} (v128.const i32x4 0 0 0 0)))
          (local.set $dot (f32x4.convert_i32x4_s (i32x4.relaxed_dot_i8x16_i7x16_add_s
            (v128.load offset={{ b * block_bytes + 48 }} (local.get $x)) {{ nibbles("(local.get $a%d)" % r, b, 1) }} (local.get $dot))))
;;%     else
          (local.set $dot (v128.const i32x4 0 0 0 0))
;;%       for i in range(2)
          (local.set $w {{ nibbles("(local.get $a%d)" % r, b, i) }})
;;%         for quad in range(4)
;;%           set half, quarter = ["low", "high"][quad // 2], ["low", "high"][quad % 2]
          (local.set $dot (f32x4.add (local.get $dot) (f32x4.mul
            (v128.load offset={{ b * block_bytes + 32 + 64 * i + 16 * quad }} (local.get $x))
            (f32x4.convert_i32x4_u (i32x4.extend_{{ quarter }}_i16x8_u (i16x8.extend_{{ half }}_i8x16_u (local.get $w)))))))
;;%         endfor
;;%       endfor
;;%     endif
          {{ scales("(local.get $a%d)" % r, "(local.get $s%d)" % r, b) }}
          (local.set $sum{{ r }} (f32x4.add (local.get $sum{{ r }}) (f32x4.add
            (f32x4.mul (local.get $scale) (f32x4.mul (local.get $dot) (v128.load offset={{ b * block_bytes }} (local.get $x))))
            (f32x4.mul (local.get $offset) (v128.load offset={{ b * block_bytes + 16 }} (local.get $x))))))
;;%   endfor
;;% endfor
;;% for r in range(rows)
          {{ inc("$a%d" % r, unit_bytes) }}
;;%   if apart
          {{ inc("$s%d" % r, 2) }}
;;%   endif
;;% endfor
          {{ inc("$x", block_bytes * (blocks | length)) }}
          {{ until_zero("$unit", "$k") }})
;;% for r in range(rows)
        (f32.store offset={{ 4 * r }} (local.get $y) (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $sum{{ r }})) (f32x4.extract_lane 1 (local.get $sum{{ r }})))
          (f32.add (f32x4.extract_lane 2 (local.get $sum{{ r }})) (f32x4.extract_lane 3 (local.get $sum{{ r }})))))
;;% endfor
        {{ inc("$at", mul("$units", rows * unit_bytes)) }}
;;% if apart
        {{ inc("$from", mul("$units", 2 * rows)) }}
;;% endif
        {{ inc("$y", 4 * rows) }}
        {{ until_zero("$group", "$g") }})
      {{ until_zero("$again", "$repeats") }})))
