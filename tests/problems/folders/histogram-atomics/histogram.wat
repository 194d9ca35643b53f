(module
  (memory (export "memory") 1)
  (func (export "run") (param $runs i32) (param $data i32) (param $counts i32) (param $n i32) (param $bins i32)
    (local $i i32) (local $end i32) (local $at i32)
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (memory.fill (local.get $counts) (i32.const 0) (i32.shl (local.get $bins) (i32.const 2)))
      (local.set $i (local.get $data))
      (local.set $end (i32.add (local.get $data) (i32.shl (local.get $n) (i32.const 2))))
      (loop $next
        (local.set $at (i32.add (local.get $counts)
          (i32.shl (i32.rem_u (i32.load (local.get $i)) (local.get $bins)) (i32.const 2))))
        (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
        (local.set $i (i32.add (local.get $i) (i32.const 4)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $end))))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again)))))
