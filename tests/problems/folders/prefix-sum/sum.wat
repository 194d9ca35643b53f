(module
  (memory (export "memory") 1)
  ;; The sum of each 256 elements.
  (func (export "blocks") (param $runs i32) (param $x i32) (param $totals i32) (param $n i32)
    (local $i i32) (local $sum i32)
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (local.set $i (i32.const 0))
      (local.set $sum (i32.const 0))
      (loop $next
        (if (i32.eqz (i32.and (local.get $i) (i32.const 255))) (then (local.set $sum (i32.const 0))))
        (local.set $sum (i32.add (local.get $sum)
          (i32.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 2))))))
        (i32.store (i32.add (local.get $totals) (i32.shl (i32.shr_u (local.get $i) (i32.const 8)) (i32.const 2)))
          (local.get $sum))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again))))
  ;; Each block goes on from what the totals before it come to.
  (func (export "offsets") (param $runs i32) (param $x i32) (param $totals i32) (param $sums i32) (param $n i32)
    (local $i i32) (local $sum i32) (local $before i32)
    (block $done (loop $again
      (br_if $done (i32.eqz (local.get $runs)))
      (local.set $i (i32.const 0))
      (local.set $before (i32.const 0))
      (loop $next
        (if (i32.eqz (i32.and (local.get $i) (i32.const 255)))
          (then
            (local.set $sum (local.get $before))
            (local.set $before (i32.add (local.get $before) (i32.load (i32.add (local.get $totals)
              (i32.shl (i32.shr_u (local.get $i) (i32.const 8)) (i32.const 2))))))))
        (local.set $sum (i32.add (local.get $sum)
          (i32.load (i32.add (local.get $x) (i32.shl (local.get $i) (i32.const 2))))))
        (i32.store (i32.add (local.get $sums) (i32.shl (local.get $i) (i32.const 2))) (local.get $sum))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $i) (local.get $n))))
      (local.set $runs (i32.sub (local.get $runs) (i32.const 1)))
      (br $again)))))
