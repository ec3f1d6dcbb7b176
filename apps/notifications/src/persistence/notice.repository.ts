import { Injectable } from '@nestjs/common';
import { notFound } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import type { Transaction } from '#platform/database/transaction.js';
import { Transactions } from '#platform/database/transactions.js';
import type { Notice } from '../domain/notice.js';

const COLUMNS = `id, desk_id AS "deskId", kind, title, body, starts_at AS "startsAt", ended_at AS "endedAt", sequence`;

type NoticeRow = Omit<Notice, 'endedAt'> & { readonly endedAt: Date | null };

@Injectable()
export class NoticeRepository {
  constructor(private readonly transactions: Transactions) {}

  insert(tx: Transaction, notice: Notice): void {
    const { id, deskId, kind, title, body, startsAt, sequence } = notice;
    tx.execute(
      `INSERT INTO notice (id, desk_id, kind, title, body, starts_at, sequence) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [id, deskId, kind, title, body, startsAt, sequence],
    );
  }

  end(tx: Transaction, notice: Notice): void {
    tx.execute('UPDATE notice SET ended_at = $2, sequence = $3 WHERE id = $1', [notice.id, notice.endedAt, notice.sequence]);
  }

  /** Locked until the transaction ends. Errors: NOT_FOUND NOTICE_NOT_FOUND, for another desk's, too. */
  async lock(tx: Transaction, deskId: string, id: string): Promise<Notice> {
    if (!isId(id)) throw notFound('notice', id);
    const [row] = await tx.query<NoticeRow>(`SELECT ${COLUMNS} FROM notice WHERE desk_id = $1 AND id = $2 FOR UPDATE`, [
      deskId,
      id,
    ]);
    if (!row) throw notFound('notice', id);
    return toNotice(row);
  }

  /** Newest first. */
  async list(deskId: string, includeEnded: boolean, before: string | undefined, limit: number): Promise<Notice[]> {
    const rows = await this.transactions.read<NoticeRow>(
      `SELECT ${COLUMNS} FROM notice
       WHERE desk_id = $1 AND ($2 OR ended_at IS NULL) AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4`,
      [deskId, includeEnded, before ?? null, limit],
    );
    return rows.map(toNotice);
  }
}

function toNotice(row: NoticeRow): Notice {
  return { ...row, endedAt: row.endedAt ?? undefined };
}
