import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { startKafka } from '#testing/infrastructure/kafka.js';
import { freePort } from '#testing/infrastructure/ports.js';
import { startKeeper } from '#testing/infrastructure/processes.js';
import type { BusUnderTest } from './bus-under-test.js';
import { describeConformance } from './conformance.js';

// A broker of this file's own, as it is stopped and started again. With CI=true this throws where there is no real one.
const place = { folder: mkdtempSync(join(tmpdir(), 'priolane-kafka-')) };
startKeeper(place, { owner: process.pid, removePlace: true });
const port = await freePort();
const start = () =>
  startKafka({ place, port, durable: true, restart: false, watcher: { report: (line) => void process.stderr.write(`${line}\n`) } });
let broker = await start();

afterAll(async () => {
  await broker.stop();
});

if (broker.kind === 'kafka') {
  const { brokers, how } = broker;
  const outage: BusUnderTest['outage'] = {
    begin: () => broker.stop(),
    end: async () => {
      broker = await start();
    },
  };

  describe(`the event bus on Kafka: ${broker.why}`, () => {
    // Topics and groups are the services' own names: each test starts on a bus with nothing on it.
    beforeEach(async () => {
      const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const topics = (await admin.listTopics()).filter((topic) => topic.startsWith('priolane.'));
      if (topics.length > 0) await admin.deleteTopics({ topics });
      const { groups } = await admin.listGroups();
      const ours = groups.map(({ groupId }) => groupId).filter((group) => ['tickets', 'sla'].includes(group));
      if (ours.length > 0) await admin.deleteGroups(ours);
      await admin.disconnect();
    });

    describeConformance({
      options: () => ({ kind: 'kafka', brokers }),
      outage: how === 'given' ? undefined : outage,
    });
  });
} else {
  const reason = `There is no Kafka here, so nothing is said about it: ${broker.why}\n`;
  process.stderr.write(reason);

  describe(reason, () => {
    it('would be a failure with CI=true', () => {
      expect(process.env.CI).not.toBe('true');
    });
  });
}
