import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { SIGNING_KEY_COLUMNS, type SigningKeyRow } from './signing-key.repository.js';

@Injectable()
export class SigningKeyQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  list(): Promise<SigningKeyRow[]> {
    return this.dataSource.query<SigningKeyRow[]>(
      `SELECT ${SIGNING_KEY_COLUMNS} FROM signing_keys ORDER BY created_at, kid`,
    );
  }
}
