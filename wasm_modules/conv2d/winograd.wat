;;% param p, shared
;;% from "words.wat" import num, add, mul, div, rem, set, inc, is, while_below, until_zero with context
;;% from "conv2d/pad.wat" import pad, padded, met with context
;;% from "floats.wat" import load, store, plus, minus, vector, width with context
;;% macro differences(to, from)
        (local.set ${{ to }}0 {{ minus("$%s0" % from, "$%s2" % from) }})
        (local.set ${{ to }}1 {{ plus("$%s1" % from, "$%s2" % from) }})
        (local.set ${{ to }}2 {{ minus("$%s2" % from, "$%s1" % from) }})
        (local.set ${{ to }}3 {{ minus("$%s1" % from, "$%s3" % from) }})
;;% endmacro
{{ pad() }}

  ;; B' d B: of four rows and columns of pixels for each tile of the answer, sixteen sums, $slab bytes apart.
  (func (export "tiles") (param $repeats {{ p }}) (param $image {{ p }}) (param $padded {{ p }}) (param $seen {{ p }})
    (param $height {{ p }}) (param $width {{ p }}) (param $pixel {{ p }}) (param $down {{ p }}) (param $across {{ p }}) (param $slab {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $at {{ p }}) (local $into {{ p }}) (local $x {{ p }}) (local $y {{ p }}) (local $i {{ p }}) (local $c {{ p }})
    (local $row_bytes {{ p }})
;;% for i in range(4)
    (local $p{{ i }} {{ vector }}) (local $s{{ i }} {{ vector }}){% for j in range(4) %} (local $d{{ i }}_{{ j }} {{ vector }}){% endfor +%}
;;% endfor
    {{ set("$row_bytes", mul("$pixel", add(mul("$across", 2), 2))) }}
    (loop $again
      {{ padded(add(mul("$down", 2), 2), mul("$width", "$pixel"), "$down") }}
      (if {{ is("lt_u", "$from", "$to") }} (then (loop $row
        {{ set("$at", add("$padded", mul(mul("$from", "$row_bytes"), 2))) }}
        {{ set("$into", add("$seen", mul(mul("$from", "$across"), "$pixel"))) }}
        {{ set("$i", "$across") }}
        (loop $next
          {{ set("$c", 0) }}
          (loop $channels
            {{ set("$x", add("$at", "$c")) }}
;;% for j in range(4)
            {{ set("$y", "$x") }}
;;%   for i in range(4)
            (local.set $p{{ i }} {{ load("$y") }})
            {{ inc("$y", "$row_bytes") }}
;;%   endfor
{{ differences("d%d_" % j, "p") }}
            {{ inc("$x", "$pixel") }}
;;% endfor
            {{ set("$y", add("$into", "$c")) }}
;;% for i in range(4)
;;%   for j in range(4)
            (local.set $p{{ j }} (local.get $d{{ j }}_{{ i }}))
;;%   endfor
{{ differences("s", "p") }}
;;%   for j in range(4)
            {{ store("$y", "$s%d" % j) }}
            {{ inc("$y", "$slab") }}
;;%   endfor
;;% endfor
            {{ while_below("$channels", "$c", width, "$pixel") }})
          {{ inc("$at", mul("$pixel", 2)) }}
          {{ inc("$into", "$pixel") }}
          {{ until_zero("$next", "$i") }})
        {{ while_below("$row", "$from", 1, "$to") }})))
      {{ met() }}
      {{ until_zero("$again", "$repeats") }}))

{% include "conv2d/combine.wat" %}
