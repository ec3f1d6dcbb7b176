/** Who may import whom. `npm run lint:deps` checks it; CONTRIBUTING.md says why. */
const notTest = '\\.spec\\.ts$|/test/|/test-|test-harness|conformance';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    {
      name: 'an-app-never-imports-an-app',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/([^/]+)/', pathNot: '^apps/$1/' },
    },
    {
      name: 'libs-never-import-apps-or-tools',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^(apps|tools|scenarios)/' },
    },
    {
      name: 'the-kernel-imports-no-other-library',
      severity: 'error',
      from: { path: '^libs/kernel/' },
      to: { path: '^libs/(?!kernel/)' },
    },
    {
      name: 'platform-does-not-know-messaging',
      severity: 'error',
      from: { path: '^libs/platform/src/' },
      to: { path: '^libs/(messaging|testing)/' },
    },
    {
      name: 'only-tests-and-tools-import-testing',
      severity: 'error',
      from: { path: '^(apps|libs/(?!testing))', pathNot: notTest },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'the-domain-is-pure',
      comment: 'domain/ imports itself and the kernel only',
      severity: 'error',
      from: { path: '^apps/([^/]+)/src/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: ['^apps/$1/src/domain/', '^libs/kernel/src/', '^node:(net|crypto)$', '^(net|crypto)$'] },
    },
    {
      name: 'the-kernel-has-no-framework',
      severity: 'error',
      from: { path: '^libs/kernel/', pathNot: '\\.spec\\.ts$' },
      to: { path: 'node_modules/(@nestjs|typeorm|pg|kafkajs|@grpc|stripe|rxjs)/' },
    },
    {
      name: 'contracts-stay-at-the-edges',
      severity: 'error',
      from: { path: '^apps/', pathNot: `^apps/[^/]+/src/(grpc|clients|events|http)/|${notTest}` },
      to: { path: '^libs/contracts/' },
    },
    {
      name: 'typeorm-only-where-rows-are',
      severity: 'error',
      from: { path: '^apps/', pathNot: `^apps/[^/]+/src/persistence/|${notTest}` },
      to: { path: 'node_modules/typeorm/' },
    },
    {
      name: 'stripe-only-in-billing-clients',
      comment: 'and in libs/testing, as the browser of a customer who pays',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `^apps/billing/src/clients/|^libs/testing/|${notTest}` },
      to: { path: 'node_modules/stripe/' },
    },
    {
      name: 'kafkajs-only-behind-the-bus',
      severity: 'error',
      from: { path: '^(apps|libs|tools|scenarios)/', pathNot: `^libs/messaging/src/bus/kafka/|^libs/testing/src/infrastructure/|${notTest}` },
      to: { path: 'node_modules/kafkajs/' },
    },
    { name: 'not-resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^libs/contracts/src/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['priolane-source', 'import', 'node', 'default', 'types'], exportsFields: ['exports'] },
  },
};
