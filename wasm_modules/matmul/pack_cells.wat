;;% param nr
;;% param lanes, cell
;;% for j in range(nr // lanes)
;;%   if lanes > 1
          (v128.store offset={{ 16 * j }} (local.get $d) (v128.load offset={{ 16 * j }} (local.get $r0)))
;;%   elif cell == 1
          (i32.store8 offset={{ j }} (local.get $d) (i32.load8_u offset={{ j }} (local.get $r0)))
;;%   else
          (i32.store offset={{ 4 * j }} (local.get $d) (i32.load offset={{ 4 * j }} (local.get $r0)))
;;%   endif
;;% endfor
