;;% param name
;;% param outputs, vectors
;;% param p
;;% from "words.wat" import num, add, mul, set, inc, is, while_below, until_zero, memory with context
;;% from "conv2d/pad.wat" import pad with context
;;% from "floats.wat" import load, store, spread, madd, vector, width with context
;;% set step = vectors * width
;; conv2d {{ name }}: channel after channel, {{ outputs }} of the answer and {{ vectors }} vectors of pixels in a row at a time.
(module
  {{ memory() }}
{{ pad() }}

  ;; {{ outputs }} channels of the answer, whose weights lie beside each other for each place of a window.
  (func $tile (param $image {{ p }}) (param $row_bytes {{ p }}) (param $plane {{ p }}) (param $inputs {{ p }}) (param $weights {{ p }})
    (param $result {{ p }}) (param $stride {{ p }})
    (local $at {{ p }}) (local $w {{ vector }})
;;% for v in range(vectors)
    (local $x{{ v }} {{ vector }})
;;%   for o in range(outputs)
    (local $s{{ o }}_{{ v }} {{ vector }})
;;%   endfor
;;% endfor
    (loop $channel
      {{ set("$at", "$image") }}
;;% for down in range(3)
;;%   for across in range(3)
;;%     for v in range(vectors)
      (local.set $x{{ v }} {{ load("$at", 4 * across + v * width) }})
;;%     endfor
;;%     for o in range(outputs)
      (local.set $w {{ spread("$weights", 4 * ((3 * down + across) * outputs + o)) }})
;;%       for v in range(vectors)
      (local.set $s{{ o }}_{{ v }} {{ madd("$x%d" % v, "$w", "$s%d_%d" % (o, v)) }})
;;%       endfor
;;%     endfor
;;%   endfor
      {{ inc("$at", "$row_bytes") }}
;;% endfor
      {{ inc("$weights", 36 * outputs) }}
      {{ inc("$image", "$plane") }}
      {{ until_zero("$channel", "$inputs") }})
;;% for o in range(outputs)
;;%   for v in range(vectors)
    {{ store("$result", "$s%d_%d" % (o, v), v * width) }}
;;%   endfor
    {{ inc("$result", "$stride") }}
;;% endfor
  )

  (func (export "run") (param $repeats {{ p }}) (param $image {{ p }}) (param $weights {{ p }}) (param $padded {{ p }}) (param $result {{ p }})
    (param $height {{ p }}) (param $inputs {{ p }}) (param $inner {{ p }}) (param $row_bytes {{ p }}) (param $line {{ p }}) (param $blocks {{ p }})
    (local $plane {{ p }}) (local $stride {{ p }}) (local $c {{ p }}) (local $y {{ p }}) (local $t {{ p }}) (local $into {{ p }}) (local $from {{ p }})
    {{ set("$plane", mul("$row_bytes", add("$height", 2))) }}
    {{ set("$stride", mul("$line", "$height")) }}
    (loop $again
      {{ set("$c", 0) }}
      (loop $channels
        (call $pad {{ add("$image", mul("$c", mul("$height", "$inner"))) }} {{ add("$padded", mul("$c", "$plane")) }} {{ num(0) }} {{ add("$height", 2) }}
          (local.get $height) (local.get $inner) (local.get $row_bytes) {{ num(4) }})
        {{ while_below("$channels", "$c", 1, "$inputs") }})
      {{ set("$c", 0) }}
      {{ set("$into", "$result") }}
      (loop $block
        {{ set("$from", "$padded") }}
        {{ set("$y", 0) }}
        (loop $row
          {{ set("$t", 0) }}
          (loop $next
            (call $tile {{ add("$from", "$t") }} (local.get $row_bytes) (local.get $plane) (local.get $inputs)
              {{ add("$weights", mul("$c", mul("$inputs", 36 * outputs))) }} {{ add("$into", "$t") }} (local.get $stride))
            {{ while_below("$next", "$t", step, "$line") }})
          {{ inc("$from", "$row_bytes") }}
          {{ inc("$into", "$line") }}
          {{ while_below("$row", "$y", 1, "$height") }})
        {{ inc("$into", mul("$stride", outputs - 1)) }}
        {{ while_below("$block", "$c", 1, "$blocks") }})
      {{ until_zero("$again", "$repeats") }})))
