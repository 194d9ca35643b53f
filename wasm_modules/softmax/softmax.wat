;;% param name
;;% param sums
;;% param shared
;;% from "words.wat" import set, memory with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import vector, number, splat, load, store, plus, minus, times, greater, lanes_of with context
;;% from "exp.wat" import exp, exp_locals with context
;;% from "rows.wat" import parameters, locals, rows_of, walk, gather with context
;; softmax {{ name }}: y = exp(x - max) / sum over each row: the largest, then exp and its sum, then the answer.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["operand"]) }}
    {{ locals() }}
    {{ exp_locals() }} (local $top {{ vector }}) (local $scale {{ vector }})
;;% for i in range(sums)
    (local $s{{ i }} {{ vector }})
;;% endfor
;;% call rows_of("$operand")
;;% for i in range(sums)
        (local.set $s{{ i }} {{ load("$x") }})
;;% endfor
;;% call(i, offset) walk("$largest", "$x")
(local.set $s{{ i }} {{ greater(load("$a", offset), "$s%d" % i) }})
;;% endcall
{{ gather("$s", greater) }}
        (local.set $top {{ splat(lanes_of("$s0", "max")) }})
;;% for i in range(sums)
        (local.set $s{{ i }} {{ number(0) }})
;;% endfor
        {{ set("$b", "$y") }}
;;% call(i, offset) walk("$exp", "$x", ["$b"])
{{ exp("$scale", minus(load("$a", offset), "$top")) }}
          {{ store("$b", "$scale", offset) }}
          (local.set $s{{ i }} {{ plus("$s%d" % i, "$scale") }})
;;% endcall
{{ gather("$s", plus) }}
        (local.set $scale {{ splat("(f32.div (f32.const 1) %s)" % lanes_of("$s0", "add")) }})
;;% call(i, offset) walk("$answer", "$y")
{{ store("$a", times(load("$a", offset), "$scale"), offset) }}
;;% endcall
;;% endcall
))
