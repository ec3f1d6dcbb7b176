import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A desk as it is in force; its versions are `desk_versions`. */
@Entity('desks')
export class DeskEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('uuid', { name: 'aggregate_id' })
  aggregateId!: string;

  /** 0 while the first version is being applied. */
  @Column('integer')
  version!: number;

  /** Of the newest event of this desk. */
  @Column('integer')
  sequence!: number;
}

@Entity('desk_versions')
export class DeskVersionEntity {
  @PrimaryColumn('text', { name: 'desk_id' })
  deskId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text')
  name!: string;

  /** JSON text as it was checked: `json` keeps it verbatim. */
  @Column('json')
  document!: object;

  /** SHA-256 of the canonical document. */
  @Column('bytea', { name: 'content_hash' })
  contentHash!: Buffer;

  @Column('timestamptz', { name: 'applied_at' })
  appliedAt!: Date;
}
