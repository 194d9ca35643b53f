;; matvec f16-native: y = A x, 8 rows at a time with 1 sum each.
;; Their weights lie interleaved, 16 bytes of each row in turn: memory sees one stream.
(module
  

(memory (export "memory") 1)


  (func (export "run")
    (param $repeats i32) (param $matrix i32) (param $vector i32) (param $result i32)
    (param $blocks i32) (param $block_bytes i32)
    (local $a i32) (local $x i32) (local $y i32) (local $end i32) (local $from i32) (local $to i32)
    (local $w v128)
    (local $x0_0 v128)
    (local $s0_0 v128)
    (local $s1_0 v128)
    (local $s2_0 v128)
    (local $s3_0 v128)
    (local $s4_0 v128)
    (local $s5_0 v128)
    (local $s6_0 v128)
    (local $s7_0 v128)
    (local.set $to (local.get $blocks))
    (local.set $matrix (i32.add (local.get $matrix) (i32.mul (local.get $from) (local.get $block_bytes))))
    (local.set $result (i32.add (local.get $result) (i32.mul (local.get $from) (i32.const 32))))
    (local.set $to (i32.add (local.get $result) (i32.mul (i32.sub (local.get $to) (local.get $from)) (i32.const 32))))
    (loop $again
      (local.set $a (local.get $matrix))
      (local.set $y (local.get $result))
      (if (i32.lt_u (local.get $y) (local.get $to)) (then (loop $block
        (local.set $x (local.get $vector))
        (local.set $end (i32.add (local.get $a) (local.get $block_bytes)))
        (local.set $s0_0 (v128.const i32x4 0 0 0 0))
        (local.set $s1_0 (v128.const i32x4 0 0 0 0))
        (local.set $s2_0 (v128.const i32x4 0 0 0 0))
        (local.set $s3_0 (v128.const i32x4 0 0 0 0))
        (local.set $s4_0 (v128.const i32x4 0 0 0 0))
        (local.set $s5_0 (v128.const i32x4 0 0 0 0))
        (local.set $s6_0 (v128.const i32x4 0 0 0 0))
        (local.set $s7_0 (v128.const i32x4 0 0 0 0))
        (loop $step

          (local.set $x0_0 (v128.load offset=0 (local.get $x)))





          (local.set $s0_0 (f16x8.madd (v128.load offset=0 (local.get $a)) (local.get $x0_0) (local.get $s0_0)))






          (local.set $s1_0 (f16x8.madd (v128.load offset=16 (local.get $a)) (local.get $x0_0) (local.get $s1_0)))






          (local.set $s2_0 (f16x8.madd (v128.load offset=32 (local.get $a)) (local.get $x0_0) (local.get $s2_0)))






          (local.set $s3_0 (f16x8.madd (v128.load offset=48 (local.get $a)) (local.get $x0_0) (local.get $s3_0)))






          (local.set $s4_0 (f16x8.madd (v128.load offset=64 (local.get $a)) (local.get $x0_0) (local.get $s4_0)))






          (local.set $s5_0 (f16x8.madd (v128.load offset=80 (local.get $a)) (local.get $x0_0) (local.get $s5_0)))






          (local.set $s6_0 (f16x8.madd (v128.load offset=96 (local.get $a)) (local.get $x0_0) (local.get $s6_0)))






          (local.set $s7_0 (f16x8.madd (v128.load offset=112 (local.get $a)) (local.get $x0_0) (local.get $s7_0)))

          (local.set $x (i32.add (local.get $x) (i32.const 16)))
          (br_if $step (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 128))) (local.get $end))))
        (f32.store offset=0 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s0_0)) (f32.add (f16x8.extract_lane 1 (local.get $s0_0)) (f32.add (f16x8.extract_lane 2 (local.get $s0_0)) (f32.add (f16x8.extract_lane 3 (local.get $s0_0)) (f32.add (f16x8.extract_lane 4 (local.get $s0_0)) (f32.add (f16x8.extract_lane 5 (local.get $s0_0)) (f32.add (f16x8.extract_lane 6 (local.get $s0_0)) (f16x8.extract_lane 7 (local.get $s0_0)))))))))
)
        (f32.store offset=4 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s1_0)) (f32.add (f16x8.extract_lane 1 (local.get $s1_0)) (f32.add (f16x8.extract_lane 2 (local.get $s1_0)) (f32.add (f16x8.extract_lane 3 (local.get $s1_0)) (f32.add (f16x8.extract_lane 4 (local.get $s1_0)) (f32.add (f16x8.extract_lane 5 (local.get $s1_0)) (f32.add (f16x8.extract_lane 6 (local.get $s1_0)) (f16x8.extract_lane 7 (local.get $s1_0)))))))))
)
        (f32.store offset=8 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s2_0)) (f32.add (f16x8.extract_lane 1 (local.get $s2_0)) (f32.add (f16x8.extract_lane 2 (local.get $s2_0)) (f32.add (f16x8.extract_lane 3 (local.get $s2_0)) (f32.add (f16x8.extract_lane 4 (local.get $s2_0)) (f32.add (f16x8.extract_lane 5 (local.get $s2_0)) (f32.add (f16x8.extract_lane 6 (local.get $s2_0)) (f16x8.extract_lane 7 (local.get $s2_0)))))))))
)
        (f32.store offset=12 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s3_0)) (f32.add (f16x8.extract_lane 1 (local.get $s3_0)) (f32.add (f16x8.extract_lane 2 (local.get $s3_0)) (f32.add (f16x8.extract_lane 3 (local.get $s3_0)) (f32.add (f16x8.extract_lane 4 (local.get $s3_0)) (f32.add (f16x8.extract_lane 5 (local.get $s3_0)) (f32.add (f16x8.extract_lane 6 (local.get $s3_0)) (f16x8.extract_lane 7 (local.get $s3_0)))))))))
)
        (f32.store offset=16 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s4_0)) (f32.add (f16x8.extract_lane 1 (local.get $s4_0)) (f32.add (f16x8.extract_lane 2 (local.get $s4_0)) (f32.add (f16x8.extract_lane 3 (local.get $s4_0)) (f32.add (f16x8.extract_lane 4 (local.get $s4_0)) (f32.add (f16x8.extract_lane 5 (local.get $s4_0)) (f32.add (f16x8.extract_lane 6 (local.get $s4_0)) (f16x8.extract_lane 7 (local.get $s4_0)))))))))
)
        (f32.store offset=20 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s5_0)) (f32.add (f16x8.extract_lane 1 (local.get $s5_0)) (f32.add (f16x8.extract_lane 2 (local.get $s5_0)) (f32.add (f16x8.extract_lane 3 (local.get $s5_0)) (f32.add (f16x8.extract_lane 4 (local.get $s5_0)) (f32.add (f16x8.extract_lane 5 (local.get $s5_0)) (f32.add (f16x8.extract_lane 6 (local.get $s5_0)) (f16x8.extract_lane 7 (local.get $s5_0)))))))))
)
        (f32.store offset=24 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s6_0)) (f32.add (f16x8.extract_lane 1 (local.get $s6_0)) (f32.add (f16x8.extract_lane 2 (local.get $s6_0)) (f32.add (f16x8.extract_lane 3 (local.get $s6_0)) (f32.add (f16x8.extract_lane 4 (local.get $s6_0)) (f32.add (f16x8.extract_lane 5 (local.get $s6_0)) (f32.add (f16x8.extract_lane 6 (local.get $s6_0)) (f16x8.extract_lane 7 (local.get $s6_0)))))))))
)
        (f32.store offset=28 (local.get $y) 



(f32.add (f16x8.extract_lane 0 (local.get $s7_0)) (f32.add (f16x8.extract_lane 1 (local.get $s7_0)) (f32.add (f16x8.extract_lane 2 (local.get $s7_0)) (f32.add (f16x8.extract_lane 3 (local.get $s7_0)) (f32.add (f16x8.extract_lane 4 (local.get $s7_0)) (f32.add (f16x8.extract_lane 5 (local.get $s7_0)) (f32.add (f16x8.extract_lane 6 (local.get $s7_0)) (f16x8.extract_lane 7 (local.get $s7_0)))))))))
)
        (br_if $block (i32.lt_u (local.tee $y (i32.add (local.get $y) (i32.const 32))) (local.get $to))))))
      (br_if $again (i32.ne (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1))) (i32.const 0))))))
