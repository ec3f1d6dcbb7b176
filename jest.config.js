// Node runs the tests as ES modules, as production does: see the `test` script for --experimental-vm-modules.
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['priolane-source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{apps,libs,tools,scenarios}/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Start nothing by themselves: the first test that needs PostgreSQL or Kafka does, once a run.
  globalSetup: './libs/testing/src/jest/global-setup.mjs',
  globalTeardown: './libs/testing/src/jest/global-teardown.mjs',
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.priolane/'],
  maxWorkers: 2,
  // Ends only what hangs: on a machine that is busy with other things a test takes ten times as long.
  testTimeout: 180_000,
};
