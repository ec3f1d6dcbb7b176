import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { DeskDocument } from '#kernel/desk/document.js';
import { notFound } from '#kernel/errors.js';

export interface DeskAtVersion {
  readonly version: number;
  readonly appliedAt: Date;
  readonly document: DeskDocument;
}

/** For how long a replica may go on with the version before: another replica may have received the event. */
const FRESH_MS = 1_000;

/** The desks as this service's own database knows them, by `desk.applied`. */
@Injectable()
export class DeskDirectory {
  private readonly newest = new LRUCache<string, Promise<DeskAtVersion | undefined>>({ max: 1_000, ttl: FRESH_MS });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** The version in force. Errors: NOT_FOUND DESK_NOT_FOUND, also while its event has not arrived yet. */
  async current(deskId: string): Promise<DeskAtVersion> {
    let found = this.newest.get(deskId);
    if (!found) {
      found = this.load(deskId);
      this.newest.set(deskId, found);
      found.catch(() => this.newest.delete(deskId));
    }
    const desk = await found;
    if (!desk) {
      this.newest.delete(deskId);
      throw notFound('desk', deskId);
    }
    return desk;
  }

  /** All versions, oldest first. */
  async versions(deskId: string): Promise<DeskAtVersion[]> {
    return this.dataSource.query<DeskAtVersion[]>(
      `SELECT version, applied_at AS "appliedAt", document FROM desk_version WHERE desk_id = $1 ORDER BY version`,
      [deskId],
    );
  }

  private async load(deskId: string): Promise<DeskAtVersion | undefined> {
    const rows = await this.dataSource.query<DeskAtVersion[]>(
      `SELECT version, applied_at AS "appliedAt", document FROM desk_version WHERE desk_id = $1
       ORDER BY version DESC LIMIT 1`,
      [deskId],
    );
    return rows[0];
  }
}
