export type DeliveryState = 'pending' | 'sent' | 'failed';

/** One mail to one person because of one event. */
export interface Delivery {
  readonly id: string;
  readonly deskId: string;
  readonly ticketId?: string;
  readonly template: string;
  readonly senderName: string;
  readonly sender: string;
  readonly recipientName: string;
  readonly recipient: string;
  readonly subject: string;
  readonly body: string;
  readonly language: string;
  /** The Message-ID header: the same at every attempt. */
  readonly messageId: string;
  /** What mails on one ticket refer to, so that mail programs show them together. */
  readonly threadId?: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastError: string;
  readonly createdAt: Date;
  readonly sentAt?: Date;
}

export type NewDelivery = Omit<Delivery, 'state' | 'attempts' | 'lastError' | 'sentAt'> & {
  readonly eventId: string;
  readonly ruleId: string;
};

/** Headers that name a mail carry the sender's domain. */
export function messageIdFor(id: string, sender: string): string {
  return `<${id}@${domainOf(sender)}>`;
}

/** No mail has this id: all mails on the ticket answer to it. */
export function threadIdFor(ticketId: string, sender: string): string {
  return `<ticket-${ticketId}@${domainOf(sender)}>`;
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
