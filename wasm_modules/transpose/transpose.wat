;;% param name
;;% param rows
;;% param p, shared
;;% param lanes
;;% from "words.wat" import add, mul, set, inc, while_below, until_zero, is, memory with context
;;% from "share.wat" import part, barrier with context
;; transpose {{ name }}: {{ rows }} rows at a time, {{ "blocks of 4 x 4 by shuffles" if lanes == 4 else "a column of them after the other" }}.
;;% macro shuffle(lanes, a, b)
(i8x16.shuffle{% for lane in lanes %}{% for i in range(4) %} {{ 4 * lane + i }}{% endfor %}{% endfor %} (local.get {{ a }}) (local.get {{ b }}))
;;%- endmacro
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats {{ p }}) (param $x {{ p }}) (param $result {{ p }})
    (param $bands {{ p }}) (param $row_bytes {{ p }}) (param $column_bytes {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $band {{ p }}) (local $to {{ p }}) (local $b {{ p }}) (local $end {{ p }})
;;% for r in range(rows)
    (local $a{{ r }} {{ p }})
;;% endfor
;;% for c in range(4)
    (local $c{{ c }} {{ p }}) (local $w{{ c }} v128) (local $t{{ c }} v128)
;;% endfor
    (loop $again
      {{ part("$band", "$to", "$bands") if shared else set("$to", "$bands") }}
;;% if not shared
      {{ set("$band", 0) }}
;;% endif
      (if {{ is("lt_u", "$band", "$to") }} (then (loop $next_band
        {{ set("$a0", add("$x", mul("$band", mul("$row_bytes", rows)))) }}
        {{ set("$end", add("$a0", "$row_bytes")) }}
;;% for r in range(1, rows)
        {{ set("$a%d" % r, add("$a%d" % (r - 1), "$row_bytes")) }}
;;% endfor
        {{ set("$b", add("$result", mul("$band", 4 * rows))) }}
        (loop $step
;;% if lanes == 4
          {{ set("$c0", "$b") }}
;;%   for c in range(1, 4)
          {{ set("$c%d" % c, add("$c%d" % (c - 1), "$column_bytes")) }}
;;%   endfor
;;%   for block in range(rows // 4)
;;%     for r in range(4)
          (local.set $w{{ r }} (v128.load (local.get $a{{ 4 * block + r }})))
;;%     endfor
          (local.set $t0 {{ shuffle([0, 4, 1, 5], "$w0", "$w1") }})
          (local.set $t1 {{ shuffle([2, 6, 3, 7], "$w0", "$w1") }})
          (local.set $t2 {{ shuffle([0, 4, 1, 5], "$w2", "$w3") }})
          (local.set $t3 {{ shuffle([2, 6, 3, 7], "$w2", "$w3") }})
;;%     for c in range(4)
          (v128.store offset={{ 16 * block }} (local.get $c{{ c }}) {{ shuffle([2, 3, 6, 7] if c % 2 else [0, 1, 4, 5], "$t%d" % (c // 2), "$t%d" % (c // 2 + 2)) }})
;;%     endfor
;;%   endfor
;;% else
;;%   for r in range(rows)
          (f32.store offset={{ 4 * r }} (local.get $b) (f32.load (local.get $a{{ r }})))
;;%   endfor
;;% endif
          {{ inc("$b", mul("$column_bytes", lanes)) }}
;;% for r in range(1, rows)
          {{ inc("$a%d" % r, 4 * lanes) }}
;;% endfor
          {{ while_below("$step", "$a0", 4 * lanes, "$end") }})
        {{ while_below("$next_band", "$band", 1, "$to") }})))
;;% if shared
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
;;% endif
      {{ until_zero("$again", "$repeats") }})))
