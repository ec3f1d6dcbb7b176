import { AccountEntity } from './account.entity.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { DeskEntity, DeskVersionEntity } from './desk.entity.js';
import { OrganisationEntity } from './organisation.entity.js';
import { RefreshTokenEntity, SessionEntity, SignInAttemptsEntity } from './session.entity.js';
import { SigningKeyEntity } from './signing-key.entity.js';

/** For the service's `DatabaseModule`. */
export const accountEntities = [
  DeskEntity,
  DeskVersionEntity,
  OrganisationEntity,
  AccountEntity,
  SessionEntity,
  RefreshTokenEntity,
  SignInAttemptsEntity,
  ApiKeyEntity,
  SigningKeyEntity,
];
