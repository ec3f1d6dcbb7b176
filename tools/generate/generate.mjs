// Makes libs/contracts/src/generated from proto/: message types, event codecs, and who may call which method.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fromBinary, createFileRegistry, getExtension, hasExtension } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';

const buf = (...args) => execFileSync('buf', args, { maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'inherit'] });

buf('generate');
buf('generate', '--template', 'buf.gen.codec.yaml');

const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, buf('build', '-o', '-')));
const access = registry.getExtension('priolane.common.v1.access');
const roleNames = new Map(registry.getEnum('priolane.common.v1.Role').values.map((v) => [v.number, v.name]));
const lines = [];
const unmarked = [];
for (const file of registry.files) {
  for (const service of file.services) {
    for (const method of service.methods) {
      const name = `${service.typeName}/${method.name}`;
      const options = method.proto.options;
      if (!options || !hasExtension(options, access)) {
        unmarked.push(name);
        continue;
      }
      const mark = getExtension(options, access);
      const roles = mark.roles.map((role) => roleNames.get(role).replace('ROLE_', '').toLowerCase());
      if (!mark.public && roles.length === 0) unmarked.push(name);
      const clientStreaming = method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming';
      const serverStreaming = method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming';
      lines.push(`  '${name}': ${JSON.stringify({ public: mark.public, roles, clientStreaming, serverStreaming })},`);
    }
  }
}
if (unmarked.length > 0) {
  process.stderr.write(`no (priolane.common.v1.access) on: ${unmarked.join(', ')}\n`);
  process.exit(1);
}
lines.sort();
writeFileSync(
  'libs/contracts/src/generated/access.ts',
  `// Made by tools/generate from the (priolane.common.v1.access) option of each method. DO NOT EDIT.
import type { Role } from '#kernel/caller.js';

export interface MethodAccess {
  readonly public: boolean;
  readonly roles: readonly Role[];
  readonly clientStreaming: boolean;
  readonly serverStreaming: boolean;
}

export const METHODS: Readonly<Record<string, MethodAccess>> = {
${lines.join('\n')}
};
`,
);
