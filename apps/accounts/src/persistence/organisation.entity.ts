import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('organisations')
export class OrganisationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'desk_id' })
  deskId!: string;

  @Column('text')
  name!: string;

  /** Null on desks without packages. */
  @Column('text', { name: 'package_id', nullable: true })
  packageId!: string | null;

  /** Of the newest event of this organisation. */
  @Column('integer')
  sequence!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
