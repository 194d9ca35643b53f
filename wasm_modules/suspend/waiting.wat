;;% param name
;; suspend {{ name }}: promiseFib, whose additions the host makes; it may suspend this module meanwhile.
(module
  (import "kernelscope" "add" (func $add (param i32 i32) (result i32)))
  (memory (export "memory") 1)
  (func $fib (export "fib") (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (i32.const 1))
      (else (call $add
        (call $fib (i32.sub (local.get $n) (i32.const 1)))
        (call $fib (i32.sub (local.get $n) (i32.const 2))))))))
