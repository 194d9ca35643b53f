;;% param name
;;% param pixels
;;% param p, shared
;;% from "words.wat" import num, add, sub, mul, set, inc, is, while_below, until_zero, memory with context
;;% from "conv2d/pad.wat" import pad, padded, met with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import load, store, madd, times, vector, width with context
;; depthwise {{ name }}: a vector of channels of {{ pixels }} pixels in a row at a time; its weights stay in registers along a row.
(module
  {{ memory() }}
{{ barrier() if shared }}
{{ pad() }}

  ;; A vector of channels of a row of $count pixels, by three rows of the image with its border.
  (func $row (param $image {{ p }}) (param $row_bytes {{ p }}) (param $pixel {{ p }}) (param $weights {{ p }}) (param $result {{ p }}) (param $count {{ p }})
    (local $x {{ p }}) (local $y {{ p }})
;;% for k in range(9)
    (local $w{{ k }} {{ vector }})
;;% endfor
;;% for i in range(pixels)
    (local $s{{ i }} {{ vector }})
;;% endfor
;;% for i in range(pixels + 2)
    (local $a{{ i }} {{ vector }})
;;% endfor
;;% for k in range(9)
    (local.set $w{{ k }} {{ load("$weights") }})
    {{ inc("$weights", "$pixel") }}
;;% endfor
    (loop $next
      {{ set("$y", "$image") }}
;;% for down in range(3)
      {{ set("$x", "$y") }}
;;%   for i in range(pixels + 2)
      (local.set $a{{ i }} {{ load("$x") }})
      {{ inc("$x", "$pixel") if i < pixels + 1 }}
;;%   endfor
;;%   for i in range(pixels)
;;%     for k in range(3)
      (local.set $s{{ i }} {{ madd("$a%d" % (i + k), "$w%d" % (3 * down + k), "$s%d" % i) if down or k else times("$a%d" % i, "$w0") }})
;;%     endfor
;;%   endfor
      {{ inc("$y", "$row_bytes") if down < 2 }}
;;% endfor
;;% for i in range(pixels)
      {{ store("$result", "$s%d" % i) }}
      {{ inc("$result", "$pixel") }}
;;% endfor
      {{ inc("$image", mul("$pixel", pixels)) }}
      {{ until_zero("$next", "$count", pixels) }}))

  (func (export "run") (param $repeats {{ p }}) (param $image {{ p }}) (param $weights {{ p }}) (param $padded {{ p }}) (param $result {{ p }})
    (param $height {{ p }}) (param $inner {{ p }}) (param $row_bytes {{ p }}) (param $pixel {{ p }}) (param $across {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $c {{ p }}) (local $at {{ p }}) (local $into {{ p }})
    (loop $again
      {{ padded(add("$height", 2), "$inner", "$height") }}
      (if {{ is("lt_u", "$from", "$to") }} (then (loop $next
        {{ set("$at", add("$padded", mul("$from", "$row_bytes"))) }}
        {{ set("$into", add("$result", mul("$from", mul("$across", "$pixel")))) }}
        {{ set("$c", 0) }}
        (loop $channels
          (call $row {{ add("$at", "$c") }} (local.get $row_bytes) (local.get $pixel) {{ add("$weights", "$c") }} {{ add("$into", "$c") }} (local.get $across))
          {{ while_below("$channels", "$c", width, "$pixel") }})
        {{ while_below("$next", "$from", 1, "$to") }})))
      {{ met() }}
      {{ until_zero("$again", "$repeats") }})))
