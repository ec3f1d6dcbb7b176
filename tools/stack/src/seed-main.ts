import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { readStack, SERVICES, type ServiceDescription, type ServiceName, type StackDescription } from '#testing/infrastructure/stack-file.js';
import { seed } from './seed.js';

/**
 * The services have other addresses inside a container network than on the host, and an installation its own key: the
 * variables that tell the services tell the seed, too.
 */
function asSeenFrom(environment: NodeJS.ProcessEnv, stack: StackDescription): StackDescription {
  const services = SERVICES.map((name): [ServiceName, ServiceDescription] => {
    const known = stack.services[name];
    return [name, { ...known, grpc: environment[`${name.toUpperCase()}_GRPC_URL`] || known.grpc }];
  });
  return {
    ...stack,
    services: Object.fromEntries(services) as Record<ServiceName, ServiceDescription>,
    bootstrapAdminKey: environment.BOOTSTRAP_ADMIN_KEY || stack.bootstrapAdminKey,
  };
}

const program = new Command('seed')
  .description('Applies the five desk files and loads the demo data into a running stack. Doing it again changes nothing.')
  .option('--stack <file>', 'a description of the stack; .priolane/stack.json when left out')
  .addHelpText('after', '\nTICKETS_GRPC_URL ... and BOOTSTRAP_ADMIN_KEY, where set, count more than the description.')
  .parse();
const { stack: file } = program.opts<{ stack?: string }>();

try {
  const stack = file ? (JSON.parse(readFileSync(file, 'utf8')) as StackDescription) : readStack();
  await seed(asSeenFrom(process.env, stack));
  console.log('Five desks applied, demo data loaded.');
} catch (error) {
  console.error(`The demo data could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
