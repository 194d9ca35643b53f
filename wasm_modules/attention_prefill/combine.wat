;;% param queries, keys, columns
;;% param p, lanes, storage
;;% from "words.wat" import add, mul, set, inc, while_below, until_zero with context
;;% from "floats.wat" import type, vector, number, splat, load, store, plus, minus, times, greater with context
;;% from "attention_prefill/cells.wat" import cell, scaled, fetch, lane, product with context
;;% from "exp.wat" import exp, exp_locals with context
;;% set vectors = queries // lanes
;;% set rows = lanes if lanes > 1 else queries
  ;; Rows of scores as weights: e to what they are above the largest of a query, over the sum of these.
  (func $soften
    (param $scores {{ p }}) (param $past {{ p }}){% if scaled %} (param $scales {{ p }}) (param $scale_stride {{ p }}){% endif +%}
    (local $at {{ p }}) (local $w {{ vector }}) {{ exp_locals() }}
    {%- for j in range(vectors) %} (local $top{{ j }} {{ vector }}) (local $sum{{ j }} {{ vector }}){% endfor +%}
;;% for j in range(vectors)
    (local.set $top{{ j }} {{ load("$scores", 4 * lanes * j) }})
;;% endfor
    {{ set("$at", "$scores") }}
    (loop $largest
;;% for j in range(vectors)
      (local.set $top{{ j }} {{ greater(load("$at", 4 * lanes * j), "$top%d" % j) }})
;;% endfor
      {{ while_below("$largest", "$at", 4 * queries, "$past") }})
    {{ set("$at", "$scores") }}
    (loop $next
;;% for j in range(vectors)
          {{ exp("$w", minus(load("$at", 4 * lanes * j), "$top%d" % j)) }}
          (local.set $sum{{ j }} {{ plus("$sum%d" % j, "$w") }})
          {{ store("$at", "$w", 4 * lanes * j) }}
;;% endfor
      {{ while_below("$next", "$at", 4 * queries, "$past") }})
;;% for j in range(vectors)
    (local.set $sum{{ j }} ({{ type }}.div {{ number("0x1p112" if storage == "f16" else 1) }} (local.get $sum{{ j }})))
;;% endfor
    (loop $share
;;% if scaled
      (local.set $w {{ splat("(f32.load (local.get $scales))") }})
      {{ inc("$scales", "$scale_stride") }}
;;% endif
;;% for j in range(vectors)
      {{ store("$scores", times(times(load("$scores", 4 * lanes * j), "$sum%d" % j), "$w") if scaled else times(load("$scores", 4 * lanes * j), "$sum%d" % j), 4 * lanes * j) }}
;;% endfor
      {{ while_below("$share", "$scores", 4 * queries, "$past") }}))

  ;; The values of $end keys by their weights, added to those of earlier keys unless these are the first,
  ;; {{ rows }} queries and {{ columns * lanes }} elements of a head at a time.
  (func $combine
    (param $scores {{ p }}) (param $value {{ p }}) (param $stride {{ p }}) (param $out {{ p }}) (param $out_stride {{ p }})
    (param $end {{ p }}) (param $size {{ p }}) (param $first i32)
    (local $c {{ p }}) (local $v {{ p }}) (local $w {{ p }}) (local $y {{ p }}) (local $t {{ p }}) (local $x {{ vector }}) (local $q {{ vector }})
    {%- for j in range(columns) %} (local $v{{ j }} {{ vector }}){% endfor %}
    {%- for i in range(rows) %}{% for j in range(columns) %} (local $s{{ i }}_{{ j }} {{ vector }}){% endfor %}{% endfor +%}
    (loop $next
      {{ set("$y", "$out") }}
;;% for first in range(0, queries, rows)
;;%   for i in range(rows)
;;%     for j in range(columns)
      (local.set $s{{ i }}_{{ j }} {{ number(0) }})
;;%     endfor
;;%   endfor
      (if (i32.eqz (local.get $first)) (then
        {{ set("$v", "$y") }}
;;%   for i in range(rows)
;;%     for j in range(columns)
        (local.set $s{{ i }}_{{ j }} {{ load("$v", 4 * lanes * j) }})
;;%     endfor
        {{ inc("$v", "$out_stride") }}
;;%   endfor
      ))
      {{ set("$v", "$value") }}
      {{ set("$w", "$scores") }}
      {{ set("$t", "$end") }}
      (loop $step
;;%   for u in range(keys)
;;%     for j in range(columns)
        (local.set $v{{ j }} {{ fetch("$v", cell * lanes * j) }})
;;%     endfor
;;%     for i in range(rows)
;;%       if i % lanes == 0
        (local.set $q {{ load("$w", 4 * (u * queries + first + i)) }})
;;%       endif
        (local.set $x {{ lane("$q", i % lanes) }})
;;%       for j in range(columns)
        {{ product("$x", "$v%d" % j, "$s%d_%d" % (i, j), i == rows - 1 and j < columns - 1) }}
;;%       endfor
;;%     endfor
        {{ inc("$v", "$stride") }}
;;%   endfor
        {{ inc("$w", 4 * keys * queries) }}
        {{ until_zero("$step", "$t", keys) }})
;;%   for i in range(rows)
;;%     for j in range(columns)
      {{ store("$y", "$s%d_%d" % (i, j), 4 * lanes * j) }}
;;%     endfor
      {{ inc("$y", "$out_stride") }}
;;%   endfor
;;% endfor
      {{ inc("$out", 4 * lanes * columns) }}
      {{ inc("$value", cell * lanes * columns) }}
      {{ while_below("$next", "$c", lanes * columns, "$size") }}))
