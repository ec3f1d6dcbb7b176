import type { ServiceDefinition } from '@grpc/proto-loader';
import type { MethodAccess } from '#contracts/generated/access.js';

export type AccessTable = Readonly<Record<string, MethodAccess>>;

/**
 * Nest skips a declared method without a handler silently, and a handler whose name is misspelt as well. Both are
 * faults here, and so is a method that does not say who may call it.
 */
export function contractFaults(
  services: ReadonlyMap<string, ServiceDefinition>,
  handlers: ReadonlyMap<string, unknown>,
  access: AccessTable,
): string[] {
  const faults: string[] = [];
  const used = new Set<string>();
  for (const [fullName, service] of services) {
    for (const method of Object.values(service)) {
      const name = method.path.slice(1);
      const found = patternsOf(fullName, method).filter((pattern) => handlers.has(pattern));
      for (const pattern of found) used.add(pattern);
      if (found.length === 0) faults.push(`${name} has no handler`);
      if (!access[name]) faults.push(`${name} has no access mark`);
    }
  }
  for (const pattern of handlers.keys()) {
    if (!used.has(pattern)) faults.push(`the handler ${pattern} belongs to no declared method`);
  }
  return faults;
}

/** The names under which Nest's gRPC server looks a handler up. */
function patternsOf(fullName: string, method: ServiceDefinition[string]): string[] {
  const service = fullName.slice(fullName.lastIndexOf('.') + 1);
  const rpc = method.path.slice(method.path.lastIndexOf('/') + 1);
  const rpcs = [rpc, rpc.charAt(0).toLowerCase() + rpc.slice(1)];
  const kinds = method.requestStream ? ['rx_stream', 'pt_stream'] : ['no_stream'];
  return [service, fullName].flatMap((s) =>
    rpcs.flatMap((r) => kinds.map((streaming) => JSON.stringify({ service: s, rpc: r, streaming }))),
  );
}
