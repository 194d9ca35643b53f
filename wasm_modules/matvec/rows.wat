;;% param name, storage, techniques
;;% param rows, sums
;;% param p, shared, vector, lanes, width, halves
;;% from "words.wat" import add, sub, mul, set, inc, while_below, until_zero, is, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "matvec/types.wat" import load_x, step, total, plus with context
;;% set integer = storage == "i8"
;;% set channels = "channels" in techniques
;; matvec {{ name }}: y = A x, {{ rows }} row{{ "s" if rows > 1 }} at a time with {{ sums }} sum{{ "s" if sums > 1 }} each.
;;% if rows > 1
;; Their weights lie interleaved, {{ width }} bytes of each row in turn: memory sees one stream.
;;% endif
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
    (param $repeats {{ p }}) (param $matrix {{ p }}) (param $vector {{ p }})
    {%- if integer %} (param $zero {{ p }}){% endif %}{% if channels %} (param $scales {{ p }}){% endif %} (param $result {{ p }})
    (param $blocks {{ p }}) (param $block_bytes {{ p }}){% if integer %} (param $scale f32){% endif %}
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $a {{ p }}) (local $x {{ p }}) (local $y {{ p }}) (local $end {{ p }}) (local $from {{ p }}) (local $to {{ p }})
    {%- if integer %} (local $z {{ p }}){% endif %}{% if channels %} (local $q {{ p }}){% endif +%}
;;% if lanes > 1
    (local $w v128)
;;% endif
;;% for s in range(sums)
;;%   for h in range(halves)
    (local $x{{ s }}_{{ h }} {{ vector }})
;;%   endfor
;;%   for r in range(rows)
    (local $s{{ r }}_{{ s }} {{ vector }})
;;%   endfor
;;% endfor
    {{ part("$from", "$to", "$blocks") if shared else set("$to", "$blocks") }}
    {{ inc("$matrix", mul("$from", "$block_bytes")) }}
    {{ inc("$result", mul("$from", 4 * rows)) }}
;;% if integer
    {{ inc("$zero", mul("$from", 4 * rows)) }}
;;% endif
;;% if channels
    {{ inc("$scales", mul("$from", 4 * rows)) }}
;;% endif
    {{ set("$to", add("$result", mul(sub("$to", "$from"), 4 * rows))) }}
    (loop $again
      {{ set("$a", "$matrix") }}
      {{ set("$y", "$result") }}
;;% if integer
      {{ set("$z", "$zero") }}
;;% endif
;;% if channels
      {{ set("$q", "$scales") }}
;;% endif
      (if {{ is("lt_u", "$y", "$to") }} (then (loop $block
        {{ set("$x", "$vector") }}
        {{ set("$end", add("$a", "$block_bytes")) }}
;;% for s in range(sums)
;;%   for r in range(rows)
        (local.set $s{{ r }}_{{ s }} {{ "(f32.const 0)" if lanes == 1 else "(v128.const i32x4 0 0 0 0)" }})
;;%   endfor
;;% endfor
        (loop $step
;;% for s in range(sums)
{{ load_x(s) -}}
;;%   for r in range(rows)
{{ step("$s%d_%d" % (r, s), (s * rows + r) * width, s) }}
;;%   endfor
;;% endfor
          {{ inc("$x", sums * halves * width) }}
          {{ while_below("$step", "$a", sums * rows * width, "$end") }})
;;% for r in range(rows)
;;%   for s in range(1, sums)
        (local.set $s{{ r }}_0 {{ plus("$s%d_0" % r, "$s%d_%d" % (r, s)) }})
;;%   endfor
        (f32.store offset={{ 4 * r }} (local.get $y) {{ total("$s%d_0" % r, r) }})
;;% endfor
;;% if integer
        {{ inc("$z", 4 * rows) }}
;;% endif
;;% if channels
        {{ inc("$q", 4 * rows) }}
;;% endif
        {{ while_below("$block", "$y", 4 * rows, "$to") }})))
;;% if shared
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
;;% endif
      {{ until_zero("$again", "$repeats") }})))
