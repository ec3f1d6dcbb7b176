import { Transactions } from '#platform/database/transactions.js';
import { startService, type TestServiceOptions } from './test-service.js';
import { createAggregates, writeConcurrently } from './writers.js';

/** A service in a process of its own, to be killed: argv is its options as JSON; `writes` are made and then it runs on. */
export interface ProcessOptions extends TestServiceOptions {
  readonly writes?: { readonly aggregates: number; readonly writers: number; readonly each: number };
}

const options = JSON.parse(process.argv[2]!) as ProcessOptions;
const service = await startService(options);
process.send?.('started');
if (options.writes) {
  const { aggregates, writers, each } = options.writes;
  const transactions = service.get(Transactions);
  await writeConcurrently(transactions, await createAggregates(transactions, aggregates), writers, each);
}
