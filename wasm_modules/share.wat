{#- Sharing a run among threads, for templates with `shared`; import it `with context`. Thread $thread of $threads
   takes its part, and nobody begins the next run before all have ended this one. Word 0 of the memory
   counts arrivals; operands begin behind it. -#}
{% from "words.wat" import num, add, mul, div, set with context %}
{#- $from and $to = this thread's part of $count things. -#}
{% macro part(first, past, count) %}
{{ set(first, div(mul(count, "$thread"), "$threads")) }}
      {{ set(past, div(mul(count, add("$thread", 1)), "$threads")) }}
{%- endmacro %}
{% macro barrier() %}
  ;; Wait for the others: by looking for a while, then asleep; not for ever, for one may have trapped.
  (func $meet (param $threads i32)
    (local $seen i32) (local $goal i32) (local $looks i32)
    (local.set $seen (i32.add (i32.atomic.rmw.add {{ num(0) }} (i32.const 1)) (i32.const 1)))
    (local.set $goal (i32.mul (local.get $threads)
      (i32.div_u (i32.add (local.get $seen) (i32.sub (local.get $threads) (i32.const 1))) (local.get $threads))))
    (if (i32.eq (local.get $seen) (local.get $goal)) (then
      (drop (memory.atomic.notify {{ num(0) }} (i32.const -1)))
      (return)))
    (loop $look
      (local.set $seen (i32.atomic.load {{ num(0) }}))
      (if (i32.lt_u (local.get $seen) (local.get $goal)) (then
        (local.set $looks (i32.add (local.get $looks) (i32.const 1)))
        (if (i32.gt_u (local.get $looks) (i32.const 12000)) (then (unreachable)))
        (if (i32.gt_u (local.get $looks) (i32.const 2000)) (then
          (drop (memory.atomic.wait32 {{ num(0) }} (local.get $seen) (i64.const 1000000)))))
        (br $look)))))
{% endmacro %}
