;;% param name
;;% param queries, keys, chunk
;;% param p, shared, causal, copied
;;% from "words.wat" import add, sub, mul, div, rem, up, min, set, inc, is, while_below, until_zero, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "attention_prefill/cells.wat" import cell, scaled with context
;;% from "floats.wat" import load, store, width with context
;;% set row = 4 * queries
;;% set whole = chunk // keys * keys
;; attention {{ name }}: {{ queries }} queries that share a head of keys and values, with all keys{{ " up to the last of them" if causal }}.
;; Scores lie a row for each key, so that softmax goes down columns and weights lie as the product with values takes them.
(module
  {{ memory() }}
{{ barrier() if shared }}
{% include "attention_prefill/score.wat" %}

{% include "attention_prefill/combine.wat" %}

  ;; What queries do not see scores as little as there is: rows from $at on.
  (func $hide (param $at {{ p }}) (param $past {{ p }})
    (local $a {{ p }}){% if causal %} (local $seen {{ p }}){% endif +%}
    (block $done
      (loop $next
        (br_if $done ({{ p }}.ge_u (local.get $at) (local.get $past)))
;;% if causal
        {{ inc("$seen", 4) }}
;;% endif
        {{ set("$a", 0) }}
        (loop $lane
          (f32.store {{ add("$at", "$a") }} (f32.const -3e38))
          {{ while_below("$lane", "$a", 4, min("$seen", row) if causal else row) }})
        {{ inc("$at", row) }}
        (br $next))))

;;% if copied
  ;; $count rows of a head, each so long, nearer to each other: far apart, all may have the same few lines of a cache.
  (func $copy (param $from {{ p }}) (param $stride {{ p }}) (param $to {{ p }}) (param $near {{ p }}) (param $length {{ p }}) (param $count {{ p }})
    (local $i {{ p }})
    (loop $next
      {{ set("$i", 0) }}
      (loop $word
        {{ store(add("$to", "$i"), load(add("$from", "$i"))) }}
        {{ while_below("$word", "$i", width, "$length") }})
      {{ inc("$from", "$stride") }}
      {{ inc("$to", "$near") }}
      {{ until_zero("$next", "$count") }}))

;;% endif
  ;; $outers heads have $blocks of queries each; $share of these heads see the same keys and values.
  (func (export "run")
    (param $repeats {{ p }}) (param $values {{ p }}) (param $all {{ p }}) (param $keys {{ p }})
    {%- if scaled %} (param $value_scales {{ p }}) (param $key_scales {{ p }}){% endif %} (param $work {{ p }}) (param $result {{ p }})
    (param $outers {{ p }}) (param $blocks {{ p }}) (param $share {{ p }}) (param $tokens {{ p }}) (param $size {{ p }})
    (param $outer_stride {{ p }}) (param $query_stride {{ p }}) (param $key_stride {{ p }}) (param $work_bytes {{ p }})
    {%- if scaled %} (param $scale_stride {{ p }}){% endif %} (param $scale f32)
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $from {{ p }}) (local $to {{ p }}) (local $u {{ p }}) (local $at {{ p }}) (local $head {{ p }}) (local $end {{ p }}) (local $scores {{ p }}) (local $units {{ p }})
    (local $t {{ p }}) (local $key {{ p }}) (local $value {{ p }}){% if copied %} (local $near {{ p }}) (local $last {{ p }}){% endif +%}
    {{ set("$units", mul("$outers", "$blocks")) }}
    {{ part("$from", "$to", "$units") if shared else set("$to", "$units") }}
;;% if shared
    {{ inc("$work", mul("$thread", "$work_bytes")) }}
;;% endif
    {{ set("$scores", add("$work", mul("$size", row))) }}
;;% if copied
    {{ set("$near", add(mul("$size", cell), 64)) }}
    {{ set("$key", add("$scores", mul(mul("$blocks", queries), row))) }}
    {{ set("$value", add("$key", mul(mul("$blocks", queries), "$near"))) }}
;;% endif
    (loop $again
      {{ set("$u", "$from") }}
;;% if copied
      {{ set("$last", -1) }}
;;% endif
      (if ({{ p }}.lt_u (local.get $u) (local.get $to)) (then (loop $unit
        {{ set("$at", add(mul(div("$u", "$blocks"), "$outer_stride"), mul(mul(rem("$u", "$blocks"), queries), "$query_stride"))) }}
        {{ set("$head", div(div("$u", "$blocks"), "$share")) }}
        {{ set("$end", up(mul(add(rem("$u", "$blocks"), 1), queries) if causal else "$tokens", keys)) }}
;;% if copied
        (if {{ is("ne", "$head", "$last") }} (then
;;%   for one in ("key", "value")
          (call $copy {{ add("$%ss" % one, mul(mul("$head", "$size"), cell)) }} (local.get $key_stride) (local.get ${{ one }})
            (local.get $near) {{ mul("$size", cell) }} {{ mul("$blocks", queries) }})
;;%   endfor
          {{ set("$last", "$head") }}))
;;% else
        {{ set("$key", add("$keys", mul(mul("$head", "$size"), cell))) }}
        {{ set("$value", add("$values", mul(mul("$head", "$size"), cell))) }}
;;% endif
;;% set stride = "(local.get $near)" if copied else "(local.get $key_stride)"
        (call $pack {{ add("$all", "$at") }} (local.get $query_stride) (local.get $work) (local.get $size) (local.get $scale))
        (call $score (local.get $work) (local.get $key) {{ stride }} (local.get $scores) (local.get $end) (local.get $size)
          {%- if scaled %} {{ add("$key_scales", mul("$head", 4)) }} (local.get $scale_stride){% endif %})
        (call $hide {{ add("$scores", mul(add(mul(rem("$u", "$blocks"), queries), 1) if causal else "$tokens", row)) }}
          {{ add("$scores", mul("$end", row)) }})
        (call $soften (local.get $scores) {{ add("$scores", mul("$end", row)) }}
          {%- if scaled %} {{ add("$value_scales", mul("$head", 4)) }} (local.get $scale_stride){% endif %})
        {{ set("$t", 0) }}
        (loop $chunk
          (call $combine {{ add("$scores", mul("$t", row)) }} {{ add("$value", mul("$t", stride)) }} {{ stride }}
            {{ add("$result", "$at") }} (local.get $query_stride) {{ min(sub("$end", "$t"), whole) }} (local.get $size) {{ is("eq", "$t", 0) }})
          {{ while_below("$chunk", "$t", whole, "$end") }})
        {{ while_below("$unit", "$u", 1, "$to") }})))
;;% if shared
      (call $meet (local.get $threads))
;;% endif
      {{ until_zero("$again", "$repeats") }})))
