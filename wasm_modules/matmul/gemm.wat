;;% from "words.wat" import add, sub, mul, div, rem, up, min, set, inc, is, num, while_below, until_zero, memory with context
;;% from "matmul/types.wat" import load, store, fetch, splat_row, madd, finish, store_halves with context
;;% from "share.wat" import part, barrier with context
;;% set pad = group * unroll
;;% set kb, mb, nb = kc // pad * pad, mc // mr * mr, nc // nr * nr
;;% set wide = nr // lanes
;;% set work = 4 * kc * (mc + nc) + 4096
;; matmul {{ name }}: C = A B in blocks of {{ mb }} x {{ nb }}, {{ kb }} deep. Blocks of A and B are packed into panels
;; of {{ mr }} rows and {{ nr }} columns, padded with zeros, so that the innermost loop reads two streams.
(module
  {{ memory() }}
;;% include "matmul/pack.wat"

  ;; One tile: {{ mr }} x {{ nr }} sums over $depth cells of two panels, in {{ mr * wide }} named accumulators.
  (func $tile
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $stride {{ p }}) (param $depth {{ p }})
    (param $first i32){% if integer %} (param $last i32) (param $zero {{ p }}) (param $scale f32){% endif +%}
    (local $t {{ p }}) (local $x {{ vector }}) (local $q {{ vector }})
;;% for i in range(mr)
;;%   for j in range(wide)
    (local $s{{ i }}_{{ j }} {{ vector }})
;;%   endfor
;;% endfor
;;% for j in range(wide)
    (local $b{{ j }} {{ vector }})
;;% endfor
;;% if arithmetic != "fp16"
    (if (i32.eqz (local.get $first)) (then
      {{ set("$t", "$c") }}
;;% for i in range(mr)
;;%   for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ load(4 * lanes * j, "$t") }})
;;%   endfor
      {{ inc("$t", "$stride") }}
;;% endfor
    ))
;;% endif
    (loop $step
;;% for u in range(unroll)
;;%   for j in range(wide)
      (local.set $b{{ j }} {{ fetch((u * nr + lanes * j) * cell, "$b") }})
;;%   endfor
;;%   for i in range(mr)
{{ splat_row(i, u * mr * cell) -}}
;;%     for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ madd(i, j) }})
;;%     endfor
;;%   endfor
;;% endfor
      {{ inc("$a", unroll * mr * cell) }}
      {{ inc("$b", unroll * nr * cell) }}
      {{ until_zero("$step", "$depth", unroll) }})
;;% if integer
    (if (local.get $last) (then
;;%   for i in range(mr)
;;%     for j in range(wide)
      (local.set $s{{ i }}_{{ j }} {{ finish("$s%d_%d" % (i, j), j) }})
;;%     endfor
;;%   endfor
    ))
;;% endif
;;% if arithmetic == "fp16"
    (local.set $q (i32x4.splat (i32.sub (local.get $first) (i32.const 1))))
;;% endif
;;% for i in range(mr)
;;%   for j in range(wide)
;;%     if arithmetic == "fp16"
{{ store_halves(j, "$c", "$s%d_%d" % (i, j)) }}
;;%     else
    {{ store(4 * lanes * j, "$c", "$s%d_%d" % (i, j)) }}
;;%     endif
;;%   endfor
    {{ inc("$c", "$stride") }}
;;% endfor
  )

  ;; $rows x $columns words from one place to another: tiles at the edges are computed in full beside C.
  (func $copy
    (param $from {{ p }}) (param $from_stride {{ p }}) (param $to {{ p }}) (param $to_stride {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }})
    (local $j {{ p }})
    (loop $next_row
      {{ set("$j", 0) }}
      (loop $next_column
        (i32.store {{ add("$to", "$j") }} (i32.load {{ add("$from", "$j") }}))
        {{ while_below("$next_column", "$j", 4, mul("$columns", 4)) }})
      {{ inc("$from", "$from_stride") }}
      {{ inc("$to", "$to_stride") }}
      {{ until_zero("$next_row", "$rows") }}))

