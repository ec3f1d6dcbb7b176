import { status } from '@grpc/grpc-js';
import { RpcError } from '#platform/grpc/rpc-error.js';
import { becomes, eventually, expectAt, expectEqual, expectRefused, faultyFields } from './expect.js';

describe('expectations', () => {
  it('say what was expected and what it was', () => {
    expect(() => expectEqual('the status', 'open', 'solved')).toThrow('the status: expected "solved", got "open"');
    expect(() => expectAt('due', undefined, new Date('2027-01-01T00:00:00Z'))).toThrow('due: expected "2027-01-01T00:00:00Z", got nothing');
  });

  it('count whole seconds', () => {
    expectAt('due', new Date('2027-01-01T00:00:00.999Z'), new Date('2027-01-01T00:00:00Z'));
    expect(() => expectAt('due', new Date('2027-01-01T00:00:01Z'), new Date('2027-01-01T00:00:00Z'))).toThrow('due');
  });

  it('wait for what other processes do, and for them to hear of a thing', async () => {
    const answers = [() => Promise.reject(new RpcError(status.NOT_FOUND, 'not yet')), async () => 'open', async () => 'solved'];
    await becomes('the status', () => (answers.length > 1 ? answers.shift()! : answers[0]!)(), 'solved');
    await expect(eventually('it', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  it('take a refusal for its reason only', async () => {
    const violations = ['b', 'a', 'b'].map((field) => ({ field, description: 'is wrong' }));
    const refusal = new RpcError(status.INVALID_ARGUMENT, 'no', { reason: 'NO_PHONE', violations });
    const refused = await expectRefused('it', Promise.reject(refusal), 'NO_PHONE');
    expect(faultyFields(refused)).toEqual(['a', 'b']);
    await expect(expectRefused('it', Promise.reject(refusal), 'NO_FORUM')).rejects.toThrow('expected "NO_FORUM", got "NO_PHONE"');
    await expect(expectRefused('it', Promise.resolve(), 'NO_PHONE')).rejects.toThrow('but it was accepted');
    await expect(expectRefused('it', Promise.reject(new Error('broken')), 'NO_PHONE')).rejects.toThrow('broken');
  });
});
