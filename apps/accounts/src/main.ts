import { runService } from '#platform/service.js';
import { AppModule } from './app.module.js';
import { SigningKeys } from './credentials/signing-keys.js';
import { accountsEnv } from './env.js';

await runService({
  name: 'accounts',
  packages: ['priolane.accounts.v1'],
  env: accountsEnv,
  module: (env) => AppModule.forRoot(env),
  keySource: SigningKeys,
});
