(module
  (memory (export "memory") 1)
  (func (export "run")
    (param $runs i32) (param $x i32) (param $y i32) (param $z i32) (param $n i32) (param $a f32)
    (local $i i32) (local $fours i32) (local $end i32) (local $as v128)
    (local.set $as (f32x4.splat (local.get $a)))
    (local.set $end (i32.shl (local.get $n) (i32.const 2)))
    (local.set $fours (i32.and (local.get $end) (i32.const -16)))
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (local.set $i (i32.const 0))
      (block $whole (loop $next
        (br_if $whole (i32.ge_u (local.get $i) (local.get $fours)))
        (v128.store (i32.add (local.get $z) (local.get $i))
          (f32x4.add
            (f32x4.mul (local.get $as) (v128.load (i32.add (local.get $x) (local.get $i))))
            (v128.load (i32.add (local.get $y) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 16)))
        (br $next)))
      (block $rest (loop $one
        (br_if $rest (i32.ge_u (local.get $i) (local.get $end)))
        (f32.store (i32.add (local.get $z) (local.get $i))
          (f32.add
            (f32.mul (local.get $a) (f32.load (i32.add (local.get $x) (local.get $i))))
            (f32.load (i32.add (local.get $y) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br $one)))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again)))))
