import { Role } from '#contracts/generated/priolane/common/v1/access.js';

/** The password of every person of the demo data. Development only: production has no demo data. */
export const DEMO_PASSWORD = 'priolane-demo-2026';

export const DESK_IDS = ['fleet', 'officehours', 'webshop', 'hosting', 'packages'] as const;

export interface DemoPerson {
  readonly name: string;
  readonly email: string;
  readonly roles: readonly Role[];
}

export interface DemoOrganisation {
  readonly name: string;
  readonly packageId: string;
  readonly people: readonly DemoPerson[];
}

/** Works on each desk: `agent@<desk>.example` and so on. */
export function demoStaff(desk: string): readonly DemoPerson[] {
  return [
    { name: 'Alex Agent', email: `agent@${desk}.example`, roles: [Role.ROLE_AGENT] },
    { name: 'Lea Lead', email: `lead@${desk}.example`, roles: [Role.ROLE_LEAD, Role.ROLE_AGENT] },
    { name: 'Fay Finance', email: `finance@${desk}.example`, roles: [Role.ROLE_FINANCE] },
    { name: 'Ada Admin', email: `admin@${desk}.example`, roles: [Role.ROLE_ADMIN] },
  ];
}

/** Customers of each desk: two companies, so that there is somebody to keep things from. */
export function demoOrganisations(desk: string): readonly DemoOrganisation[] {
  const packageId = desk === 'packages' ? 'gold' : '';
  return [
    {
      name: 'Nordlicht GmbH',
      packageId,
      people: [
        { name: 'Mia Manager', email: `mia@nordlicht-${desk}.example`, roles: [Role.ROLE_CUSTOMER, Role.ROLE_ACCOUNT_MANAGER] },
        { name: 'Kim Customer', email: `kim@nordlicht-${desk}.example`, roles: [Role.ROLE_CUSTOMER] },
      ],
    },
    {
      name: 'Südwind AG',
      packageId: desk === 'packages' ? 'basic' : '',
      people: [{ name: 'Sam Stranger', email: `sam@suedwind-${desk}.example`, roles: [Role.ROLE_CUSTOMER] }],
    },
  ];
}

export interface DemoArticle {
  readonly slug: string;
  readonly language: string;
  readonly title: string;
  readonly body: string;
}

/** What customers are shown before they open a ticket, by desk. */
export const DEMO_ARTICLES: Readonly<Record<string, readonly DemoArticle[]>> = {
  webshop: [
    {
      slug: 'checkout-page-empty',
      language: 'en',
      title: 'The checkout page stays empty',
      body: 'A blocked script is the usual reason. Switch off the browser extension, reload the checkout page, and look under Settings, Payment whether a payment method is active.',
    },
    {
      slug: 'kasse-bleibt-leer',
      language: 'de',
      title: 'Die Kasse bleibt leer',
      body: 'Meist ist ein Skript blockiert. Schalte die Browser-Erweiterung aus, lade die Kasse neu und sieh unter Einstellungen, Zahlung nach, ob eine Zahlungsart aktiv ist.',
    },
    {
      slug: 'connect-a-domain',
      language: 'en',
      title: 'Connecting a domain of your own',
      body: 'Enter the domain under Settings, Domains and set the CNAME record that is shown there. It takes up to a day until everybody sees it.',
    },
  ],
  packages: [
    {
      slug: 'search-finds-nothing',
      language: 'en',
      title: 'The search finds nothing',
      body: 'New documents are found after the next index run, ten minutes at most. Somebody without the right to a document never finds it.',
    },
  ],
};
