/** Tickets as the forms of this desk want them. */
export const PROBLEM = { type: 'problem', priority: 'medium', fields: { module: 'search', problem_kind: 'other' } };
export const SERVICE_REQUEST = { type: 'service_request', fields: { module: 'people' } };
