import { Clock } from '#kernel/clock.js';
import { startService, testEnv } from '#testing/grpc.js';
import { AppModule } from '../src/app.module.js';
import type { ReplicaOptions } from './planted-timers.js';

/** Stands still until the parent says so, and then goes faster than outside. */
class FastClock extends Clock {
  private startedAt?: number;

  constructor(private readonly options: ReplicaOptions) {
    super();
  }

  now(): Date {
    const { now, speed } = this.options;
    const passed = this.startedAt === undefined ? 0 : performance.now() - this.startedAt;
    return new Date(new Date(now).getTime() + passed * speed);
  }

  start(): void {
    this.startedAt = performance.now();
  }
}

/** The whole service in a process of its own, to be killed: argv is its options as JSON. */
const options = JSON.parse(process.argv[2]!) as ReplicaOptions;
const env = testEnv({ DATABASE_URL: options.databaseUrl, EVENT_BUS_DATABASE_URL: options.busUrl });
const clock = new FastClock(options);
await startService({ name: 'sla', packages: ['priolane.sla.v1'], module: AppModule.forEnv(env), env, clock });
process.once('message', () => clock.start());
process.send?.('started');
