import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A message that a consumer could not digest, whole, with the last error. Replayed ones stay as a record. */
@Entity('dead_letters')
export class DeadLetter {
  @PrimaryColumn('text', { name: 'consumer_group' })
  group!: string;

  /** Made up from topic, partition and offset when the message carries none. */
  @PrimaryColumn('uuid', { name: 'event_id' })
  eventId!: string;

  @Column('text')
  topic!: string;

  @Column('text')
  type!: string;

  @Column('text', { name: 'aggregate_id' })
  aggregateId!: string;

  @Column('jsonb')
  headers!: Record<string, string>;

  @Column('text')
  value!: string;

  @Column('text')
  error!: string;

  @Column('integer')
  attempts!: number;

  @Column('timestamptz', { name: 'failed_at' })
  failedAt!: Date;

  @Column('timestamptz', { name: 'replayed_at', nullable: true })
  replayedAt!: Date | null;
}
