;;% param name
;; suspend {{ name }}: promiseFib, whose additions are done at once.
(module
  (memory (export "memory") 1)
  (func $add (param $a i32) (param $b i32) (result i32) (i32.add (local.get $a) (local.get $b)))
  (func $fib (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (i32.const 1))
      (else (call $add
        (call $fib (i32.sub (local.get $n) (i32.const 1)))
        (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func (export "run") (param $repeats i32) (param $stack i32) (param $result i32) (param $n i32)
    (loop $again
      (f32.store (local.get $result) (f32.convert_i32_s (call $fib (local.get $n))))
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
