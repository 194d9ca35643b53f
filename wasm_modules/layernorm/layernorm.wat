;;% param name
;;% param sums
;;% param p, shared
;;% from "words.wat" import add, set, memory, while_below, is with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import vector, number, splat, load, store, plus, minus, times, madd, lanes_of with context
;;% from "rows.wat" import parameters, locals, rows_of, walk, gather with context
;; layernorm {{ name }}: y = (x - mean) / sqrt(variance + eps) gain + shift over each row.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["shift", "gain", "operand"]) }}
    (param $whole_bytes {{ p }}) (param $own_bytes {{ p }}) (param $columns f32) (param $epsilon f32)
    {{ locals() }}
    (local $d {{ p }}) (local $w {{ vector }}) (local $mean {{ vector }}) (local $scale {{ vector }}) (local $off f32) (local $middle f32) (local $rest f32)
;;% for i in range(sums)
    (local $s{{ i }} {{ vector }})
;;% endfor
;;% call rows_of("$operand")
;;% for i in range(sums)
        (local.set $s{{ i }} {{ number(0) }})
;;% endfor
;;% call(i, offset) walk("$sum", "$x")
(local.set $s{{ i }} {{ plus("$s%d" % i, load("$a", offset)) }})
;;% endcall
{{ gather("$s", plus) }}
        (local.set $middle (f32.div {{ lanes_of("$s0", "add") }} (local.get $columns)))
        (local.set $mean {{ splat("$middle") }})
        ;; What pads a row is no part of the variance: whole turns first, then the elements that are left.
        (local.set $rest (f32.const 0))
;;% for i in range(sums)
        (local.set $s{{ i }} {{ number(0) }})
;;% endfor
        (if {{ is("ne", "$whole_bytes", 0) }} (then
;;% call(i, offset) walk("$squares", "$x", (), "$whole_bytes")
(local.set $w {{ minus(load("$a", offset), "$mean") }})
          (local.set $s{{ i }} {{ madd("$w", "$w", "$s%d" % i) }})
;;% endcall
        ))
        {{ set("$a", add("$x", "$whole_bytes")) }}
        {{ set("$end", add("$x", "$own_bytes")) }}
        (if {{ is("ne", "$a", "$end") }} (then (loop $left
          (local.set $off (f32.sub (f32.load (local.get $a)) (local.get $middle)))
          (local.set $rest (f32.add (local.get $rest) (f32.mul (local.get $off) (local.get $off))))
          {{ while_below("$left", "$a", 4, "$end") }})))
{{ gather("$s", plus) }}
        (local.set $rest (f32.add (local.get $rest) {{ lanes_of("$s0", "add") }}))
        (local.set $scale {{ splat("(f32.div (f32.const 1) (f32.sqrt (f32.add (f32.div (local.get $rest) (local.get $columns)) (local.get $epsilon))))") }})
        {{ set("$b", "$gain") }}
        {{ set("$c", "$shift") }}
        {{ set("$d", "$y") }}
;;% call(i, offset) walk("$answer", "$x", ["$b", "$c", "$d"])
{{ store("$d", madd(times(minus(load("$a", offset), "$mean"), "$scale"), load("$b", offset), load("$c", offset)), offset) }}
;;% endcall
;;% endcall
))
