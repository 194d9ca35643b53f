;;% param name
;;% param shared
;;% from "words.wat" import memory with context
;;% from "share.wat" import barrier with context
;;% from "glue/turns.wat" import more, runs with context
;; {{ name }}: words as they are, for whoever looks into a run.
(module
  {{ memory() }}
{{ barrier() if shared }}
  (func (export "run") (param $repeats i32) (param $x i32) (param $result i32) (param $words i32){{ more() }}
;;% call runs()
(memory.copy (local.get $result) (local.get $x) (i32.shl (local.get $words) (i32.const 2)))
;;% endcall
  ))
