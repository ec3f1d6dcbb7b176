import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import type { Scope } from '../domain/tenancy.js';

/** `seatsLimit` comes from the desk's document. */
export interface OrganisationSummary {
  readonly id: string;
  readonly deskId: string;
  readonly name: string;
  readonly packageId: string | null;
  readonly seatsUsed: number;
  readonly createdAt: Date;
}

const SELECT = `
  SELECT o.id, o.desk_id AS "deskId", o.name, o.package_id AS "packageId", o.created_at AS "createdAt",
    (SELECT count(*)::int FROM accounts a WHERE a.organisation_id = o.id AND a.state <> 'closed') AS "seatsUsed"
  FROM organisations o
  WHERE ($1::text IS NULL OR o.desk_id = $1) AND ($2::uuid IS NULL OR o.id = $2)`;

@Injectable()
export class OrganisationQueries {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(scope: Scope, id: string): Promise<OrganisationSummary | undefined> {
    const [row] = await this.dataSource.query<OrganisationSummary[]>(`${SELECT} AND o.id = $3`, [
      scope.deskId,
      scope.organisationId,
      id,
    ]);
    return row;
  }

  /** By id, which is by age; `after` is the last id of the page before. */
  list(scope: Scope, after: string | undefined, limit: number): Promise<OrganisationSummary[]> {
    return this.dataSource.query<OrganisationSummary[]>(
      `${SELECT} AND ($3::uuid IS NULL OR o.id > $3) ORDER BY o.id LIMIT $4`,
      [scope.deskId, scope.organisationId, after ?? null, limit],
    );
  }
}
