import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import {
  type Delivery as DeliveryMessage,
  type DeliveryServiceController,
  DeliveryServiceControllerMethods,
  type ListDeliveriesRequest,
  type ListDeliveriesResponse,
} from '#contracts/generated/priolane/notifications/v1/delivery.js';
import { invalid } from '#kernel/errors.js';
import { isId } from '#kernel/ids.js';
import { callerOf } from '#platform/auth/caller.js';
import { readPage, toPage } from '#platform/grpc/paging.js';
import { toTimestamp, toTimestampOrNull } from '#platform/grpc/timestamps.js';
import type { Delivery } from '../domain/delivery.js';
import { DeliveryRepository } from '../persistence/delivery.repository.js';

@Controller()
@DeliveryServiceControllerMethods()
export class DeliveryController implements DeliveryServiceController {
  constructor(private readonly deliveries: DeliveryRepository) {}

  /** The desk's, newest first; without a ticket id, those of all tickets. */
  async listDeliveries(request: ListDeliveriesRequest, metadata?: Metadata): Promise<ListDeliveriesResponse> {
    const { deskId } = callerOf(metadata);
    const { ticketId } = request;
    if (ticketId !== '' && !isId(ticketId)) {
      throw invalid([{ field: 'ticket_id', description: 'is not the id of a ticket' }]);
    }
    const query = { deskId, ticketId };
    const page = readPage(request, query, z.uuid());
    const found = await this.deliveries.list(deskId, ticketId || undefined, page.cursor, page.size + 1);
    const { rows, nextPageToken } = toPage(found, page, query, (delivery) => delivery.id);
    return { deliveries: rows.map(toMessage), nextPageToken };
  }
}

function toMessage(delivery: Delivery): DeliveryMessage {
  const { id, template, recipient, subject, state, attempts, lastError, messageId } = delivery;
  return {
    id,
    ticketId: delivery.ticketId ?? '',
    template,
    recipient,
    subject,
    state,
    attempts,
    lastError,
    messageId,
    createdAt: toTimestamp(delivery.createdAt),
    sentAt: toTimestampOrNull(delivery.sentAt),
  };
}
