import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A mutation that was answered, by the caller's request id. Kept for a day or more, then swept. */
@Entity('idempotency')
export class IdempotencyRecord {
  @PrimaryColumn('text', { name: 'desk_id' })
  deskId!: string;

  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('text', { name: 'request_id' })
  requestId!: string;

  @Column('text')
  operation!: string;

  /** SHA-256 of the command. */
  @Column('bytea')
  fingerprint!: Buffer;

  /** The use case's result in V8's structured-clone format, which keeps dates and bigints. */
  @Column('bytea')
  answer!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
