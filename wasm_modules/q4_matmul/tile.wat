;;% param name, compute
;;% param rows, tokens
;;% param p, shared
;;% from "words.wat" import add, mul, set, inc, sub, is, until_zero, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "floats.wat" import madd, plus, times, lanes_of with context
;;% from "q4_matvec/formats.wat" import apart, unit_bytes, blocks, nibbles, scales with context
;;% set x_bytes = 16 if compute == "i8" else 64
;;% set block_bytes = 32 + 2 * x_bytes
;;% macro of_x(t, b, offset)
(v128.load offset={{ b * block_bytes + offset }} (local.get $x{{ t }}))
;;%- endmacro
;; q4-matmul {{ name }}: Y = X A^T, {{ rows }} row{{ "s" if rows > 1 }} by {{ tokens }} tokens at a time: what is unpacked of a row is for all of these.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
    (param $repeats {{ p }}) (param $codes {{ p }}){% if apart %} (param $scales {{ p }}){% endif %} (param $vector {{ p }})
    (param $result {{ p }}) (param $groups {{ p }}) (param $units {{ p }}) (param $batches {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $x {{ p }}) (local $y {{ p }}) (local $z {{ p }}) (local $g {{ p }}) (local $h {{ p }}) (local $k {{ p }})
    (local $at {{ p }}) (local $from {{ p }}) (local $first {{ p }}) (local $past {{ p }}) (local $stride {{ p }})
    (local $w v128) (local $q v128) (local $scale v128) (local $offset v128)
;;% for t in range(tokens)
    (local $x{{ t }} {{ p }}) (local $dot{{ t }} v128)
;;%   for r in range(rows)
    (local $sum{{ r }}_{{ t }} v128)
;;%   endfor
;;% endfor
;;% for r in range(rows)
    (local $a{{ r }} {{ p }}) (local $s{{ r }} {{ p }})
;;% endfor
    {{ set("$stride", mul("$groups", 4 * rows)) }}
    {{ part("$first", "$past", "$groups") if shared else set("$past", "$groups") }}
    (loop $again
      {{ set("$at", add("$codes", mul("$first", mul("$units", rows * unit_bytes)))) }}
;;% if apart
      {{ set("$from", add("$scales", mul("$first", mul("$units", 2 * rows)))) }}
;;% endif
      {{ set("$y", add("$result", mul("$first", 4 * rows))) }}
      {{ set("$g", sub("$past", "$first")) }}
      (if {{ is("ne", "$g", 0) }} (then (loop $group
        {{ set("$x", "$vector") }}
        {{ set("$z", "$y") }}
        {{ set("$h", "$batches") }}
        (loop $batch
;;% for r in range(rows)
          {{ set("$a%d" % r, add("$at", mul("$units", r * unit_bytes))) }}
;;%   if apart
          {{ set("$s%d" % r, add("$from", mul("$units", 2 * r))) }}
;;%   endif
;;%   for t in range(tokens)
          (local.set $sum{{ r }}_{{ t }} (v128.const i32x4 0 0 0 0))
;;%   endfor
;;% endfor
;;% for t in range(tokens)
          {{ set("$x%d" % t, add("$x", mul("$units", t * block_bytes * (blocks | length)))) }}
;;% endfor
          {{ set("$k", "$units") }}
          (loop $unit
;;% for b in blocks
;;%   for r in range(rows)
;;%     for i in range(2)
            (local.set $w {{ nibbles("(local.get $a%d)" % r, b, i) }})
;;%       if compute == "i8"
;;%         for t in range(tokens)
            (local.set $dot{{ t }} (i32x4.relaxed_dot_i8x16_i7x16_add_s {{ of_x(t, b, 32 + 16 * i) }} (local.get $w)
              {{ "(local.get $dot%d)" % t if i else "(v128.const i32x4 0 0 0 0)" }}))
;;%         endfor
;;%       else
;;%         for quad in range(4)
;;%           set half, quarter = ["low", "high"][quad // 2], ["low", "high"][quad % 2]
            (local.set $q (f32x4.convert_i32x4_u (i32x4.extend_{{ quarter }}_i16x8_u (i16x8.extend_{{ half }}_i8x16_u (local.get $w)))))
;;%           for t in range(tokens)
;;%             set x = of_x(t, b, 32 + 64 * i + 16 * quad)
            (local.set $dot{{ t }} {{ madd(x, "$q", "$dot%d" % t) if i or quad else times(x, "$q") }})
;;%           endfor
;;%         endfor
;;%       endif
;;%     endfor
            {{ scales("(local.get $a%d)" % r, "(local.get $s%d)" % r, b) }}
;;%     for t in range(tokens)
;;%       set dot = "(f32x4.convert_i32x4_s (local.get $dot%d))" % t if compute == "i8" else "$dot%d" % t
            (local.set $sum{{ r }}_{{ t }} {{ plus(plus("$sum%d_%d" % (r, t), times("$offset", of_x(t, b, 16))), times("$scale", times(dot, of_x(t, b, 0)))) }})
;;%     endfor
;;%   endfor
;;% endfor
;;% for r in range(rows)
            {{ inc("$a%d" % r, unit_bytes) }}
;;%   if apart
            {{ inc("$s%d" % r, 2) }}
;;%   endif
;;% endfor
;;% for t in range(tokens)
            {{ inc("$x%d" % t, block_bytes * (blocks | length)) }}
;;% endfor
            {{ until_zero("$unit", "$k") }})
;;% for t in range(tokens)
;;%   for r in range(rows)
          (f32.store offset={{ 4 * r }} (local.get $z) {{ lanes_of("$sum%d_%d" % (r, t), "add") }})
;;%   endfor
          {{ inc("$z", "$stride") }}
;;% endfor
          {{ inc("$x", mul("$units", tokens * block_bytes * (blocks | length))) }}
          {{ until_zero("$batch", "$h") }})
        {{ inc("$at", mul("$units", rows * unit_bytes)) }}
;;% if apart
        {{ inc("$from", mul("$units", 2 * rows)) }}
;;% endif
        {{ inc("$y", 4 * rows) }}
        {{ until_zero("$group", "$g") }})))
;;% if shared
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
;;% endif
      {{ until_zero("$again", "$repeats") }})))
