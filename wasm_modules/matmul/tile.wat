;;% param mr, nr, unroll
;;% param p, arithmetic, integer, vector, lanes, cell
;;% from "words.wat" import set, inc, until_zero with context
;;% from "matmul/types.wat" import load, store, fetch, splat, madd, finish, scale_params, store_halves with context
;;% set wide = nr // lanes
  ;; One tile: {{ mr }} x {{ nr }} sums over $depth cells of two panels, in {{ mr * wide }} named accumulators.
  (func $tile
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $stride {{ p }}) (param $depth {{ p }})
    (param $first i32){% if integer %} (param $last i32) (param $zero {{ p }}) {{ scale_params() }}{% endif +%}
    (local $t {{ p }}) (local $x {{ vector }}) (local $q {{ vector }})
;;% for i in range(mr)
;;%   for j in range(wide)
    (local $s{{ i }}_{{ j }} {{ vector }})
;;%   endfor
;;% endfor
;;% for j in range(wide)
    (local $b{{ j }} {{ vector }})
;;% endfor
;;% if arithmetic != "fp16"
    (if (i32.eqz (local.get $first)) (then
      {{ set("$t", "$c") }}
;;% for i in range(mr)
;;%   for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ load(4 * lanes * j, "$t") }})
;;%   endfor
      {{ inc("$t", "$stride") }}
;;% endfor
    ))
;;% endif
    ;; Addresses move on before they are used: sums are known to fit into an address, and what loops carry is not.
    {{ inc("$a", -unroll * mr * cell) }}
    {{ inc("$b", -unroll * nr * cell) }}
    (loop $step
      {{ inc("$a", unroll * mr * cell) }}
      {{ inc("$b", unroll * nr * cell) }}
;;% for u in range(unroll)
;;%   for j in range(wide)
      (local.set $b{{ j }} {{ fetch((u * nr + lanes * j) * cell, "$b") }})
;;%   endfor
;;%   for i in range(mr)
{{ splat(u * mr + i) -}}
;;%     for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ madd(i, j) }})
;;%     endfor
;;%   endfor
;;% endfor
      {{ until_zero("$step", "$depth", unroll) }})
;;% if integer
    (if (local.get $last) (then
;;%   for i in range(mr)
;;%     for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ finish("$s%d_%d" % (i, j), i, j) }})
;;%     endfor
;;%   endfor
    ))
;;% endif
;;% if arithmetic == "fp16"
    (local.set $q (i32x4.splat (i32.sub (local.get $first) (i32.const 1))))
;;% endif
;;% for i in range(mr)
;;%   for j in range(wide)
;;%     if arithmetic == "fp16"
{{ store_halves(j, "$c", "$s%d_%d" % (i, j)) }}
;;%     else
    {{ store(4 * lanes * j, "$c", "$s%d_%d" % (i, j)) }}
;;%     endif
;;%   endfor
    {{ inc("$c", "$stride") }}
;;% endfor
  )
