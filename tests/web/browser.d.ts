// What browsers have and TypeScript's library does not know.

declare const GPUShaderStage: Record<"COMPUTE", number>;
declare const GPUMapMode: Record<"READ", number>;
declare const GPUBufferUsage: Record<
  "COPY_DST" | "COPY_SRC" | "MAP_READ" | "QUERY_RESOLVE" | "STORAGE" | "UNIFORM", number
>;

interface GPUAdapterInfo {
  readonly backend?: string;
  readonly driver?: string;
  readonly type?: string;
  readonly subgroupMatrixConfigs?: Iterable<{
    componentType: string; resultComponentType: string; M: number; N: number; K: number;
  }>;
}

interface Navigator {
  readonly deviceMemory?: number;
  readonly userAgentData?: {
    platform: string;
    getHighEntropyValues(hints: ["fullVersionList"]): Promise<{
      fullVersionList: { brand: string; version: string }[];
    }>;
  };
}

declare namespace WebAssembly {
  const Suspending: new (wait: (...given: any[]) => Promise<any>) => any;
  function promising(run: any): (...given: any[]) => Promise<any>;
}
