import type { Work } from '../work.js';

export interface Call {
  readonly work: Work;
  /** The id in the path; empty where the path has none. */
  readonly id: string;
  /** The form body of a POST, the query of a GET, as parsed text; `expand` is taken out. */
  readonly input: object;
}

/** One API operation. What it returns is a copy that `expand` may change. */
export interface Route {
  readonly method: 'get' | 'post' | 'delete';
  readonly path: string;
  readonly run: (call: Call) => object;
}
