/** A question as the form of this desk wants it. */
export const QUESTION = { subject: 'The checkout page', fields: { area: 'checkout' } };
