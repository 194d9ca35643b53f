;;% param name
;;% param pixels, columns
;;% param p, shared
;;% from "words.wat" import num, add, sub, mul, div, set, inc, is, while_below, until_zero, memory with context
;;% from "conv2d/pad.wat" import pad, padded, met with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import load, store, spread, madd, vector, width with context
;; conv2d {{ name }}: {{ columns }} vectors of channels of {{ pixels }} pixels in a row at a time. Three pixels beside each other lie
;; as their weights do, so that a row of a window is one loop.
(module
  {{ memory() }}
{{ barrier() if shared }}
{{ pad() }}

  ;; $pixels in a row of $image, three rows of a window each, by weights that are $stride bytes apart.
  (func $tile (param $image {{ p }}) (param $row_bytes {{ p }}) (param $pixel {{ p }}) (param $weights {{ p }}) (param $stride {{ p }})
    (param $result {{ p }})
    (local $rows {{ p }}) (local $end {{ p }})
;;% for i in range(pixels)
    (local $x{{ i }} {{ p }})
;;%   for j in range(columns)
    (local $s{{ i }}_{{ j }} {{ vector }})
;;%   endfor
;;% endfor
    (local $x {{ vector }})
;;% for j in range(columns)
    (local $w{{ j }} {{ vector }})
;;% endfor
    {{ set("$rows", 3) }}
    (loop $row
      {{ set("$x0", "$image") }}
;;% for i in range(1, pixels)
      {{ set("$x%d" % i, add("$x%d" % (i - 1), "$pixel")) }}
;;% endfor
      {{ set("$end", add("$image", mul("$pixel", 3))) }}
      (loop $step
;;% for j in range(columns)
        (local.set $w{{ j }} {{ load("$weights", j * width) }})
;;% endfor
;;% for i in range(pixels)
        (local.set $x {{ spread("$x%d" % i) }})
;;%   for j in range(columns)
        (local.set $s{{ i }}_{{ j }} {{ madd("$x", "$w%d" % j, "$s%d_%d" % (i, j)) }})
;;%   endfor
;;% endfor
        {{ inc("$weights", "$stride") }}
;;% for i in range(1, pixels)
        {{ inc("$x%d" % i, 4) }}
;;% endfor
        {{ while_below("$step", "$x0", 4, "$end") }})
      {{ inc("$image", "$row_bytes") }}
      {{ until_zero("$row", "$rows") }})
;;% for i in range(pixels)
;;%   for j in range(columns)
    {{ store("$result", "$s%d_%d" % (i, j), j * width) }}
;;%   endfor
    {{ inc("$result", "$stride") }}
;;% endfor
  )

  (func (export "run") (param $repeats {{ p }}) (param $image {{ p }}) (param $weights {{ p }}) (param $padded {{ p }}) (param $result {{ p }})
    (param $height {{ p }}) (param $inner {{ p }}) (param $row_bytes {{ p }}) (param $pixel {{ p }}) (param $tiles {{ p }}) (param $stride {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $t {{ p }}) (local $c {{ p }}) (local $at {{ p }}) (local $into {{ p }})
    (loop $again
      {{ padded(add("$height", 2), "$inner", "$height") }}
      (if {{ is("lt_u", "$from", "$to") }} (then (loop $row
        {{ set("$at", add("$padded", mul("$from", "$row_bytes"))) }}
        {{ set("$into", add("$result", mul(mul("$from", "$tiles"), mul("$stride", pixels)))) }}
        {{ set("$t", 0) }}
        (loop $next
          {{ set("$c", 0) }}
          (loop $block
            (call $tile (local.get $at) (local.get $row_bytes) (local.get $pixel) {{ add("$weights", "$c") }} (local.get $stride) {{ add("$into", "$c") }})
            {{ while_below("$block", "$c", columns * width, "$stride") }})
          {{ inc("$at", mul("$pixel", pixels)) }}
          {{ inc("$into", mul("$stride", pixels)) }}
          {{ while_below("$next", "$t", 1, "$tiles") }})
        {{ while_below("$row", "$from", 1, "$to") }})))
      {{ met() }}
      {{ until_zero("$again", "$repeats") }})))
