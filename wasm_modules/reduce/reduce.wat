;;% param name
;;% from "words.wat" import add, set, while_below, until_zero, memory with context
;; reduce {{ name }}: eight sums of four lanes, taken together as f64 after every {{ 128 * 64 }} bytes.
(module
  {{ memory() }}
  (func (export "run") (param $repeats i32) (param $source i32) (param $result i32) (param $bytes i32)
    (local $a i32) (local $end i32) (local $stop i32) (local $total v128) (local $t v128)
;;% for i in range(8)
    (local $s{{ i }} v128)
;;% endfor
    {{ set("$end", add("$source", "$bytes")) }}
    (loop $again
      {{ set("$a", "$source") }}
      (local.set $total (v128.const f64x2 0 0))
      (loop $block
        {{ set("$stop", add("$a", 128 * 64)) }}
        (if (i32.gt_u (local.get $stop) (local.get $end)) (then {{ set("$stop", "$end") }}))
;;% for i in range(8)
        (local.set $s{{ i }} (v128.const f32x4 0 0 0 0))
;;% endfor
        (loop $step
;;% for i in range(8)
          (local.set $s{{ i }} (f32x4.add (local.get $s{{ i }}) (v128.load offset={{ 16 * i }} (local.get $a))))
;;% endfor
          {{ while_below("$step", "$a", 128, "$stop") }})
;;% for i in range(8)
        (local.set $t (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s{{ i }}) (local.get $s{{ i }})))
        (local.set $total (f64x2.add (local.get $total) (f64x2.add
          (f64x2.promote_low_f32x4 (local.get $s{{ i }})) (f64x2.promote_low_f32x4 (local.get $t)))))
;;% endfor
        (br_if $block (i32.lt_u (local.get $a) (local.get $end))))
      (f32.store (local.get $result) (f32.demote_f64 (f64.add
        (f64x2.extract_lane 0 (local.get $total)) (f64x2.extract_lane 1 (local.get $total)))))
      {{ until_zero("$again", "$repeats") }})))
