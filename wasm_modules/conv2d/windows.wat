;;% param p, shared
;;% from "words.wat" import num, add, mul, set, inc, is, while_below, until_zero with context
;;% from "conv2d/pad.wat" import pad, padded, met with context
{{ pad() }}

  ;; What the window of each pixel sees, a row for each: three rows of three pixels, copied as they lie in the image with its border.
  (func (export "windows") (param $repeats {{ p }}) (param $image {{ p }}) (param $padded {{ p }}) (param $windows {{ p }})
    (param $height {{ p }}) (param $width {{ p }}) (param $pixel {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $at {{ p }}) (local $into {{ p }}) (local $i {{ p }}) (local $row_bytes {{ p }}) (local $three {{ p }})
    {{ set("$row_bytes", mul("$pixel", add("$width", 2))) }}
    {{ set("$three", mul("$pixel", 3)) }}
    (loop $again
      {{ padded(add("$height", 2), mul("$width", "$pixel"), "$height") }}
      (if {{ is("lt_u", "$from", "$to") }} (then (loop $row
        {{ set("$at", add("$padded", mul("$from", "$row_bytes"))) }}
        {{ set("$into", add("$windows", mul("$from", mul("$width", mul("$three", 3))))) }}
        {{ set("$i", "$width") }}
        (loop $next
;;% for down in range(3)
          (memory.copy (local.get $into) {{ add("$at", mul("$row_bytes", down)) if down else "(local.get $at)" }} (local.get $three))
          {{ inc("$into", "$three") }}
;;% endfor
          {{ inc("$at", "$pixel") }}
          {{ until_zero("$next", "$i") }})
        {{ while_below("$row", "$from", 1, "$to") }})))
      {{ met() }}
      {{ until_zero("$again", "$repeats") }}))
