import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DeskDocument } from '#kernel/desk/document.js';

/** A version of a desk's document as `accounts` published it. Versions are kept: clocks and purchases pin theirs. */
@Entity('desk_version')
export class DeskVersion {
  @PrimaryColumn('text', { name: 'desk_id' })
  deskId!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('jsonb')
  document!: DeskDocument;

  @Column('timestamptz', { name: 'applied_at' })
  appliedAt!: Date;
}
