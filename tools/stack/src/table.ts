import Table from 'cli-table3';
import { SERVICES, type ServiceName, type StackDescription } from '#testing/infrastructure/stack-file.js';

const WIDTH_OF_WHY = 62;

/** What is where, and what stands behind it, for a person. */
export function stackTable(stack: StackDescription): string {
  const table = new Table({
    head: ['', 'gRPC or own address', 'health', 'what stands behind it'],
    colWidths: [null, null, null, WIDTH_OF_WHY],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const service of SERVICES) {
    const { grpc, http } = stack.services[service];
    table.push([service, grpc, `${http}/readyz`, behind(service, stack)]);
  }
  const { eventBus, mailbox, stripe } = stack;
  table.push(
    ['PostgreSQL', address(eventBus.databaseUrl), '', stack.postgres.why],
    ['events', eventBus.kind === 'kafka' ? eventBus.brokers.join('\n') : address(eventBus.databaseUrl), '', eventBus.why],
    ['mailbox', address(mailbox.smtpUrl), mailbox.webUrl ?? '', mailbox.why],
    ['Stripe', stripe.apiBase, '', stripe.why],
  );
  return table.toString();
}

/** Without the credentials that a URL may hold. */
function address(url: string): string {
  return new URL(url).host;
}

function behind(service: ServiceName, stack: StackDescription): string {
  const database = `database ${new URL(stack.services[service].databaseUrl).pathname.slice(1)}`;
  const events = stack.eventBus.kind === 'kafka' ? 'Kafka' : 'events over PostgreSQL';
  const more: Partial<Record<ServiceName, string>> = {
    billing: `, Stripe (${stack.stripe.kind})`,
    notifications: `, mail out by ${stack.mailbox.kind}`,
  };
  return `${database}, ${events}${more[service] ?? ''}`;
}
