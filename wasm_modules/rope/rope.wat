;;% param name
;;% param p, shared
;;% from "words.wat" import add, sub, mul, set, inc, is, until_zero, while_below, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "floats.wat" import vector, width, load, store, plus, minus, times, madd with context
;; rope {{ name }}: both halves of a head turned by the angles of its token, whose cosines come before its sines.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
    (param $repeats {{ p }}) (param $table {{ p }}) (param $x {{ p }}) (param $result {{ p }})
    (param $tokens {{ p }}) (param $heads {{ p }}) (param $half {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $first {{ p }}) (local $past {{ p }}) (local $token {{ p }}) (local $head {{ p }})
    (local $t {{ p }}) (local $u {{ p }}) (local $y {{ p }}) (local $k {{ p }}) (local $at {{ p }}) (local $to {{ p }}) (local $by {{ p }})
    (local $a {{ vector }}) (local $b {{ vector }}) (local $c {{ vector }}) (local $s {{ vector }})
    {{ part("$first", "$past", "$tokens") if shared else set("$past", "$tokens") }}
    (loop $again
      {{ set("$t", add("$table", mul("$first", mul("$half", 2)))) }}
      {{ set("$u", add("$x", mul(mul("$first", "$heads"), mul("$half", 2)))) }}
      {{ set("$y", add("$result", mul(mul("$first", "$heads"), mul("$half", 2)))) }}
      {{ set("$token", sub("$past", "$first")) }}
      (if {{ is("ne", "$token", 0) }} (then (loop $next_token
        {{ set("$head", "$heads") }}
        (loop $next_head
          {{ set("$k", 0) }}
          (loop $step
            {{ set("$by", add("$t", "$k")) }}
            {{ set("$at", add("$u", "$k")) }}
            {{ set("$to", add("$y", "$k")) }}
            (local.set $c {{ load("$by") }})
            (local.set $s {{ load(add("$by", "$half")) }})
            (local.set $a {{ load("$at") }})
            (local.set $b {{ load(add("$at", "$half")) }})
            {{ store("$to", minus(times("$a", "$c"), times("$b", "$s"))) }}
            {{ store(add("$to", "$half"), madd("$b", "$c", times("$a", "$s"))) }}
            {{ while_below("$step", "$k", width, "$half") }})
          {{ inc("$u", mul("$half", 2)) }}
          {{ inc("$y", mul("$half", 2)) }}
          {{ until_zero("$next_head", "$head") }})
        {{ inc("$t", mul("$half", 2)) }}
        {{ until_zero("$next_token", "$token") }})))
;;% if shared
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
;;% endif
      {{ until_zero("$again", "$repeats") }})))
