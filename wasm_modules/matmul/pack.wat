;;% param mr, nr, unroll
;;% param p, arithmetic, bytes, group, cell, a_chunk
;;% param pad, packed
;;% set by_lane = arithmetic in ("dot", "simd", "relaxed")
;;% from "words.wat" import num, add, sub, mul, div, rem, up, min, set, inc, while_below, until_zero, is with context
;;% from "matmul/types.wat" import shuffled, pair with context
  ;; Pack what the fast loops leave: elements $from..$to of the depth, of $count rows or columns, one by one.
  (func $pack_rest
    (param $src {{ p }}) (param $step {{ p }}) (param $deeper {{ p }}) (param $dst {{ p }})
    (param $from {{ p }}) (param $to {{ p }}) (param $count {{ p }}) (param $width {{ p }})
    (local $s {{ p }}) (local $d {{ p }}) (local $i {{ p }})
    (if {{ is("ge_u", "$from", "$to") }} (then (return)))
    (loop $next_k
      {{ set("$s", add("$src", mul("$from", "$deeper"))) }}
      {{ set("$d", add("$dst", add(mul(div("$from", group), mul("$width", cell)), mul(rem("$from", group), cell // group)))) }}
      {{ set("$i", "$count") }}
      (loop $next
;;% if bytes == 4
        (i32.store (local.get $d) (i32.load (local.get $s)))
;;% elif bytes == 2
        (i32.store16 (local.get $d) (i32.load16_u (local.get $s)))
;;% else
        (i32.store{{ 8 * cell // group }} (local.get $d) (i32.load8_s (local.get $s)))
;;% endif
        {{ inc("$s", "$step") }}
        {{ inc("$d", cell) }}
        {{ until_zero("$next", "$i") }})
      {{ while_below("$next_k", "$from", 1, "$to") }}))

  ;; $rows x $depth of A, rows $stride bytes apart, as panels of {{ mr }} rows.
  (func $pack_a (param $src {{ p }}) (param $stride {{ p }}) (param $dst {{ p }}) (param $rows {{ p }}) (param $depth {{ p }})
    (local $panel {{ p }}) (local $fast {{ p }}) (local $k {{ p }}) (local $d {{ p }})
;;% for i in range(mr)
    (local $r{{ i }} {{ p }}){% if by_lane %} (local $v{{ i }} v128){% endif +%}
;;% endfor
    {{ set("$panel", mul(up(div(add("$depth", group - 1), group), unroll), mr * cell)) }}
    (loop $next_panel
      {{ set("$fast", 0) }}
      (if (i32.or {{ is("lt_u", "$rows", mr) }} {{ is("ne", rem("$depth", pad), 0) }}) (then
        (memory.fill (local.get $dst) (i32.const 0) (local.get $panel))))
      (if {{ is("ge_u", "$rows", mr) }} (then {{ set("$fast", mul(div("$depth", a_chunk), a_chunk)) }}))
      (if {{ is("ne", "$fast", 0) }} (then
        {{ set("$k", "$fast") }}
        {{ set("$d", "$dst") }}
        {{ set("$r0", "$src") }}
;;% for i in range(1, mr)
        {{ set("$r%d" % i, add("$r%d" % (i - 1), "$stride")) }}
;;% endfor
        (loop $step
;;% for i in range(mr)
;;%   if by_lane
          (local.set $v{{ i }} (v128.load{{ "8x8_s" if arithmetic == "dot" }} (local.get $r{{ i }})))
;;%   elif cell == 2
          (i32.store16 offset={{ 2 * i }} (local.get $d) (i32.load16_u (local.get $r{{ i }})))
;;%   elif cell == 1
          (i32.store8 offset={{ i }} (local.get $d) (i32.load8_u (local.get $r{{ i }})))
;;%   else
          (i32.store offset={{ 4 * i }} (local.get $d) (i32.load (local.get $r{{ i }})))
;;%   endif
          {{ inc("$r%d" % i, a_chunk * bytes) }}
;;% endfor
;;% if by_lane
;;%   for n in range(0, 4 * mr, 4)
          (v128.store offset={{ n * cell }} (local.get $d) {{ shuffled(pair(n), pair(n + 2), [0, 2, 0, 2]) }})
;;%   endfor
;;% endif
          {{ inc("$d", a_chunk // group * mr * cell) }}
          {{ until_zero("$step", "$k", a_chunk) }})))
      (call $pack_rest (local.get $src) (local.get $stride) {{ num(bytes) }} (local.get $dst)
        (local.get $fast) (local.get $depth) {{ min("$rows", mr) }} {{ num(mr) }})
      {{ inc("$dst", "$panel") }}
      {{ inc("$src", mul("$stride", mr)) }}
      (if {{ is("le_u", "$rows", mr) }} (then (return)))
      {{ set("$rows", sub("$rows", mr)) }}
      (br $next_panel)))

;;% if not packed
  ;; $depth x $columns of B, rows $stride bytes apart, as panels of {{ nr }} columns.
  (func $pack_b (param $src {{ p }}) (param $stride {{ p }}) (param $dst {{ p }}) (param $columns {{ p }}) (param $depth {{ p }})
    (local $panel {{ p }}) (local $fast {{ p }}) (local $k {{ p }}) (local $d {{ p }}) (local $r0 {{ p }})
;;% for i in range(1, group)
    (local $r{{ i }} {{ p }})
;;% endfor
;;% if group > 1
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
;;% endif
    {{ set("$panel", mul(up(div(add("$depth", group - 1), group), unroll), nr * cell)) }}
    (loop $next_panel
      {{ set("$fast", 0) }}
      (if (i32.or {{ is("lt_u", "$columns", nr) }} {{ is("ne", rem("$depth", pad), 0) }}) (then
        (memory.fill (local.get $dst) (i32.const 0) (local.get $panel))))
      (if {{ is("ge_u", "$columns", nr) }} (then {{ set("$fast", mul(div("$depth", group), group)) }}))
      (if {{ is("ne", "$fast", 0) }} (then
        {{ set("$k", "$fast") }}
        {{ set("$d", "$dst") }}
        {{ set("$r0", "$src") }}
;;% for i in range(1, group)
        {{ set("$r%d" % i, add("$r%d" % (i - 1), "$stride")) }}
;;% endfor
        (loop $step
;;% if group > 1
;;%   include "matmul/pack_bytes.wat"
;;% else
;;%   include "matmul/pack_cells.wat"
;;% endif
;;% for i in range(group)
          {{ inc("$r%d" % i, mul("$stride", group)) }}
;;% endfor
          {{ inc("$d", nr * cell) }}
          {{ until_zero("$step", "$k", group) }})))
      (call $pack_rest (local.get $src) {{ num(bytes) }} (local.get $stride) (local.get $dst)
        (local.get $fast) (local.get $depth) {{ min("$columns", nr) }} {{ num(nr) }})
      {{ inc("$dst", "$panel") }}
      {{ inc("$src", nr * bytes) }}
      (if {{ is("le_u", "$columns", nr) }} (then (return)))
      {{ set("$columns", sub("$columns", nr)) }}
      (br $next_panel)))
;;% endif
