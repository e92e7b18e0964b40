/** Names match in any case; null when there is no such header. */
export interface HeaderReader {
  get(name: string): string | null;
}
