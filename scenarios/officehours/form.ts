/** What the form of this desk cannot do without. */
export const FORM = { contact_name: 'Kim', contact_email: 'kim@customer.example', company: 'Customer Ltd' };
