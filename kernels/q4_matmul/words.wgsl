{#- Weights as what they stand for, in words of four that meet those of a token; imported `with context`. -#}
//% param format, compute
//% from "q4_matvec/arithmetic.wgsl" import centre, parts with context
{#- What the codes of block b are multiplied by, and what is added. -#}
//% macro scaled(b)
//% set rest = "%s.offset + %d.0 * %s.scale" % (b, centre, b) if compute == "f16" else b ~ ".offset"
      let scale_{{ b }} = vec4<{{ compute }}>({{ compute }}({{ b }}.scale));
      let rest_{{ b }} = vec4<{{ compute }}>({{ compute }}({{ rest }}));
//%- endmacro
//% macro codes(b, i)
vec4<{{ compute }}>({{ "vec4<i32>(unpack4xU8(%s.%s)) - %d" % (b, parts[i], centre) if compute == "f16" else "unpack4xU8(%s.%s)" % (b, parts[i]) }})
//%- endmacro
{#- Words i and i + 1 of block b, as `first` and `next`; i is even. -#}
//% macro pair(b, i, first, next)
      let even_{{ b }}_{{ i }} = {{ codes(b, i) }};
      let odd_{{ b }}_{{ i }} = {{ codes(b, i + 1) }};
//% for word, lanes in ((first, "xxyy"), (next, "zzww"))
//%   if format in ("q4f16_1", "nbits")
//%     set from = ["even", "odd", "even", "odd"]
      {{ word }} = vec4<{{ compute }}>({% for n in range(4) %}{{ from[n] }}_{{ b }}_{{ i }}.{{ lanes[n] }}{{ ", " if n < 3 }}{% endfor %}) * scale_{{ b }} + rest_{{ b }};
//%   else
      {{ word }} = {{ "even" if word == first else "odd" }}_{{ b }}_{{ i }} * scale_{{ b }} + rest_{{ b }};
//%   endif
//% endfor
//%- endmacro
