/** The adapter that this browser gives, and what it is. */

/** The adapter, or null where the browser has none. */
export async function findAdapter() {
  return (await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" })) ?? null;
}

/** A "CPU" that stands for a GPU, a "DiscreteGPU", an "IntegratedGPU", or a "GPU" where nobody tells. */
export function kindOf(adapter) {
  const { info } = adapter;
  if (info.isFallbackAdapter ?? adapter.isFallbackAdapter) return "CPU";
  if (/swiftshader|llvmpipe|lavapipe/i.test(`${info.architecture} ${info.description} ${info.device}`)) return "CPU";
  return { "discrete GPU": "DiscreteGPU", "integrated GPU": "IntegratedGPU", CPU: "CPU" }[info.type] ?? "GPU";
}
