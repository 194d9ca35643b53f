;; matmul f16-native: C = A B in blocks of 240 x 512, 256 deep. Blocks of A and B are packed into panels
;; of 4 rows and 16 columns, padded with zeros, so that the innermost loop reads two streams.
(module
  

(memory (export "memory") 1)

  ;; Pack what the fast loops leave: elements $from..$to of the depth, of $count rows or columns, one by one.
  (func $pack_rest
    (param $src i32) (param $step i32) (param $deeper i32) (param $dst i32)
    (param $from i32) (param $to i32) (param $count i32) (param $width i32)
    (local $s i32) (local $d i32) (local $i i32)
    (if (i32.ge_u (local.get $from) (local.get $to)) (then (return)))
    (loop $next_k
      (local.set $s (i32.add (local.get $src) (i32.mul (local.get $from) (local.get $deeper))))
      (local.set $d (i32.add (local.get $dst) (i32.add (i32.mul (i32.div_u (local.get $from) (i32.const 1)) (i32.mul (local.get $width) (i32.const 2))) (i32.mul (i32.rem_u (local.get $from) (i32.const 1)) (i32.const 2)))))
      (local.set $i (local.get $count))
      (loop $next
        (i32.store16 (local.get $d) (i32.load16_u (local.get $s)))
        (local.set $s (i32.add (local.get $s) (local.get $step)))
        (local.set $d (i32.add (local.get $d) (i32.const 2)))
        (br_if $next (i32.ne (local.tee $i (i32.sub (local.get $i) (i32.const 1))) (i32.const 0))))
      (br_if $next_k (i32.lt_u (local.tee $from (i32.add (local.get $from) (i32.const 1))) (local.get $to)))))

  ;; $rows x $depth of A, rows $stride bytes apart, as panels of 4 rows.
  (func $pack_a (param $src i32) (param $stride i32) (param $dst i32) (param $rows i32) (param $depth i32)
    (local $panel i32) (local $fast i32) (local $k i32) (local $d i32)
    (local $r0 i32)
    (local $r1 i32)
    (local $r2 i32)
    (local $r3 i32)
    (local.set $panel (i32.mul (i32.mul (i32.div_u (i32.add (i32.div_u (i32.add (local.get $depth) (i32.const 0)) (i32.const 1)) (i32.const 1)) (i32.const 2)) (i32.const 2)) (i32.const 8)))
    (loop $next_panel
      (local.set $fast (i32.const 0))
      (if (i32.or (i32.lt_u (local.get $rows) (i32.const 4)) (i32.ne (i32.rem_u (local.get $depth) (i32.const 2)) (i32.const 0))) (then
        (memory.fill (local.get $dst) (i32.const 0) (local.get $panel))))
      (if (i32.ge_u (local.get $rows) (i32.const 4)) (then (local.set $fast (i32.mul (i32.div_u (local.get $depth) (i32.const 1)) (i32.const 1)))))
      (if (i32.ne (local.get $fast) (i32.const 0)) (then
        (local.set $k (local.get $fast))
        (local.set $d (local.get $dst))
        (local.set $r0 (local.get $src))
        (local.set $r1 (i32.add (local.get $r0) (local.get $stride)))
        (local.set $r2 (i32.add (local.get $r1) (local.get $stride)))
        (local.set $r3 (i32.add (local.get $r2) (local.get $stride)))
        (loop $step
          (i32.store16 offset=0 (local.get $d) (i32.load16_u (local.get $r0)))
          (local.set $r0 (i32.add (local.get $r0) (i32.const 2)))
          (i32.store16 offset=2 (local.get $d) (i32.load16_u (local.get $r1)))
          (local.set $r1 (i32.add (local.get $r1) (i32.const 2)))
          (i32.store16 offset=4 (local.get $d) (i32.load16_u (local.get $r2)))
          (local.set $r2 (i32.add (local.get $r2) (i32.const 2)))
          (i32.store16 offset=6 (local.get $d) (i32.load16_u (local.get $r3)))
          (local.set $r3 (i32.add (local.get $r3) (i32.const 2)))
          (local.set $d (i32.add (local.get $d) (i32.const 8)))
          (br_if $step (i32.ne (local.tee $k (i32.sub (local.get $k) (i32.const 1))) (i32.const 0))))))
      (call $pack_rest (local.get $src) (local.get $stride) (i32.const 2) (local.get $dst)
        (local.get $fast) (local.get $depth) (select (local.get $rows) (i32.const 4) (i32.lt_u (local.get $rows) (i32.const 4))) (i32.const 4))
      (local.set $dst (i32.add (local.get $dst) (local.get $panel)))
      (local.set $src (i32.add (local.get $src) (i32.mul (local.get $stride) (i32.const 4))))
      (if (i32.le_u (local.get $rows) (i32.const 4)) (then (return)))
      (local.set $rows (i32.sub (local.get $rows) (i32.const 4)))
      (br $next_panel)))

  ;; $depth x $columns of B, rows $stride bytes apart, as panels of 16 columns.
  (func $pack_b (param $src i32) (param $stride i32) (param $dst i32) (param $columns i32) (param $depth i32)
    (local $panel i32) (local $fast i32) (local $k i32) (local $d i32) (local $r0 i32)
    (local.set $panel (i32.mul (i32.mul (i32.div_u (i32.add (i32.div_u (i32.add (local.get $depth) (i32.const 0)) (i32.const 1)) (i32.const 1)) (i32.const 2)) (i32.const 2)) (i32.const 32)))
    (loop $next_panel
      (local.set $fast (i32.const 0))
      (if (i32.or (i32.lt_u (local.get $columns) (i32.const 16)) (i32.ne (i32.rem_u (local.get $depth) (i32.const 2)) (i32.const 0))) (then
        (memory.fill (local.get $dst) (i32.const 0) (local.get $panel))))
      (if (i32.ge_u (local.get $columns) (i32.const 16)) (then (local.set $fast (i32.mul (i32.div_u (local.get $depth) (i32.const 1)) (i32.const 1)))))
      (if (i32.ne (local.get $fast) (i32.const 0)) (then
        (local.set $k (local.get $fast))
        (local.set $d (local.get $dst))
        (local.set $r0 (local.get $src))
        (loop $step
          (v128.store offset=0 (local.get $d) (v128.load offset=0 (local.get $r0)))
          (v128.store offset=16 (local.get $d) (v128.load offset=16 (local.get $r0)))
          (local.set $r0 (i32.add (local.get $r0) (i32.mul (local.get $stride) (i32.const 1))))
          (local.set $d (i32.add (local.get $d) (i32.const 32)))
          (br_if $step (i32.ne (local.tee $k (i32.sub (local.get $k) (i32.const 1))) (i32.const 0))))))
      (call $pack_rest (local.get $src) (i32.const 2) (local.get $stride) (local.get $dst)
        (local.get $fast) (local.get $depth) (select (local.get $columns) (i32.const 16) (i32.lt_u (local.get $columns) (i32.const 16))) (i32.const 16))
      (local.set $dst (i32.add (local.get $dst) (local.get $panel)))
      (local.set $src (i32.add (local.get $src) (i32.const 32)))
      (if (i32.le_u (local.get $columns) (i32.const 16)) (then (return)))
      (local.set $columns (i32.sub (local.get $columns) (i32.const 16)))
      (br $next_panel)))
  ;; One tile: 4 x 16 sums over $depth cells of two panels, in 8 named accumulators.
  (func $tile
    (param $a i32) (param $b i32) (param $c i32) (param $stride i32) (param $depth i32)
    (param $first i32)
    (local $t i32) (local $x v128) (local $q v128)
    (local $s0_0 v128)
    (local $s0_1 v128)
    (local $s1_0 v128)
    (local $s1_1 v128)
    (local $s2_0 v128)
    (local $s2_1 v128)
    (local $s3_0 v128)
    (local $s3_1 v128)
    (local $b0 v128)
    (local $b1 v128)
    ;; Addresses move on before they are used: sums are known to fit into an address, and what loops carry is not.
    (local.set $a (i32.add (local.get $a) (i32.const -16)))
    (local.set $b (i32.add (local.get $b) (i32.const -64)))
    (loop $step
      (local.set $a (i32.add (local.get $a) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 64)))
      (local.set $b0 (v128.load offset=0 (local.get $b)))
      (local.set $b1 (v128.load offset=16 (local.get $b)))

      (local.set $q (v128.load offset=0 (local.get $a)))
      (local.set $x (i8x16.shuffle 0 1 0 1 0 1 0 1 0 1 0 1 0 1 0 1 (local.get $q) (local.get $q)))
      (local.set $s0_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s0_0))
)
      (local.set $s0_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s0_1))
)

      (local.set $x (i8x16.shuffle 2 3 2 3 2 3 2 3 2 3 2 3 2 3 2 3 (local.get $q) (local.get $q)))
      (local.set $s1_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s1_0))
)
      (local.set $s1_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s1_1))
)

      (local.set $x (i8x16.shuffle 4 5 4 5 4 5 4 5 4 5 4 5 4 5 4 5 (local.get $q) (local.get $q)))
      (local.set $s2_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s2_0))
)
      (local.set $s2_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s2_1))
)

      (local.set $x (i8x16.shuffle 6 7 6 7 6 7 6 7 6 7 6 7 6 7 6 7 (local.get $q) (local.get $q)))
      (local.set $s3_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s3_0))
)
      (local.set $s3_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s3_1))
)
      (local.set $b0 (v128.load offset=32 (local.get $b)))
      (local.set $b1 (v128.load offset=48 (local.get $b)))

      (local.set $x (i8x16.shuffle 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 (local.get $q) (local.get $q)))
      (local.set $s0_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s0_0))
)
      (local.set $s0_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s0_1))
)

      (local.set $x (i8x16.shuffle 10 11 10 11 10 11 10 11 10 11 10 11 10 11 10 11 (local.get $q) (local.get $q)))
      (local.set $s1_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s1_0))
)
      (local.set $s1_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s1_1))
)

      (local.set $x (i8x16.shuffle 12 13 12 13 12 13 12 13 12 13 12 13 12 13 12 13 (local.get $q) (local.get $q)))
      (local.set $s2_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s2_0))
)
      (local.set $s2_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s2_1))
)

      (local.set $x (i8x16.shuffle 14 15 14 15 14 15 14 15 14 15 14 15 14 15 14 15 (local.get $q) (local.get $q)))
      (local.set $s3_0 


(f16x8.madd (local.get $x) (local.get $b0) (local.get $s3_0))
)
      (local.set $s3_1 


(f16x8.madd (local.get $x) (local.get $b1) (local.get $s3_1))
)
      (br_if $step (i32.ne (local.tee $depth (i32.sub (local.get $depth) (i32.const 2))) (i32.const 0))))
    (local.set $q (i32x4.splat (i32.sub (local.get $first) (i32.const 1))))


    (v128.store offset=0 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s0_0))
      (v128.and (local.get $q) (v128.load offset=0 (local.get $c)))))
    (v128.store offset=16 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s0_0) (local.get $s0_0)))
      (v128.and (local.get $q) (v128.load offset=16 (local.get $c)))))



    (v128.store offset=32 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s0_1))
      (v128.and (local.get $q) (v128.load offset=32 (local.get $c)))))
    (v128.store offset=48 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s0_1) (local.get $s0_1)))
      (v128.and (local.get $q) (v128.load offset=48 (local.get $c)))))

    (local.set $c (i32.add (local.get $c) (local.get $stride)))


    (v128.store offset=0 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s1_0))
      (v128.and (local.get $q) (v128.load offset=0 (local.get $c)))))
    (v128.store offset=16 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s1_0) (local.get $s1_0)))
      (v128.and (local.get $q) (v128.load offset=16 (local.get $c)))))



    (v128.store offset=32 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s1_1))
      (v128.and (local.get $q) (v128.load offset=32 (local.get $c)))))
    (v128.store offset=48 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s1_1) (local.get $s1_1)))
      (v128.and (local.get $q) (v128.load offset=48 (local.get $c)))))

    (local.set $c (i32.add (local.get $c) (local.get $stride)))


    (v128.store offset=0 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s2_0))
      (v128.and (local.get $q) (v128.load offset=0 (local.get $c)))))
    (v128.store offset=16 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s2_0) (local.get $s2_0)))
      (v128.and (local.get $q) (v128.load offset=16 (local.get $c)))))



    (v128.store offset=32 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s2_1))
      (v128.and (local.get $q) (v128.load offset=32 (local.get $c)))))
    (v128.store offset=48 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s2_1) (local.get $s2_1)))
      (v128.and (local.get $q) (v128.load offset=48 (local.get $c)))))

    (local.set $c (i32.add (local.get $c) (local.get $stride)))


    (v128.store offset=0 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s3_0))
      (v128.and (local.get $q) (v128.load offset=0 (local.get $c)))))
    (v128.store offset=16 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s3_0) (local.get $s3_0)))
      (v128.and (local.get $q) (v128.load offset=16 (local.get $c)))))



    (v128.store offset=32 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (local.get $s3_1))
      (v128.and (local.get $q) (v128.load offset=32 (local.get $c)))))
    (v128.store offset=48 (local.get $c) (f32x4.add (f32x4.promote_low_f16x8 (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $s3_1) (local.get $s3_1)))
      (v128.and (local.get $q) (v128.load offset=48 (local.get $c)))))

    (local.set $c (i32.add (local.get $c) (local.get $stride)))
  )

  ;; $rows x $columns words from one place to another: tiles at the edges are computed in full beside C.
  (func $copy
    (param $from i32) (param $from_stride i32) (param $to i32) (param $to_stride i32)
    (param $rows i32) (param $columns i32)
    (local $j i32)
    (loop $next_row
      (local.set $j (i32.const 0))
      (loop $next_column
        (i32.store (i32.add (local.get $to) (local.get $j)) (i32.load (i32.add (local.get $from) (local.get $j))))
        (br_if $next_column (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 4))) (i32.mul (local.get $columns) (i32.const 4)))))
      (local.set $from (i32.add (local.get $from) (local.get $from_stride)))
      (local.set $to (i32.add (local.get $to) (local.get $to_stride)))
      (br_if $next_row (i32.ne (local.tee $rows (i32.sub (local.get $rows) (i32.const 1))) (i32.const 0)))))

  ;; One block of C, $rows x $columns, from a packed block of A and one of B.
  (func $block
    (param $a i32) (param $b i32) (param $c i32) (param $stride i32) (param $depth i32)
    (param $rows i32) (param $columns i32) (param $spare i32) (param $first i32)
    (local $i i32) (local $j i32) (local $panel i32) (local $m i32) (local $n i32) (local $at i32)
    (loop $next_column
      (local.set $n (select (i32.sub (local.get $columns) (local.get $j)) (i32.const 16) (i32.lt_u (i32.sub (local.get $columns) (local.get $j)) (i32.const 16))))
      (local.set $panel (local.get $a))
      (local.set $i (i32.const 0))
      (loop $next_row
        (local.set $m (select (i32.sub (local.get $rows) (local.get $i)) (i32.const 4) (i32.lt_u (i32.sub (local.get $rows) (local.get $i)) (i32.const 4))))
        (local.set $at (i32.add (local.get $c) (i32.add (i32.mul (local.get $i) (local.get $stride)) (i32.mul (local.get $j) (i32.const 4)))))
        (if (i32.and (i32.eq (local.get $m) (i32.const 4)) (i32.eq (local.get $n) (i32.const 16)))
          (then
            (call $tile (local.get $panel) (local.get $b) (local.get $at) (local.get $stride) (local.get $depth)
              (local.get $first)))
          (else
            (if (i32.eqz (local.get $first)) (then
              (call $copy (local.get $at) (local.get $stride) (local.get $spare) (i32.const 64)
                (local.get $m) (local.get $n))))
            (call $tile (local.get $panel) (local.get $b) (local.get $spare) (i32.const 64) (local.get $depth)
              (local.get $first))
            (call $copy (local.get $spare) (i32.const 64) (local.get $at) (local.get $stride)
              (local.get $m) (local.get $n))))
        (local.set $panel (i32.add (local.get $panel) (i32.mul (local.get $depth) (i32.const 8))))
        (br_if $next_row (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 4))) (local.get $rows))))
      (local.set $b (i32.add (local.get $b) (i32.mul (local.get $depth) (i32.const 32))))
      (br_if $next_column (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 16))) (local.get $columns)))))

  ;; C = A B once, for $rows rows.
  (func $multiply
    (param $a i32) (param $b i32) (param $c i32) (param $work i32)
    (param $rows i32) (param $columns i32) (param $depth i32)
    (local $i i32) (local $j i32) (local $k i32) (local $m i32) (local $n i32) (local $kn i32)
    (local $bs i32) (local $spare i32)
    (local.set $bs (i32.add (local.get $work) (i32.const 122880)))
    (local.set $spare (i32.add (local.get $bs) (i32.const 262144)))
    (loop $next_columns
      (local.set $n (select (i32.sub (local.get $columns) (local.get $j)) (i32.const 512) (i32.lt_u (i32.sub (local.get $columns) (local.get $j)) (i32.const 512))))
      (local.set $k (i32.const 0))
      (loop $deeper
        (local.set $kn (select (i32.sub (local.get $depth) (local.get $k)) (i32.const 256) (i32.lt_u (i32.sub (local.get $depth) (local.get $k)) (i32.const 256))))
        (call $pack_b (i32.add (local.get $b) (i32.mul (i32.add (i32.mul (local.get $k) (local.get $columns)) (local.get $j)) (i32.const 2))) (i32.mul (local.get $columns) (i32.const 2))
          (local.get $bs) (local.get $n) (local.get $kn))
        (local.set $i (i32.const 0))
        (loop $next_rows
          (local.set $m (select (i32.sub (local.get $rows) (local.get $i)) (i32.const 240) (i32.lt_u (i32.sub (local.get $rows) (local.get $i)) (i32.const 240))))
          (call $pack_a (i32.add (local.get $a) (i32.mul (i32.add (i32.mul (local.get $i) (local.get $depth)) (local.get $k)) (i32.const 2))) (i32.mul (local.get $depth) (i32.const 2))
            (local.get $work) (local.get $m) (local.get $kn))
          (call $block (local.get $work) (local.get $bs)
            (i32.add (local.get $c) (i32.mul (i32.add (i32.mul (local.get $i) (local.get $columns)) (local.get $j)) (i32.const 4))) (i32.mul (local.get $columns) (i32.const 4))
            (i32.mul (i32.div_u (i32.add (i32.div_u (i32.add (local.get $kn) (i32.const 0)) (i32.const 1)) (i32.const 1)) (i32.const 2)) (i32.const 2)) (local.get $m) (local.get $n) (local.get $spare)
            (i32.eq (local.get $k) (i32.const 0)))
          (br_if $next_rows (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 240))) (local.get $rows))))
        (br_if $deeper (i32.lt_u (local.tee $k (i32.add (local.get $k) (i32.const 256))) (local.get $depth))))
      (br_if $next_columns (i32.lt_u (local.tee $j (i32.add (local.get $j) (i32.const 512))) (local.get $columns)))))


  (func (export "run")
    (param $repeats i32) (param $a i32) (param $b i32) (param $work i32) (param $c i32)
    (param $rows i32) (param $columns i32) (param $depth i32)
    (loop $again
      (if (i32.ne (local.get $rows) (i32.const 0)) (then
        (call $multiply (local.get $a) (local.get $b) (local.get $c) (local.get $work)
          (local.get $rows) (local.get $columns) (local.get $depth))))
      (br_if $again (i32.ne (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1))) (i32.const 0))))))
