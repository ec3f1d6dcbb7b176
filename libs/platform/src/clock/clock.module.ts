import { type DynamicModule, Module } from '@nestjs/common';
import { Clock, SystemClock } from '#kernel/clock.js';
import type { BaseEnv } from '../env.js';
import { FileClock } from './file-clock.js';

/** Provides `Clock` everywhere. */
@Module({})
export class ClockModule {
  static forRoot(clock: Clock): DynamicModule {
    return {
      module: ClockModule,
      global: true,
      providers: [{ provide: Clock, useValue: clock }],
      exports: [Clock],
    };
  }
}

export function clockFor(env: Pick<BaseEnv, 'CLOCK_FILE' | 'NODE_ENV'>): Clock {
  const movable = env.CLOCK_FILE !== undefined && env.NODE_ENV !== 'production';
  return movable ? new FileClock(env.CLOCK_FILE!) : new SystemClock();
}
