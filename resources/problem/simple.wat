(module
  (memory (export "memory") 1)
  (func (export "run")
    (param $runs i32) (param $x i32) (param $y i32) (param $z i32) (param $n i32) (param $a f32)
    (local $i i32) (local $end i32)
    (local.set $end (i32.shl (local.get $n) (i32.const 2)))
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (local.set $i (i32.const 0))
      (loop $next
        (f32.store (i32.add (local.get $z) (local.get $i))
          (f32.add
            (f32.mul (local.get $a) (f32.load (i32.add (local.get $x) (local.get $i))))
            (f32.load (i32.add (local.get $y) (local.get $i)))))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $end))))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again)))))
