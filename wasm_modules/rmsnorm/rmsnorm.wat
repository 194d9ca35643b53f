;;% param name
;;% param sums
;;% param shared
;;% from "words.wat" import set, memory with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import vector, number, splat, load, store, plus, times, madd, lanes_of with context
;;% from "rows.wat" import parameters, locals, rows_of, walk, gather with context
;; rmsnorm {{ name }}: y = x gain / sqrt(mean of x x + eps) over each row.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["gain", "operand"]) }}
    (param $columns f32) (param $epsilon f32)
    {{ locals() }}
    (local $w {{ vector }}) (local $scale {{ vector }})
;;% for i in range(sums)
    (local $s{{ i }} {{ vector }})
;;% endfor
;;% call rows_of("$operand")
;;% for i in range(sums)
        (local.set $s{{ i }} {{ number(0) }})
;;% endfor
;;% call(i, offset) walk("$squares", "$x")
(local.set $w {{ load("$a", offset) }})
          (local.set $s{{ i }} {{ madd("$w", "$w", "$s%d" % i) }})
;;% endcall
{{ gather("$s", plus) }}
        (local.set $scale {{ splat("(f32.div (f32.const 1) (f32.sqrt (f32.add (f32.div %s (local.get $columns)) (local.get $epsilon))))" % lanes_of("$s0", "add")) }})
        {{ set("$b", "$gain") }}
        {{ set("$c", "$y") }}
;;% call(i, offset) walk("$answer", "$x", ["$b", "$c"])
{{ store("$c", times(times(load("$a", offset), "$scale"), load("$b", offset)), offset) }}
;;% endcall
;;% endcall
))
