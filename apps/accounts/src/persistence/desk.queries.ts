import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Scope } from '../domain/tenancy.js';

export interface DeskView {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly appliedAt: Date;
  /** JSON text. */
  readonly document: string;
}

const COLUMNS = `v.desk_id AS id, v.name, v.version, v.applied_at AS "appliedAt", v.document::text AS document`;

@Injectable()
export class DeskQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** `version` 0 for the newest. */
  async find(scope: Scope, id: string, version: number): Promise<DeskView | undefined> {
    const [row] = await this.dataSource.query<DeskView[]>(
      `SELECT ${COLUMNS} FROM desks d JOIN desk_versions v ON v.desk_id = d.id
       WHERE d.id = $1 AND ($2::text IS NULL OR d.id = $2) AND v.version = CASE $3::int WHEN 0 THEN d.version ELSE $3 END`,
      [id, scope.deskId, version],
    );
    return row;
  }

  list(scope: Scope): Promise<DeskView[]> {
    return this.dataSource.query<DeskView[]>(
      `SELECT ${COLUMNS} FROM desks d JOIN desk_versions v ON v.desk_id = d.id AND v.version = d.version
       WHERE $1::text IS NULL OR d.id = $1 ORDER BY d.id`,
      [scope.deskId],
    );
  }
}
