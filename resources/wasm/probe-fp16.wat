(module
  (func (export "run") (result i32)
    (i32.trunc_f32_s (f16x8.extract_lane 7 (f16x8.madd
      (f16x8.splat (f32.const 2)) (f16x8.splat (f32.const 3)) (f16x8.splat (f32.const -5)))))))
