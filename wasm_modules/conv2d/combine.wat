;;% param p, shared
;;% from "words.wat" import num, add, mul, set, inc, is, while_below, until_zero with context
;;% from "conv2d/pad.wat" import own, met with context
;;% from "floats.wat" import load, store, plus, minus, vector, width with context
;;% macro sums(first, second, from)
            (local.set {{ first }} {{ plus("$%s0" % from, plus("$%s1" % from, "$%s2" % from)) }})
            (local.set {{ second }} {{ minus("$%s1" % from, plus("$%s2" % from, "$%s3" % from)) }})
;;% endmacro
  ;; A' m A: four pixels of the answer from sixteen products, $slab bytes apart. Rows of the answer are whole tiles.
  (func (export "pixels") (param $repeats {{ p }}) (param $products {{ p }}) (param $result {{ p }})
    (param $down {{ p }}) (param $across {{ p }}) (param $pixel {{ p }}) (param $slab {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $at {{ p }}) (local $into {{ p }}) (local $y {{ p }}) (local $i {{ p }}) (local $c {{ p }})
    (local $row_bytes {{ p }}) (local $a {{ vector }}) (local $b {{ vector }})
;;% for j in range(4)
    (local $m{{ j }} {{ vector }}) (local $u{{ j }} {{ vector }}) (local $l{{ j }} {{ vector }})
;;% endfor
    {{ set("$row_bytes", mul(mul("$pixel", "$across"), 2)) }}
    (loop $again
      {{ own("$down") }}
      (if {{ is("lt_u", "$from", "$to") }} (then (loop $row
        {{ set("$at", add("$products", mul(mul("$from", "$across"), "$pixel"))) }}
        {{ set("$into", add("$result", mul(mul("$from", "$row_bytes"), 2))) }}
        {{ set("$i", "$across") }}
        (loop $next
          {{ set("$c", 0) }}
          (loop $channels
;;% for j in range(4)
            {{ set("$y", add("$at", add("$c", mul("$slab", j)))) }}
;;%   for i in range(4)
            (local.set $m{{ i }} {{ load("$y") }})
            {{ inc("$y", mul("$slab", 4)) }}
;;%   endfor
{{ sums("$u%d" % j, "$l%d" % j, "m") }}
;;% endfor
            {{ set("$y", add("$into", "$c")) }}
;;% for row in ("u", "l")
{{ sums("$a", "$b", row) }}
            {{ store("$y", "$a") }}
            {{ store(add("$y", "$pixel"), "$b") }}
            {{ inc("$y", "$row_bytes") }}
;;% endfor
            {{ while_below("$channels", "$c", width, "$pixel") }})
          {{ inc("$at", "$pixel") }}
          {{ inc("$into", mul("$pixel", 2)) }}
          {{ until_zero("$next", "$i") }})
        {{ while_below("$row", "$from", 1, "$to") }})))
      {{ met() }}
      {{ until_zero("$again", "$repeats") }}))
