;;% param name
;;% param shared
;;% param lanes
;;% from "words.wat" import memory with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import type, vector, number, load, store, plus, minus, times, madd with context
;;% from "exp.wat" import exp, exp_locals with context
;;% from "elements.wat" import parameters, over with context
;; gelu {{ name }}: y = x (1 + erf(x / sqrt 2)) / 2. erf by Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["x"]) }}
    {{ exp_locals() }} (local $w {{ vector }}) (local $size {{ vector }}) (local $t {{ vector }}) (local $s {{ vector }})
;;% call(offset) over(["x"])
(local.set $w {{ load("$a", offset) }})
          (local.set $size {{ times("(%s.abs (local.get $w))" % type, number(0.70710678)) }})
          (local.set $t ({{ type }}.div {{ number(1) }} {{ madd(number(0.3275911), "$size", number(1)) }}))
          {{ exp("$s", "(%s.neg %s)" % (type, times("$size", "$size"))) }}
          (local.set $r {{ madd(number(1.061405429), "$t", number(-1.453152027)) }})
;;%   for c in (1.421413741, -0.284496736, 0.254829592)
          (local.set $r {{ madd("$r", "$t", number(c)) }})
;;%   endfor
          (local.set $s {{ minus(number(1), times(times("$r", "$t"), "$s")) }})
;;%   if lanes == 4
          (local.set $s (v128.or (local.get $s) (v128.and (local.get $w) (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))))
;;%   else
          (local.set $s (f32.copysign (local.get $s) (local.get $w)))
;;%   endif
          {{ store("$c", times(times("$w", number(0.5)), plus("$s", number(1))), offset) }}
;;% endcall
))
