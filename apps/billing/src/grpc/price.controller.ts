import type { Metadata } from '@grpc/grpc-js';
import { Controller } from '@nestjs/common';
import {
  type CreateQuoteRequest,
  type CreateQuoteResponse,
  type ListPricesRequest,
  type ListPricesResponse,
  type PriceServiceController,
  PriceServiceControllerMethods,
} from '#contracts/generated/priolane/billing/v1/price.js';
import { Clock } from '#kernel/clock.js';
import { priceAt } from '#kernel/desk/lookups.js';
import { DeskDirectory } from '#messaging/desk-replica/desk-directory.js';
import { callerOf } from '#platform/auth/caller.js';
import { toTimestamp } from '#platform/grpc/timestamps.js';
import { CreateQuote } from '../use-cases/create-quote.js';
import { toQuoteMessage } from './messages.js';

@Controller()
@PriceServiceControllerMethods()
export class PriceController implements PriceServiceController {
  constructor(
    private readonly createsQuote: CreateQuote,
    private readonly desks: DeskDirectory,
    private readonly clock: Clock,
  ) {}

  async createQuote(request: CreateQuoteRequest, metadata?: Metadata): Promise<CreateQuoteResponse> {
    const quote = await this.createsQuote.execute(callerOf(metadata), {
      requestId: request.requestId,
      ticketId: request.ticketId,
      productId: request.productId,
      language: request.language || undefined,
    });
    return { quote: toQuoteMessage(quote) };
  }

  /** What each product costs now; a product without a price yet is not listed. */
  async listPrices(_request: ListPricesRequest, metadata?: Metadata): Promise<ListPricesResponse> {
    const { document: desk } = await this.desks.current(callerOf(metadata).deskId);
    const now = this.clock.now();
    const prices = Object.values(desk.products).flatMap((product) => {
      const price = priceAt(product, now);
      if (!price) return [];
      const { version, minor, currency, taxBasisPoints } = price;
      const validFrom = toTimestamp(new Date(price.from));
      return [{ productId: product.id, version, validFrom, gross: { minor: String(minor), currency }, taxBasisPoints }];
    });
    return { prices };
  }
}
