;;% param mr, nr
;;% param p, integer, cell
;;% from "words.wat" import add, sub, mul, min, set, inc, is, num, while_below, until_zero with context
;;% from "matmul/types.wat" import scale_params, scales_at with context
;;% set extra = " (local.get $last) " ~ add("$zero", mul("$j", 4)) ~ scales_at("$i", "$j") if integer else ""
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

  ;; One block of C, $rows x $columns, from a packed block of A and one of B.
  (func $block
    (param $a {{ p }}) (param $b {{ p }}) (param $c {{ p }}) (param $stride {{ p }}) (param $depth {{ p }})
    (param $rows {{ p }}) (param $columns {{ p }}) (param $spare {{ p }}) (param $first i32)
    {%- if integer %} (param $last i32) (param $zero {{ p }}) {{ scale_params() }}{% endif +%}
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
