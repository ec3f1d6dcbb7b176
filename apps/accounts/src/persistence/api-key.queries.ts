import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Scope } from '../domain/tenancy.js';
import { API_KEY_COLUMNS, type ApiKeyView } from './api-key.repository.js';

@Injectable()
export class ApiKeyQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  list(scope: Scope): Promise<ApiKeyView[]> {
    return this.dataSource.query<ApiKeyView[]>(
      `SELECT ${API_KEY_COLUMNS} FROM api_keys WHERE $1::text IS NULL OR desk_id = $1 ORDER BY id`,
      [scope.deskId],
    );
  }

  async findUsable(hash: Buffer, now: Date): Promise<ApiKeyView | undefined> {
    const [row] = await this.dataSource.query<ApiKeyView[]>(
      `SELECT ${API_KEY_COLUMNS} FROM api_keys WHERE hash = $1 AND revoked_at IS NULL AND expires_at > $2`,
      [hash, now],
    );
    return row;
  }

  /** To the minute, so that a busy key is not written at each exchange. */
  async touch(id: string, now: Date): Promise<void> {
    await this.dataSource.query(
      `UPDATE api_keys SET last_used_at = $2
       WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2::timestamptz - interval '1 minute')`,
      [id, now],
    );
  }
}
