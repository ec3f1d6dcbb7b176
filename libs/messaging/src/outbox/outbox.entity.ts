import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * An event as the use case appends it. `ordinal` (the order of appending) and `position` (the place in the event log,
 * given by the relay) are the database's own and written by nobody else.
 */
@Entity('outbox')
export class OutboxRecord {
  @PrimaryColumn('uuid', { name: 'aggregate_id' })
  aggregateId!: string;

  @PrimaryColumn('integer')
  sequence!: number;

  @Column('uuid')
  id!: string;

  /** Which of the relay's lanes publishes it: always the same for an aggregate. */
  @Column('smallint')
  lane!: number;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('text')
  type!: string;

  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt!: Date;

  @Column('text', { name: 'causation_id', nullable: true })
  causationId!: string | null;

  @Column('text', { name: 'trace_id', nullable: true })
  traceId!: string | null;

  @Column('json')
  data!: object;
}
