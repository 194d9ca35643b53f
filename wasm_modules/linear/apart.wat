;;% param p, ending
;;% from "words.wat" import add, mul, set, inc, while_below, until_zero, is with context
;;% from "floats.wat" import plus, load, store with context
;;% set biased, added = ending % 2 == 1, ending % 10 > 1
;;% if ending > 19 or biased

{% include "linear/end.wat" %}
  (func (export "activate")
    (param $repeats {{ p }}){% if biased %} (param $bias {{ p }}){% endif %} (param $products {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    (loop $again
      (call $end (local.get $products) {{ mul("$columns", 4) }} (local.get $rows) (local.get $columns)
        {%- if biased %} (local.get $bias){% endif %})
      {{ until_zero("$again", "$repeats") }}))
;;% endif
;;% if added

  (func (export "add_residual")
    (param $repeats {{ p }}) (param $residual {{ p }}) (param $result {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    (local $j {{ p }}) (local $past {{ p }})
    {{ set("$past", mul(mul("$rows", "$columns"), 4)) }}
    (loop $again
      {{ set("$j", 0) }}
      (if {{ is("ge_u", "$past", 16) }} (then (loop $step
        {{ store(add("$result", "$j"), plus(load(add("$result", "$j")), load(add("$residual", "$j")))) }}
        (br_if $step {{ is("le_u", add("(local.tee $j %s)" % add("$j", 16), 16), "$past") }}))))
      (if {{ is("lt_u", "$j", "$past") }} (then (loop $one
        (f32.store {{ add("$result", "$j") }} (f32.add (f32.load {{ add("$result", "$j") }}) (f32.load {{ add("$residual", "$j") }})))
        {{ while_below("$one", "$j", 4, "$past") }})))
      {{ until_zero("$again", "$repeats") }}))
;;% endif
