import { MutableClock } from '#testing/clock.js';
import { MONDAY, type Setting, startReplica } from './service.js';

/** The service in a process of its own, to be killed: argv is its setting as JSON. */
await startReplica(JSON.parse(process.argv[2]!) as Setting, new MutableClock(MONDAY));
process.send?.('started');
