import { credentials, makeGenericClientConstructor, type ServiceDefinition } from '@grpc/grpc-js';
import { service } from 'grpc-health-check';
import type { Probe } from '#testing/infrastructure/readiness.js';

const HealthClient = makeGenericClientConstructor(service as unknown as ServiceDefinition, 'Health');

/** Whether the server at host:port says SERVING for itself as a whole. */
export function servingProbe(address: string): Probe {
  return () =>
    new Promise((resolve, reject) => {
      const client = new HealthClient(address, credentials.createInsecure());
      const { Check: check } = service;
      if (check === undefined) throw new Error('grpc-health-check lacks Check');
      client.makeUnaryRequest(
        check.path,
        check.requestSerialize,
        check.responseDeserialize,
        { service: '' },
        { deadline: Date.now() + 1_000 },
        (error, answer) => {
          client.close();
          if (error !== null) reject(error);
          else resolve((answer as { status?: string } | undefined)?.status === 'SERVING');
        },
      );
    });
}
