import { type ASTNode, parse } from '@marcbachmann/cel-js';

/** A parsed CEL expression: an operator, its operands, and where it stands in the text. */
export type ExpressionNode = ASTNode;

export type Parsed =
  | { readonly ast: ExpressionNode }
  | { readonly error: string /** Offset into the text, from 0. */; readonly offset: number };

/** Parses CEL. Never throws: what is wrong comes back with its offset. */
export function parseExpression(text: string): Parsed {
  try {
    return { ast: parse(text).ast };
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
    const node = (error as { readonly node?: { readonly pos?: number } }).node;
    return { error: message, offset: Math.min(node?.pos ?? 0, Math.max(text.length - 1, 0)) };
  }
}
