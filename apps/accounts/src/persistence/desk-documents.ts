import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { LRUCache } from 'lru-cache';
import { DataSource } from 'typeorm';
import type { DeskDocument } from '#kernel/desk/document.js';
import { notFound } from '#kernel/errors.js';
import type { Transaction } from '#platform/database/transaction.js';

const VERSION = 'SELECT version FROM desks WHERE id = $1 AND version > 0';
const DOCUMENT = 'SELECT document FROM desk_versions WHERE desk_id = $1 AND version = $2';

/** The documents in force. Which version that is, is read each time; a version never changes and is kept in memory. */
@Injectable()
export class DeskDocuments {
  private readonly documents = new LRUCache<string, DeskDocument>({ max: 200 });

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async find(deskId: string): Promise<DeskDocument | undefined> {
    const [desk] = await this.dataSource.query<{ version: number }[]>(VERSION, [deskId]);
    if (!desk) return undefined;
    const key = `${deskId} ${desk.version}`;
    const known = this.documents.get(key);
    if (known) return known;
    const [row] = await this.dataSource.query<{ document: DeskDocument }[]>(DOCUMENT, [deskId, desk.version]);
    this.documents.set(key, row!.document);
    return row!.document;
  }

  async inForce(deskId: string): Promise<DeskDocument> {
    return (await this.find(deskId)) ?? missing(deskId);
  }

  /** The document that stays in force until the transaction ends. */
  async held(tx: Transaction, deskId: string): Promise<DeskDocument> {
    const [desk] = await tx.query<{ version: number }>(`${VERSION} FOR SHARE`, [deskId]);
    if (!desk) return missing(deskId);
    const key = `${deskId} ${desk.version}`;
    const known = this.documents.get(key);
    if (known) return known;
    const [row] = await tx.query<{ document: DeskDocument }>(DOCUMENT, [deskId, desk.version]);
    this.documents.set(key, row!.document);
    return row!.document;
  }
}

function missing(deskId: string): never {
  throw notFound('desk', deskId);
}