;;% set extra = " (local.get $last) " ~ add("$zero", mul("$j", 4)) ~ " (local.get $scale)" if integer else ""
  ;; One block of C, $rows x $columns, from a packed block of A and one of B.
  (func $block
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $stride {{ p }}) (param $depth {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $spare {{ p }}) (param $first i32)
    {%- if integer %} (param $last i32) (param $zero {{ p }}) (param $scale f32){% endif +%}
    (local $i {{ p }}) (local $j {{ p }}) (local $panel {{ p }}) (local $m {{ p }}) (local $n {{ p }}) (local $at {{ p }})
    (loop $next_column
      {{ set("$n", min(sub("$columns", "$j"), nr)) }}
      {{ set("$panel", "$a") }}
      {{ set("$i", 0) }}
      (loop $next_row
        {{ set("$m", min(sub("$rows", "$i"), mr)) }}
        {{ set("$at", add("$c", add(mul("$i", "$stride"), mul("$j", 4)))) }}
        (if (i32.and {{ is("eq", "$m", mr) }} {{ is("eq", "$n", nr) }})
          (then
            (call $tile (local.get $panel) (local.get $b) (local.get $at) (local.get $stride) (local.get $depth)
              (local.get $first){{ extra }}))
          (else
            (if (i32.eqz (local.get $first)) (then
              (call $copy (local.get $at) (local.get $stride) (local.get $spare) {{ num(4 * nr) }}
                (local.get $m) (local.get $n))))
            (call $tile (local.get $panel) (local.get $b) (local.get $spare) {{ num(4 * nr) }} (local.get $depth)
              (local.get $first){{ extra }})
            (call $copy (local.get $spare) {{ num(4 * nr) }} (local.get $at) (local.get $stride)
              (local.get $m) (local.get $n))))
        {{ inc("$panel", mul("$depth", mr * cell)) }}
        {{ while_below("$next_row", "$i", mr, "$rows") }})
      {{ inc("$b", mul("$depth", nr * cell)) }}
      {{ while_below("$next_column", "$j", nr, "$columns") }}))

;;% set extra = " " ~ is("eq", add("$k", "$kn"), "$depth") ~ " " ~ add("$zero", mul("$j", 4)) ~ " (local.get $scale)" if integer else ""
  ;; C = A B once, for $rows rows.
  (func $multiply
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $work {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    {%- if integer %} (param $zero {{ p }}) (param $scale f32){% endif +%}
    (local $i {{ p }}) (local $j {{ p }}) (local $k {{ p }}) (local $m {{ p }}) (local $n {{ p }}) (local $kn {{ p }})
    (local $bs {{ p }}) (local $spare {{ p }})
    {{ set("$bs", add("$work", mb * kb * cell // group)) }}
    {{ set("$spare", add("$bs", nb * kb * cell // group)) }}
    (loop $next_columns
      {{ set("$n", min(sub("$columns", "$j"), nb)) }}
      {{ set("$k", 0) }}
      (loop $deeper
        {{ set("$kn", min(sub("$depth", "$k"), kb)) }}
        (call $pack_b {{ add("$b", mul(add(mul("$k", "$columns"), "$j"), bytes)) }} {{ mul("$columns", bytes) }}
          (local.get $bs) (local.get $n) (local.get $kn))
        {{ set("$i", 0) }}
        (loop $next_rows
          {{ set("$m", min(sub("$rows", "$i"), mb)) }}
          (call $pack_a {{ add("$a", mul(add(mul("$i", "$depth"), "$k"), bytes)) }} {{ mul("$depth", bytes) }}
            (local.get $work) (local.get $m) (local.get $kn))
          (call $block (local.get $work) (local.get $bs)
            {{ add("$c", mul(add(mul("$i", "$columns"), "$j"), 4)) }} {{ mul("$columns", 4) }}
            {{ up(div(add("$kn", group - 1), group), unroll) }} (local.get $m) (local.get $n) (local.get $spare)
            {{ is("eq", "$k", 0) }}{{ extra }})
          {{ while_below("$next_rows", "$i", mb, "$rows") }})
        {{ while_below("$deeper", "$k", kb, "$depth") }})
      {{ while_below("$next_columns", "$j", nb, "$columns") }}))

{{ barrier() if shared }}
  (func (export "run")
    (param $repeats {{ p }}) (param $a {{ p }}) (param $b {{ p }})
    {%- if integer %} (param $zero {{ p }}){% endif %} (param $work {{ p }}) (param $c {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $depth {{ p }}){% if integer %} (param $scale f32){% endif %}
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }})
    (local $from {{ p }}) (local $to {{ p }})
    {{ part("$from", "$to", div(add("$rows", mr - 1), mr)) }}
    {{ set("$from", mul("$from", mr)) }}
    {{ set("$to", min("$rows", mul("$to", mr))) }}
    {{ inc("$a", mul("$from", mul("$depth", bytes))) }}
    {{ inc("$c", mul("$from", mul("$columns", 4))) }}
    {{ inc("$work", mul("$thread", work)) }}
    {{ set("$rows", sub("$to", "$from")) }}
    {%- endif +%}
    (loop $again
      (if {{ is("ne", "$rows", 0) }} (then
        (call $multiply (local.get $a) (local.get $b) (local.get $c) (local.get $work)
          (local.get $rows) (local.get $columns) (local.get $depth)
          {%- if integer %} (local.get $zero) (local.get $scale){% endif %})))
;;% if shared
      (call $meet (local.get $threads))
;;% endif
      {{ until_zero("$again", "$repeats") }})))
