import type { DeskDocument } from '#kernel/desk/document.js';
import type { DomainError } from '#kernel/errors.js';
import { choosePackage, requireFreeSeat, requirePackagesKept, requireRoomFor, seatsLimit, UNLIMITED } from './seats.js';

const refusal = (reason: string) => ({ reason, message: { en: 'No.' } });

function desk(packages: readonly { id: string; rank: number; seats: number | null }[]): DeskDocument {
  return {
    id: 'sample',
    languages: ['en'],
    packages: packages.map((entry) => ({ ...entry, label: { en: entry.id } })),
    accounts: {
      invitations: { seatsExhausted: refusal('SEATS_EXHAUSTED') },
      packageChange: { tooManySeats: refusal('TOO_MANY_SEATS_IN_USE') },
    },
  } as unknown as DeskDocument;
}

const sample = desk([
  { id: 'large', rank: 3, seats: null },
  { id: 'small', rank: 1, seats: 1 },
  { id: 'medium', rank: 2, seats: 3 },
]);
const holders = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `P${i}`, email: `p${i}@a.example` }));

function refusedWith(work: () => void): DomainError {
  try {
    work();
  } catch (error) {
    return error as DomainError;
  }
  throw new Error('was not refused');
}

describe('packages and seats', () => {
  it('chooses the one named, or the smallest, or none where there is none', () => {
    expect(choosePackage(sample, 'medium')).toBe('medium');
    expect(choosePackage(sample, '')).toBe('small');
    expect(choosePackage(desk([]), '')).toBeNull();
    expect(refusedWith(() => choosePackage(desk([]), 'gold')).violations[0]!.description).toBe('this desk has no packages');
  });

  it('knows no limit without a package and where the package has none', () => {
    expect([seatsLimit(sample, 'medium'), seatsLimit(sample, 'large'), seatsLimit(sample, null)]).toEqual([3, UNLIMITED, UNLIMITED]);
  });

  it('PKG-4 gives the last seat and refuses the one after it, saying used and limit', () => {
    expect(() => requireFreeSeat(sample, 'medium', 2)).not.toThrow();
    expect(() => requireFreeSeat(sample, 'large', 5_000)).not.toThrow();
    const refused = refusedWith(() => requireFreeSeat(sample, 'medium', 3));
    expect(refused).toMatchObject({ kind: 'EXHAUSTED', reason: 'SEATS_EXHAUSTED', metadata: { used: '3', limit: '3' } });
    expect(refused.message).toBe('No. (3 of 3 in use)');
  });

  it('PKG-6 lets the package shrink to what is in use, and names who came last where it is more', () => {
    expect(() => requireRoomFor(sample, { from: 'large', to: 'medium' }, holders(3))).not.toThrow();
    const refused = refusedWith(() => requireRoomFor(sample, { from: 'large', to: 'medium' }, holders(5)));
    expect(refused).toMatchObject({
      kind: 'STATE',
      reason: 'TOO_MANY_SEATS_IN_USE',
      metadata: { current: 'large', allowed: 'large', used: '5', limit: '3', accounts: 'P3 <p3@a.example>, P4 <p4@a.example>' },
    });
  });

  it('keeps the packages that are in use', () => {
    expect(() => requirePackagesKept(sample, ['small', 'large'])).not.toThrow();
    expect(refusedWith(() => requirePackagesKept(sample, ['small', 'gold'])).metadata['current']).toBe('gold');
  });
});
