import { CAUSES } from './commerce.js';
import type { DeskDocument } from './document.js';
import type { Findings } from './faults.js';

export function checkCommerce(desk: DeskDocument, findings: Findings): void {
  for (const [id, product] of Object.entries(desk.products)) {
    const path = ['products', id];
    product.prices.forEach((price, index) => {
      const before = product.prices[index - 1];
      if (before === undefined) return;
      if (price.version <= before.version) findings.fault([...path, 'prices', index, 'version'], 'must rise');
      if (Date.parse(price.from) <= Date.parse(before.from)) {
        findings.fault([...path, 'prices', index, 'from'], `must be after ${before.from}`);
      }
    });
    if (product.kind === 'call_back' && CAUSES.every((cause) => product.onCause[cause] === 'void')) {
      findings.fault([...path, 'onCause'], 'is never charged');
    }
    if (product.effect.lane === desk.queue.defaultLane) {
      findings.warn([...path, 'effect', 'lane'], 'is the lane every ticket has anyway');
    }
  }
  checkFairUse(desk, findings);
  checkSeats(desk, findings);
}

function checkFairUse(desk: DeskDocument, findings: Findings): void {
  if (desk.fairUse === undefined) return;
  const { lane } = desk.fairUse;
  const last = Math.max(...desk.lanes.map((entry) => entry.rank));
  if (desk.lanes.find((entry) => entry.id === lane)?.rank !== last) {
    findings.fault(['fairUse', 'lane'], `${lane} must be the last lane: it stands behind all others`);
  }
  if (desk.queue.order[0] !== 'lane')
    findings.fault(['queue', 'order'], 'must begin with lane: fair use moves tickets by lane');
}

function checkSeats(desk: DeskDocument, findings: Findings): void {
  const { ticketsBy, ticketsRefusal, roleAddresses, cc } = desk.accounts;
  if (ticketsBy !== 'anyone' && ticketsRefusal === undefined) {
    findings.fault(['accounts', 'ticketsRefusal'], 'is missing: not everybody may open tickets');
  }
  if (roleAddresses.refused && (roleAddresses.refusal === undefined || roleAddresses.localParts.length === 0)) {
    findings.fault(['accounts', 'roleAddresses'], 'refuses shared mailboxes without saying which, or why');
  }
  if (cc.allowed !== 'anyone' && cc.refusal === undefined) {
    findings.fault(['accounts', 'cc', 'refusal'], 'is missing: not everybody may be copied in');
  }
  const larger = [...desk.packages].sort((a, b) => a.rank - b.rank);
  larger.forEach((entry, index) => {
    const before = larger[index - 1];
    if (before !== undefined && (entry.seats ?? Infinity) < (before.seats ?? Infinity)) {
      findings.warn(
        ['packages', desk.packages.indexOf(entry), 'seats'],
        `${entry.id} ranks above ${before.id} and has fewer`,
      );
    }
  });
}
