import type { DeskDocument } from '#kernel/desk/document.js';
import { seatsLimit } from '../domain/seats.js';
import type { OrganisationSummary } from '../persistence/organisation.queries.js';

export interface OrganisationView extends OrganisationSummary {
  /** -1 for any number. */
  readonly seatsLimit: number;
}

export function withSeatsLimit(summary: OrganisationSummary, desk: DeskDocument): OrganisationView {
  return { ...summary, seatsLimit: seatsLimit(desk, summary.packageId) };
}
