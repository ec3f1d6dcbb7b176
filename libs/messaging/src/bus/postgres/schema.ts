import type pg from 'pg';

/** Made by whichever process comes first; a new version of it would be a new schema name. */
export async function createSchema(pool: pg.Pool): Promise<void> {
  await pool.query(SCHEMA);
}

// One message to the server is one transaction: the lock is held until all is there.
const SCHEMA = `
  SELECT pg_advisory_xact_lock(hashtext('priolane.event_bus'));
  CREATE SCHEMA IF NOT EXISTS event_bus;
  CREATE TABLE IF NOT EXISTS event_bus.partitions (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, partition)
  );
  CREATE TABLE IF NOT EXISTS event_bus.messages (
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    published_at timestamptz NOT NULL DEFAULT now(),
    key text NOT NULL,
    headers json NOT NULL,
    value text NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
  );
  CREATE INDEX IF NOT EXISTS messages_published_at ON event_bus.messages USING brin (published_at);
  CREATE TABLE IF NOT EXISTS event_bus.members (
    group_name text NOT NULL,
    member uuid NOT NULL,
    topics text[] NOT NULL,
    alive_until timestamptz NOT NULL,
    PRIMARY KEY (group_name, member)
  );
  CREATE TABLE IF NOT EXISTS event_bus.assignments (
    group_name text NOT NULL,
    topic text NOT NULL,
    partition integer NOT NULL,
    committed bigint NOT NULL DEFAULT 0,
    member uuid,
    PRIMARY KEY (group_name, topic, partition)
  );
`;
