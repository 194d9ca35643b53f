;;% param name, techniques
;;% from "words.wat" import add, set, inc, while_below, until_zero, memory with context
;; copy {{ name }}: {{ "registers, 128 bytes a step" if "simd" in techniques else "the engine's own copy, one instruction" }}.
(module
  {{ memory() }}
  (func (export "run") (param $repeats i32) (param $source i32) (param $result i32) (param $bytes i32)
    (local $a i32) (local $b i32) (local $end i32)
    {{ set("$end", add("$source", "$bytes")) }}
    (loop $again
;;% if "simd" in techniques
      {{ set("$a", "$source") }}
      {{ set("$b", "$result") }}
      (loop $step
;;%   for i in range(8)
        (v128.store offset={{ 16 * i }} (local.get $b) (v128.load offset={{ 16 * i }} (local.get $a)))
;;%   endfor
        {{ inc("$b", 128) }}
        {{ while_below("$step", "$a", 128, "$end") }})
;;% else
      (memory.copy (local.get $result) (local.get $source) (local.get $bytes))
;;% endif
      {{ until_zero("$again", "$repeats") }})))
