import type { ContentDefinition } from './operation.js';

/** `Application/JSON; charset=utf-8` -> `application/json`; '' when there is none. */
export function mediaTypeOf(header: string | null | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function isJson(mediaType: string): boolean {
  return mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json');
}

/** The documented content that a media type belongs to: the exact one, else JSON of any kind for JSON, else a range that holds it. */
export function contentFor(content: readonly ContentDefinition[], mediaType: string): ContentDefinition | undefined {
  return (
    content.find(({ type }) => type.toLowerCase() === mediaType) ??
    (isJson(mediaType) ? content.find(({ type }) => isJson(type.toLowerCase())) : undefined) ??
    content.find(({ type }) => holds(type.toLowerCase(), mediaType))
  );
}

function holds(range: string, mediaType: string): boolean {
  if (range === '*/*' || range === '*') return true;
  return range.endsWith('/*') && mediaType.startsWith(range.slice(0, -1));
}
