;;% param nr
;;% param group
;; {{ group }} rows of bytes zipped, so that the {{ group }} that meet in one instruction lie side by side.
;;% for j in range(nr // 8)
;;%   for i in range(group)
          (local.set $v{{ i }} (v128.load{{ "8x8_s" if group == 2 else "64_zero" }} offset={{ 8 * j }} (local.get $r{{ i }})))
;;%   endfor
;;%   if group == 4
          (local.set $v0 (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $v0) (local.get $v1)))
          (local.set $v1 (i8x16.shuffle 0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23 (local.get $v2) (local.get $v3)))
;;%   endif
          (v128.store offset={{ 32 * j }} (local.get $d)
            (i8x16.shuffle 0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23 (local.get $v0) (local.get $v1)))
          (v128.store offset={{ 32 * j + 16 }} (local.get $d)
            (i8x16.shuffle 8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31 (local.get $v0) (local.get $v1)))
;;% endfor
