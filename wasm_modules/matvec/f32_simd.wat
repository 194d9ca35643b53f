;; matvec {{ name }}: y = A x, {{ sums }} independent sums of four lanes per row. Rows are padded with zeros to {{ 4 * sums }} floats.
(module
  (memory (export "memory") 1)
  (func (export "run")
    (param $repeats i32) (param $matrix i32) (param $vector i32) (param $result i32)
    (param $rows i32) (param $row_bytes i32)
    (local $a i32) (local $x i32) (local $y i32) (local $end i32) (local $last i32)
;;% for i in range(sums)
    (local $sum{{ i }} v128)
;;% endfor
    (loop $again
      (local.set $a (local.get $matrix))
      (local.set $y (local.get $result))
      (local.set $last (i32.add (local.get $result) (i32.shl (local.get $rows) (i32.const 2))))
      (loop $row
        (local.set $x (local.get $vector))
        (local.set $end (i32.add (local.get $a) (local.get $row_bytes)))
;;% for i in range(sums)
        (local.set $sum{{ i }} (v128.const f32x4 0 0 0 0))
;;% endfor
        (loop $step
;;% for i in range(sums)
          (local.set $sum{{ i }}
;;%   if "relaxed" in techniques
            (f32x4.relaxed_madd
              (v128.load offset={{ 16 * i }} (local.get $a))
              (v128.load offset={{ 16 * i }} (local.get $x))
              (local.get $sum{{ i }})))
;;%   else
            (f32x4.add (local.get $sum{{ i }})
              (f32x4.mul
                (v128.load offset={{ 16 * i }} (local.get $a))
                (v128.load offset={{ 16 * i }} (local.get $x)))))
;;%   endif
;;% endfor
          (local.set $a (i32.add (local.get $a) (i32.const {{ 16 * sums }})))
          (local.set $x (i32.add (local.get $x) (i32.const {{ 16 * sums }})))
          (br_if $step (i32.lt_u (local.get $a) (local.get $end))))
;;% for i in range(1, sums)
        (local.set $sum0 (f32x4.add (local.get $sum0) (local.get $sum{{ i }})))
;;% endfor
        (f32.store (local.get $y)
          (f32.add
            (f32.add (f32x4.extract_lane 0 (local.get $sum0)) (f32x4.extract_lane 1 (local.get $sum0)))
            (f32.add (f32x4.extract_lane 2 (local.get $sum0)) (f32x4.extract_lane 3 (local.get $sum0)))))
        (local.set $y (i32.add (local.get $y) (i32.const 4)))
        (br_if $row (i32.lt_u (local.get $y) (local.get $last))))
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
