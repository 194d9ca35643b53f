;;% param queries, keys
;;% param p, lanes
;;% from "words.wat" import num, add, mul, set, inc, while_below, until_zero with context
;;% from "floats.wat" import vector, number, splat, load, store, times with context
;;% from "attention_prefill/cells.wat" import cell, scaled, fetch, lane, product with context
;;% set vectors = queries // lanes
  ;; $panel = so many queries side by side, element after element, by the scale of scores.
  (func $pack (param $from {{ p }}) (param $stride {{ p }}) (param $panel {{ p }}) (param $size {{ p }}) (param $scale f32)
    (local $i {{ p }})
    (loop $next
;;% for a in range(queries)
      (f32.store offset={{ 4 * a }} (local.get $panel) (f32.mul (local.get $scale)
        (f32.load {{ add("$from", mul("$stride", a)) if a else num("$from") }})))
;;% endfor
      {{ inc("$from", 4) }}
      {{ inc("$panel", 4 * queries) }}
      {{ while_below("$next", "$i", 1, "$size") }}))

  ;; The scores of $end keys, {{ keys }} at a time, with all of the panel: a row of scores for each key.
  (func $score
    (param $panel {{ p }}) (param $key {{ p }}) (param $stride {{ p }}) (param $scores {{ p }}) (param $end {{ p }}) (param $size {{ p }})
    {%- if scaled %} (param $scales {{ p }}) (param $scale_stride {{ p }}){% endif +%}
    (local $t {{ p }}) (local $b {{ p }}) (local $depth {{ p }}) (local $x {{ vector }})
    {%- for i in range(keys) %} (local $a{{ i }} {{ p }}) (local $k{{ i }} {{ vector }}){% endfor %}
    {%- for j in range(vectors) %} (local $b{{ j }} {{ vector }}){% endfor %}
    {%- for i in range(keys) %}{% for j in range(vectors) %} (local $s{{ i }}_{{ j }} {{ vector }}){% endfor %}{% endfor +%}
    (loop $next
;;% for i in range(keys)
      {{ set("$a%d" % i, add("$a%d" % (i - 1), "$stride") if i else "$key") }}
;;%   for j in range(vectors)
      (local.set $s{{ i }}_{{ j }} {{ number(0) }})
;;%   endfor
;;% endfor
      {{ set("$b", "$panel") }}
      {{ set("$depth", "$size") }}
      (loop $step
;;% for d in range(4)
;;%   if d % lanes == 0
;;%     for i in range(keys)
        (local.set $k{{ i }} {{ fetch("$a%d" % i, d * cell) }})
;;%     endfor
;;%   endif
;;%   for j in range(vectors)
        (local.set $b{{ j }} {{ load("$b", 4 * (d * queries + lanes * j)) }})
;;%   endfor
;;%   for i in range(keys)
        (local.set $x {{ lane("$k%d" % i, d % lanes) }})
;;%     for j in range(vectors)
        {{ product("$x", "$b%d" % j, "$s%d_%d" % (i, j), i == keys - 1 and j < vectors - 1) }}
;;%     endfor
;;%   endfor
;;% endfor
;;% for i in range(keys)
        {{ inc("$a%d" % i, 4 * cell) }}
;;% endfor
        {{ inc("$b", 16 * queries) }}
        {{ until_zero("$step", "$depth", 4) }})
;;% for i in range(keys)
;;%   if scaled
      (local.set $x {{ splat("(f32.load (local.get $scales))") }})
      {{ inc("$scales", "$scale_stride") }}
;;%   endif
;;%   for j in range(vectors)
      {{ store("$scores", times("$s%d_%d" % (i, j), "$x") if scaled else "$s%d_%d" % (i, j), 4 * (i * queries + lanes * j)) }}
;;%   endfor
;;% endfor
      {{ inc("$key", mul("$stride", keys)) }}
      {{ inc("$scores", 4 * keys * queries) }}
      {{ while_below("$next", "$t", keys, "$end") }}))
