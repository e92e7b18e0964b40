import type { MessageAddress } from './addresses.js';
import { stringLiteral } from './names.js';

/** An address as TypeScript. */
export function addressText({ exchange, key, priority }: MessageAddress): string {
  const parts = [
    `exchange: ${stringLiteral(exchange.name)}`,
    `key: ${stringLiteral(key)}`,
    ...(priority === undefined ? [] : [`priority: ${priority}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}
