import { status } from '@grpc/grpc-js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { repositoryRoot } from '#testing/infrastructure/repository.js';
import type { StackDescription } from '#testing/infrastructure/stack-file.js';
import {
  DEMO_ARTICLES,
  DEMO_PASSWORD,
  type DemoPerson,
  demoOrganisations,
  demoStaff,
  DESK_IDS,
} from '#testing/stack/demo-data.js';
import type { Session } from '#testing/stack/session.js';
import { StackUnderUse } from '#testing/stack/stack-under-use.js';

/**
 * Applies the five desk files and loads the demo data. Request ids are made of what they ask for, so that doing it again
 * changes nothing.
 */
export async function seed(stack: StackDescription): Promise<void> {
  const use = new StackUnderUse(stack);
  try {
    const admin = use.admin();
    for (const desk of DESK_IDS) {
      const source = readFileSync(join(repositoryRoot(), 'desks', `${desk}.yaml`), 'utf8');
      await admin.desks.applyDesk({ requestId: `demo-desk-${desk}-${Date.now()}`, source });
    }
    await Promise.all(DESK_IDS.map((desk) => seedDesk(use, admin, desk)));
  } finally {
    use.close();
  }
}

async function seedDesk(use: StackUnderUse, admin: Session, deskId: string): Promise<void> {
  for (const person of demoStaff(deskId)) await createPerson(admin, deskId, '', person);
  for (const { name, packageId, people } of demoOrganisations(deskId)) {
    const request = { requestId: `demo-${deskId}-${name}`, deskId, name, packageId };
    const { organisation } = await admin.organisations.createOrganisation(request);
    for (const person of people) await createPerson(admin, deskId, organisation!.id, person);
  }
  const lead = use.person(deskId, `lead@${deskId}.example`, DEMO_PASSWORD);
  for (const article of DEMO_ARTICLES[deskId] ?? []) {
    await lead.knowledge.putArticle({ requestId: `demo-${article.slug}-${article.language}`, ...article });
  }
}

async function createPerson(admin: Session, deskId: string, organisationId: string, person: DemoPerson): Promise<void> {
  const { name, email, roles } = person;
  const request = { requestId: `demo-${email}`, deskId, organisationId, name, email, language: '' };
  try {
    await admin.accounts.createAccount({ ...request, password: DEMO_PASSWORD, roles: [...roles] });
  } catch (error) {
    // Here from an earlier start, perhaps of an earlier version with other demo data: it stays as it is.
    if (!(error instanceof RpcError) || error.code !== status.ALREADY_EXISTS) throw error;
  }
}
