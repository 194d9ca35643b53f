;;% param name
;;% param shared
;;% from "words.wat" import memory with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import type, vector, number, load, store, plus, times with context
;;% from "exp.wat" import exp, exp_locals with context
;;% from "elements.wat" import parameters, over with context
;; swiglu {{ name }}: y = gate sigmoid(gate) up.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["gate", "up"]) }}
    {{ exp_locals() }} (local $w {{ vector }}) (local $s {{ vector }})
;;% call(offset) over(["gate", "up"])
(local.set $w {{ load("$a", offset) }})
          ;; exp of more than 80 may be beyond f32, and a sigmoid so small is nothing beside the others.
          {{ exp("$s", "(%s.min (%s.neg (local.get $w)) %s)" % (type, type, number(80))) }}
          {{ store("$c", times("(%s.div (local.get $w) %s)" % (type, plus("$s", number(1))), load("$b", offset)), offset) }}
;;% endcall
))
