import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadSync, type MethodDefinition, type PackageDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { protoRoot } from '#contracts/proto-root.js';

export type GrpcMethodDefinition = MethodDefinition<object, object>;

const loaded = new Map<string, PackageDefinition>();

/**
 * The contracts of these packages as grpc-js wants them; loaded once per process. A package's files are those of its
 * folder: `priolane.tickets.v1` is `priolane/tickets/v1/*.proto` below one of the roots.
 */
export function loadPackages(
  packages: readonly string[],
  roots: readonly string[] = [protoRoot()],
): PackageDefinition {
  const key = JSON.stringify([packages, roots]);
  let definition = loaded.get(key);
  if (!definition) {
    const files = packages.flatMap((name) => protoFiles(name, roots));
    // The message types generated from the contracts say: camelCase, int64 as strings, unset messages as null.
    definition = loadSync(files, { defaults: true, longs: String, oneofs: true, includeDirs: [...roots] });
    loaded.set(key, definition);
  }
  return definition;
}

function protoFiles(packageName: string, roots: readonly string[]): string[] {
  const folder = packageName.replaceAll('.', '/');
  for (const root of roots) {
    const files = list(join(root, folder)).filter((name) => name.endsWith('.proto'));
    if (files.length > 0) return files.map((name) => `${folder}/${name}`).sort();
  }
  throw new Error(`there are no contracts of the package ${packageName} below ${roots.join(', ')}`);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** The services of exactly these packages, by full name; what they import is left out. */
export function servicesOf(
  definition: PackageDefinition,
  packages: readonly string[],
): ReadonlyMap<string, ServiceDefinition> {
  const services = new Map<string, ServiceDefinition>();
  for (const [name, entry] of Object.entries(definition)) {
    if ('format' in entry) continue; // a message or an enum
    if (packages.includes(name.slice(0, name.lastIndexOf('.')))) services.set(name, entry as ServiceDefinition);
  }
  return services;
}

export function serviceNamed(fullName: string, roots?: readonly string[]): ServiceDefinition {
  const packageName = fullName.slice(0, fullName.lastIndexOf('.'));
  const service = servicesOf(loadPackages([packageName], roots), [packageName]).get(fullName);
  if (!service) throw new Error(`the contracts do not have a service ${fullName}`);
  return service;
}
