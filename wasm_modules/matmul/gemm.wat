;;% param name, techniques
;;% param mr, nr, unroll, kc, mc, nc
;;% param p, shared, integer, bytes, group, cell
;;% param ending if "packed" in techniques
;;% from "words.wat" import add, sub, mul, div, up, min, set, inc, is, while_below, until_zero, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "matmul/types.wat" import channels, scale_params, scales_at with context
;;% set pad = group * unroll
;;% set kb, mb, nb = kc // pad * pad, mc // mr * mr, nc // nr * nr
;;% set fused, packed = "fused" in techniques, "packed" in techniques
;;% set biased, added = fused and ending % 2 == 1, fused and ending % 10 > 1
;;% set work = 4 * kc * (mc if packed else mc + nc) + 4096
;; matmul {{ name }}: C = A B in blocks of {{ mb }} x {{ nb }}, {{ kb }} deep. Blocks of A and B are packed into panels
;; of {{ mr }} rows and {{ nr }} columns, padded with zeros, so that the innermost loop reads two streams.
;;% if packed
;; B lies there in panels already, block after block, as weights are packed once.
;;% endif
(module
  {{ memory() }}
;;% include "matmul/pack.wat"

{% include "matmul/tile.wat" %}
;;% if fused
{% include "linear/end.wat" %}
;;% endif
{% include "matmul/block.wat" %}
;;% set extra = " " ~ is("eq", add("$k", "$kn"), "$depth") ~ " " ~ add("$zero", mul("$j", 4)) ~ scales_at("$i", "$j") if integer else ""
  ;; C = A B once, for $rows rows.
  (func $multiply
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $work {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    {%- if integer %} (param $zero {{ p }}) {{ scale_params() }}{% endif %}
    {%- if added %} (param $residual {{ p }}){% endif %}{% if biased %} (param $bias {{ p }}){% endif +%}
    (local $i {{ p }}) (local $j {{ p }}) (local $k {{ p }}) (local $m {{ p }}) (local $n {{ p }}) (local $kn {{ p }})
    (local $bs {{ p }}) (local $spare {{ p }})
;;% if packed
    {{ set("$bs", "$b") }}
    {{ set("$spare", add("$work", mb * kb * cell // group)) }}
;;% else
    {{ set("$bs", add("$work", mb * kb * cell // group)) }}
    {{ set("$spare", add("$bs", nb * kb * cell // group)) }}
;;% endif
    (loop $next_columns
      {{ set("$n", min(sub("$columns", "$j"), nb)) }}
      {{ set("$k", 0) }}
      (loop $deeper
        {{ set("$kn", min(sub("$depth", "$k"), kb)) }}
;;% if not packed
        (call $pack_b {{ add("$b", mul(add(mul("$k", "$columns"), "$j"), bytes)) }} {{ mul("$columns", bytes) }}
          (local.get $bs) (local.get $n) (local.get $kn))
;;% endif
        {{ set("$i", 0) }}
        (loop $next_rows
          {{ set("$m", min(sub("$rows", "$i"), mb)) }}
          (call $pack_a {{ add("$a", mul(add(mul("$i", "$depth"), "$k"), bytes)) }} {{ mul("$depth", bytes) }}
            (local.get $work) (local.get $m) (local.get $kn))
          (call $block (local.get $work) (local.get $bs)
            {{ add("$c", mul(add(mul("$i", "$columns"), "$j"), 4)) }} {{ mul("$columns", 4) }}
            {{ up(div(add("$kn", group - 1), group), unroll) }} (local.get $m) (local.get $n) (local.get $spare)
            {{ is("eq", "$k", 0) }}{{ extra }})
;;% if fused
          (if {{ is("eq", add("$k", "$kn"), "$depth") }} (then
            (call $end {{ add("$c", mul(add(mul("$i", "$columns"), "$j"), 4)) }} {{ mul("$columns", 4) }} (local.get $m) (local.get $n)
              {%- if biased %} {{ add("$bias", mul("$j", 4)) }}{% endif %}
              {%- if added %} {{ add("$residual", mul(add(mul("$i", "$columns"), "$j"), 4)) }}{% endif %})))
;;% endif
          {{ while_below("$next_rows", "$i", mb, "$rows") }})
;;% if packed
        {{ inc("$bs", mul(mul(up("$n", nr), up("$kn", unroll)), cell)) }}
;;% endif
        {{ while_below("$deeper", "$k", kb, "$depth") }})
      {{ while_below("$next_columns", "$j", nb, "$columns") }}))

{{ barrier() if shared }}
;;% if "im2col" in techniques
{% include "conv2d/windows.wat" %}

;;% elif "winograd" in techniques
{% include "conv2d/winograd.wat" %}

;;% endif
  (func (export "run")
    (param $repeats {{ p }}) (param $a {{ p }}) (param $b {{ p }})
    {%- if added %} (param $residual {{ p }}){% endif %}{% if biased %} (param $bias {{ p }}){% endif %}
    {%- if integer %} (param $zero {{ p }}){{ " " ~ scale_params() if channels }}{% endif %} (param $work {{ p }}) (param $c {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }}){% if integer and not channels %} (param $scale f32){% endif %}
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }})
    (local $from {{ p }}) (local $to {{ p }})
    {{ part("$from", "$to", div(add("$rows", mr - 1), mr)) }}
    {{ set("$from", mul("$from", mr)) }}
    {{ set("$to", min("$rows", mul("$to", mr))) }}
    {{ inc("$a", mul("$from", mul("$depth", bytes))) }}
    {{ inc("$c", mul("$from", mul("$columns", 4))) }}
    {%- if added %}

    {{ inc("$residual", mul("$from", mul("$columns", 4))) }}
    {%- endif +%}
    {{ inc("$work", mul("$thread", work)) }}
    {{ set("$rows", sub("$to", "$from")) }}
    {%- endif +%}
    (loop $again
      (if {{ is("ne", "$rows", 0) }} (then
        (call $multiply (local.get $a) (local.get $b) (local.get $c) (local.get $work)
          (local.get $rows) (local.get $columns) (local.get $depth)
          {%- if integer %} (local.get $zero){{ scales_at(0, 0) }}{% endif %}
          {%- if added %} (local.get $residual){% endif %}{% if biased %} (local.get $bias){% endif %})))
;;% if shared
      (call $meet (local.get $threads))
;;% endif
      {{ until_zero("$again", "$repeats") }})){% if "apart" in techniques %}{% include "linear/apart.wat" %}{% endif %})
