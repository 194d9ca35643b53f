(module
  (memory (export "memory") 1)
  (global $image (mut i32) (i32.const 0))
  (global $height (mut i32) (i32.const 0))
  (global $width (mut i32) (i32.const 0))
  (func $clamp (param $at i32) (param $size i32) (result i32)
    (if (i32.lt_s (local.get $at) (i32.const 0)) (then (return (i32.const 0))))
    (select (local.get $at) (i32.sub (local.get $size) (i32.const 1)) (i32.lt_s (local.get $at) (local.get $size))))
  (func $pixel (param $row i32) (param $column i32) (result f32)
    (f32.load (i32.add (global.get $image) (i32.shl
      (i32.add
        (i32.mul (call $clamp (local.get $row) (global.get $height)) (global.get $width))
        (call $clamp (local.get $column) (global.get $width)))
      (i32.const 2)))))
  (func $across (param $row i32) (param $column i32) (result f32)
    (f32.add (f32.add
      (call $pixel (local.get $row) (i32.sub (local.get $column) (i32.const 1)))
      (call $pixel (local.get $row) (local.get $column)))
      (call $pixel (local.get $row) (i32.add (local.get $column) (i32.const 1)))))
  (func (export "run") (param $runs i32) (param $from i32) (param $to i32) (param $rows i32) (param $columns i32)
    (local $i i32) (local $j i32) (local $at i32)
    (global.set $image (local.get $from))
    (global.set $height (local.get $rows))
    (global.set $width (local.get $columns))
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (local.set $at (local.get $to))
      (local.set $i (i32.const 0))
      (loop $down
        (local.set $j (i32.const 0))
        (loop $right
          (f32.store (local.get $at) (f32.div
            (f32.add (f32.add
              (call $across (i32.sub (local.get $i) (i32.const 1)) (local.get $j))
              (call $across (local.get $i) (local.get $j)))
              (call $across (i32.add (local.get $i) (i32.const 1)) (local.get $j)))
            (f32.const 9)))
          (local.set $at (i32.add (local.get $at) (i32.const 4)))
          (local.set $j (i32.add (local.get $j) (i32.const 1)))
          (br_if $right (i32.lt_u (local.get $j) (local.get $columns))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $down (i32.lt_u (local.get $i) (local.get $rows))))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again)))))
