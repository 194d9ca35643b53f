;;% param name
;; transfer {{ name }}: the operand copied to the result, where a call is what is timed.
(module
  (memory (export "memory") 1)
  (func (export "run") (param $repeats i32) (param $source i32) (param $result i32) (param $bytes i32)
    (loop $again
      (memory.copy (local.get $result) (local.get $source) (local.get $bytes))
      (br_if $again (local.tee $repeats (i32.sub (local.get $repeats) (i32.const 1)))))))
