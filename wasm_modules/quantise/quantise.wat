;;% param name, techniques
;;% param lanes
;;% param p, shared
;;% from "words.wat" import add, sub, mul, div, set, inc, is, until_zero, while_below, memory with context
;;% from "share.wat" import part, barrier with context
;;% from "floats.wat" import type, vector, width, number, splat, load, times, greater, lanes_of with context
;;% set shuffled = "(i8x16.shuffle 0 4 8 12 0 4 8 12 0 4 8 12 0 4 8 12 (local.get $w) (local.get $w))"
;; quantise {{ name }}: blocks as signed bytes, the largest magnitude 127, each followed by its scale.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run")
    (param $repeats {{ p }}) (param $x {{ p }}) (param $result {{ p }}) (param $blocks {{ p }}) (param $block_bytes {{ p }})
    {%- if shared %} (param $thread {{ p }}) (param $threads {{ p }}){% endif +%}
    (local $first {{ p }}) (local $past {{ p }}) (local $left {{ p }}) (local $from {{ p }}) (local $a {{ p }}) (local $c {{ p }})
    (local $end {{ p }}) (local $w {{ vector }}) (local $most {{ vector }}) (local $inverse {{ vector }}) (local $peak f32)
    {{ part("$first", "$past", "$blocks") if shared else set("$past", "$blocks") }}
    (loop $again
      {{ set("$from", add("$x", mul("$first", "$block_bytes"))) }}
      {{ set("$c", add("$result", mul("$first", add(div("$block_bytes", 4), 4)))) }}
      {{ set("$left", sub("$past", "$first")) }}
      (if {{ is("ne", "$left", 0) }} (then (loop $block
        {{ set("$a", "$from") }}
        {{ set("$end", add("$from", "$block_bytes")) }}
        (local.set $most {{ number(0) }})
        (loop $look
          (local.set $most {{ greater("$most", "(%s.abs %s)" % (type, load("$a"))) }})
          {{ while_below("$look", "$a", width, "$end") }})
        (local.set $peak (f32.max (f32.const 1e-30) {{ lanes_of("$most", "max") }}))
        (local.set $inverse {{ splat("(f32.div (f32.const 127) (local.get $peak))") }})
        {{ set("$a", "$from") }}
        (loop $code
;;% if lanes == 4
          (local.set $w (i32x4.{{ "relaxed_trunc_f32x4_s" if "relaxed" in techniques else "trunc_sat_f32x4_s" }}
            (f32x4.nearest {{ times(load("$a"), "$inverse") }})))
          (v128.store32_lane 0 (local.get $c) {{ shuffled }})
;;% else
          (i32.store8 (local.get $c) (i32.trunc_sat_f32_s (f32.nearest {{ times(load("$a"), "$inverse") }})))
;;% endif
          {{ inc("$c", lanes) }}
          {{ while_below("$code", "$a", width, "$end") }})
        (f32.store (local.get $c) (f32.div (local.get $peak) (f32.const 127)))
        {{ inc("$c", 4) }}
        {{ set("$from", "$end") }}
        {{ until_zero("$block", "$left") }})))
;;% if shared
      (call $meet {{ "(local.get $threads)" if p == "i32" else "(i32.wrap_i64 (local.get $threads))" }})
;;% endif
      {{ until_zero("$again", "$repeats") }})))
