/** Where a run stands: what it has used up, so that nothing of one scenario is taken for something of another. */
export interface Counter {
  steps: number;
  plans: number;
}
