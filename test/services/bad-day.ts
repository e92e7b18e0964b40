/**
 * Delivers every message twice and loses every first acknowledgement. A consumer that dies between its commit and its acknowledgement leaves the same
 * trace: a message that is handed out again.
 */
export const badDay = {
  arrive: () => [0, 0],
  settle: (_queue: string, _message: unknown, attempt: number) => (attempt === 1 ? 'lose' : 'none'),
} as const;
