/** How an act ended: rows that differ from what they should be. */
export interface Outcome {
  readonly naiveWrong: number;
  readonly generatedWrong: number;
  readonly all: number;
}
