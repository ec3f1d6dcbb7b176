import { CHANNELS, type ChannelId } from '#kernel/desk/vocabulary.js';
import { invalid } from '#kernel/errors.js';

/** Empty: the desk's form. */
export function channelOf(id: string): ChannelId | undefined {
  if (id === '') return undefined;
  const channel = CHANNELS.find((known) => known === id);
  if (!channel) throw invalid([{ field: 'channel', description: `${id} is not one of ${CHANNELS.join(', ')}` }]);
  return channel;
}
