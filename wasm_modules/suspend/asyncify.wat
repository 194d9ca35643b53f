;;% param name
;;% param pauses
;; suspend {{ name }}: promiseFib for Asyncify, which lets a function return from its middle and come back to it.
;; Its driver is here as well: where $add pauses, the stack unwinds into $state, and run winds it up again.
(module
  (import "asyncify" "start_unwind" (func $start_unwind (param i32)))
  (import "asyncify" "stop_unwind" (func $stop_unwind))
  (import "asyncify" "start_rewind" (func $start_rewind (param i32)))
  (import "asyncify" "stop_rewind" (func $stop_rewind))
  (memory (export "memory") 1)
  (global $state (mut i32) (i32.const 0))
  (global $paused (mut i32) (i32.const 0))
  (global $pauses (mut i32) (i32.const 0))
  (func $pause
    (if (global.get $paused)
      (then (global.set $paused (i32.const 0)) (call $stop_rewind))
      (else (global.set $paused (i32.const 1)) (call $start_unwind (global.get $state)))))
  (func $add (param $a i32) (param $b i32) (result i32)
    (if (global.get $pauses) (then (call $pause)))
    (i32.add (local.get $a) (local.get $b)))
  (func $fib (param $n i32) (result i32)
    (if (result i32) (i32.lt_s (local.get $n) (i32.const 2))
      (then (i32.const 1))
      (else (call $add
        (call $fib (i32.sub (local.get $n) (i32.const 1)))
        (call $fib (i32.sub (local.get $n) (i32.const 2)))))))
  (func (export "run") (param $repeats i32) (param $stack i32) (param $result i32) (param $n i32)
    (local $sum i32)
    (global.set $state (local.get $stack))
    ;; {{ "Always" if pauses else "Never" }}; told so that no optimiser can know it.
    (global.set $pauses (i32.{{ "ne" if pauses else "eq" }} (local.get $repeats) (i32.const -1)))
    (i32.store (local.get $stack) (i32.add (local.get $stack) (i32.const 8)))
    (i32.store offset=4 (local.get $stack) (i32.add (local.get $stack) (i32.const 8192)))
    (loop $again
      (local.set $sum (call $fib (local.get $n)))
      (loop $resume
        (if (global.get $paused) (then
          (call $stop_unwind)
          (call $start_rewind (local.get $stack))
          (local.set $sum (call $fib (local.get $n)))
          (br $resume))))
      (f32.store (local.get $result) (f32.convert_i32_s (local.get $sum)))
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
