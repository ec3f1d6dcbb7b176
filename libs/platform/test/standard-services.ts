import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type ClientReadableStream, credentials, makeGenericClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { service as healthService } from 'grpc-health-check';
import type { Observable } from 'rxjs';
import { closeClient, createClient } from '#platform/grpc/client.js';
import { eventually } from '#testing/neighbours.js';

interface HealthClient {
  check(request: { service: string }, answer: (error: ServiceError | null, value: { status: string }) => void): void;
  watch(request: { service: string }): ClientReadableStream<{ status: string }>;
  close(): void;
}

interface ReflectionClient {
  serverReflectionInfo(request: Observable<{ listServices?: string; fileContainingSymbol?: string }>): Observable<{
    listServicesResponse: { service: { name: string }[] } | null;
    fileDescriptorResponse: { fileDescriptorProto: Buffer[] } | null;
  }>;
}

function healthClient(address: string): HealthClient {
  const Client = makeGenericClientConstructor(healthService, 'Health');
  return new Client(address, credentials.createInsecure()) as unknown as HealthClient;
}

export async function healthOf(address: string, service: string): Promise<string> {
  const client = healthClient(address);
  try {
    return await new Promise((resolve, reject) => {
      client.check({ service }, (error, value) => (error ? reject(error) : resolve(value.status)));
    });
  } finally {
    client.close();
  }
}

/** Watches the whole server, as a load balancer does; never ends by itself. */
export function watchHealth(address: string): { until(status: string): Promise<void> } {
  const client = healthClient(address);
  const statuses: string[] = [];
  const stream = client.watch({ service: '' });
  stream.on('data', ({ status }: { status: string }) => statuses.push(status));
  stream.on('error', () => client.close());
  return {
    async until(status) {
      await eventually(`health to be ${status}`, async () => statuses.includes(status));
    },
  };
}

/** The services that reflection lists, and the file that declares the first test service. */
export async function reflect(address: string): Promise<{ names: string[]; descriptor: string }> {
  const proto = join(dirname(createRequire(import.meta.url).resolve('@grpc/reflection')), '../proto');
  const client = createClient<ReflectionClient, 'serverReflectionInfo'>('grpc.reflection.v1.ServerReflection', address, {
    protoRoots: [proto],
  });
  const questions = [{ listServices: '*' }, { fileContainingSymbol: 'priolane.testing.v1.EchoService' }];
  const found = { names: [] as string[], descriptor: '' };
  try {
    for await (const answer of client.serverReflectionInfo(questions)) {
      found.names.push(...(answer.listServicesResponse?.service.map(({ name }) => name) ?? []));
      found.descriptor += answer.fileDescriptorResponse?.fileDescriptorProto.map(String).join('') ?? '';
    }
  } finally {
    closeClient(client);
  }
  return found;
}
