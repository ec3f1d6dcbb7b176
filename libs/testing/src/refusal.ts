import { status } from '@grpc/grpc-js';
import { RpcError } from '#platform/grpc/rpc-error.js';

/** What a call was refused with, and the name of its code; fails the test when it was not refused. */
export async function refusalOf(call: Promise<unknown>): Promise<RpcError & { readonly status: string }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof RpcError) return Object.assign(error, { status: status[error.code]! });
    throw error;
  }
  throw new Error('the call was not refused');
}
