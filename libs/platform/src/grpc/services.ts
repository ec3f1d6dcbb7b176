import type { Server } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';

/** grpc.health.v1.Health for the server as a whole (the empty name) and for each of its services. */
export class GrpcHealth {
  private readonly health: HealthImplementation;
  private readonly names: readonly string[];

  constructor(services: Iterable<string>) {
    this.names = ['', ...services];
    this.health = new HealthImplementation(Object.fromEntries(this.names.map((name) => [name, 'NOT_SERVING'])));
  }

  addTo(server: Server): void {
    this.health.addToServer(server);
  }

  setServing(serving: boolean): void {
    for (const name of this.names) this.health.setStatus(name, serving ? 'SERVING' : 'NOT_SERVING');
  }
}

export function addReflection(server: Server, definition: PackageDefinition): void {
  new ReflectionService(definition).addToServer(server);
}
