import type { DeskDocument } from '#kernel/desk/document.js';
import { illegalState, invalid, type Violation } from '#kernel/errors.js';
import type { Happening, Person } from './happening.js';
import { labelOf, pageOf } from './variables.js';

/** Something about the desk's service that everybody may need to know (FLT-3, HST-8). */
export interface Notice {
  readonly id: string;
  readonly deskId: string;
  /** One of the desk file's `notices.kinds`. */
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  readonly startsAt: Date;
  readonly endedAt?: Date;
  readonly sequence: number;
}

export interface NoticeDraft {
  readonly kind: string;
  readonly title: string;
  readonly body: string;
  /** Left out: now. */
  readonly startsAt?: Date;
}

export const MAX_TITLE = 200;
export const MAX_BODY = 20_000;

export function publishNotice(desk: DeskDocument, draft: NoticeDraft, id: string, now: Date): Notice {
  const faults: Violation[] = [];
  if (!desk.notices.kinds.some((kind) => kind.id === draft.kind)) {
    const known = desk.notices.kinds.map((kind) => kind.id).join(', ');
    faults.push({ field: 'kind', description: `${draft.kind || 'nothing'} is not one of ${known}` });
  }
  for (const [field, limit] of [['title', MAX_TITLE], ['body', MAX_BODY]] as const) {
    const { length } = draft[field];
    if (draft[field].trim() === '') faults.push({ field, description: 'is required' });
    if (length > limit) faults.push({ field, description: `${length} characters; ${limit} at most` });
  }
  if (faults.length > 0) throw invalid(faults);
  return { ...draft, id, deskId: desk.id, startsAt: draft.startsAt ?? now, sequence: 1 };
}

export function endNotice(notice: Notice, now: Date): Notice {
  if (notice.endedAt) throw illegalState('NOTICE_ENDED', 'this notice has ended already', 'ended', []);
  return { ...notice, endedAt: now, sequence: notice.sequence + 1 };
}

/** `affected`: where the desk sends copies (HST-8), the customers who get one. */
export function noticeChanged(
  eventType: 'notice.published' | 'notice.ended',
  notice: Notice,
  affected: readonly Person[],
): Happening {
  return {
    kinds: [eventType],
    affected,
    variables: (desk, language) => ({
      'notice.kind': labelOf(desk, desk.notices.kinds, notice.kind, language),
      'notice.title': notice.title,
      'notice.text': notice.body,
      'links.notice': pageOf(desk, `notices/${notice.id}`),
    }),
  };
}
