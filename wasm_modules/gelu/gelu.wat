;;% param name
;;% param shared
;;% from "words.wat" import memory with context
;;% from "share.wat" import barrier with context
;;% from "floats.wat" import vector, load, store with context
;;% from "exp.wat" import exp_locals with context
;;% from "gelu/erf.wat" import gelu, gelu_locals with context
;;% from "elements.wat" import parameters, over with context
;; gelu {{ name }}: y = x (1 + erf(x / sqrt 2)) / 2.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
{{ parameters(["x"]) }}
    {{ exp_locals() }} {{ gelu_locals() }} (local $w {{ vector }})
;;% call(offset) over(["x"])
(local.set $w {{ load("$a", offset) }})
          {{ gelu("$w", "$w") }}
          {{ store("$c", "$w", offset) }}
;;% endcall
))
