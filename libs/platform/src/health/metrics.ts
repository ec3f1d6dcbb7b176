import { collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** The process's Prometheus registry: inject it and register your own metrics with `registers: [registry]`. */
export class MetricsRegistry extends Registry {}

export function createRegistry(service: string): MetricsRegistry {
  const registry = new MetricsRegistry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

const CODE_NAMES: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** Calls by method and status code: `grpc_server_handling_seconds`, whose `_count` counts them. */
export class CallMetrics {
  private readonly histogram: Histogram<'grpc_method' | 'grpc_code'>;
  private readonly children = new Map<string, Histogram.Internal<'grpc_method' | 'grpc_code'>>();

  constructor(registry: MetricsRegistry) {
    this.histogram = new Histogram({
      name: 'grpc_server_handling_seconds',
      help: 'Seconds from a call to its status',
      labelNames: ['grpc_method', 'grpc_code'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
  }

  observe(method: string, code: number, milliseconds: number): void {
    const key = `${method} ${code}`;
    let child = this.children.get(key);
    if (!child) {
      child = this.histogram.labels(method, CODE_NAMES[code] ?? 'UNKNOWN');
      this.children.set(key, child);
    }
    child.observe(milliseconds / 1000);
  }
}
