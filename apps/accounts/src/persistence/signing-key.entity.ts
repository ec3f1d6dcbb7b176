import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('signing_keys')
export class SigningKeyEntity {
  /** The JWK thumbprint (RFC 7638). */
  @PrimaryColumn('text')
  kid!: string;

  /** Public JSON Web Key. */
  @Column('text', { name: 'public_jwk' })
  publicJwk!: string;

  /** Private JSON Web Key, sealed with AES-256-GCM under KEY_ENCRYPTION_KEY and bound to the kid. */
  @Column('bytea', { name: 'sealed_private_jwk' })
  sealedPrivateJwk!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** Null for the next key. */
  @Column('timestamptz', { name: 'active_from', nullable: true })
  activeFrom!: Date | null;

  @Column('timestamptz', { name: 'retired_at', nullable: true })
  retiredAt!: Date | null;
}
