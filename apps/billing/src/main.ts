import { runService } from '#platform/service.js';
import { AppModule } from './app.module.js';
import { env } from './env.js';

await runService({
  name: 'billing',
  packages: ['priolane.billing.v1'],
  env,
  module: (parsed) => AppModule.forEnv(parsed),
});
