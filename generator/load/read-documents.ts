import { checkAsyncApi } from './asyncapi-check.js';
import { readAsyncApi } from './asyncapi-document.js';
import type { Judged } from './asyncapi-verdict.js';
import { type OwnedDocument, serviceOf } from './document-owners.js';
import type { AsyncApiDocument, OpenApiDocument, Source } from './documents.js';
import type { Files } from './files.js';
import { type DocumentKind, kindOfDocument } from './kinds.js';
import { readOpenApi } from './openapi.js';
import { checkOpenApi } from './openapi-check.js';
import { References, readReferenced } from './references.js';

/** `judged` receives the AsyncAPI documents that are sound enough for the parser's judgement: what is unreadable was told already. */
export function readDocuments(
  documents: readonly OwnedDocument[],
  files: Files,
  judged: Judged[],
): { asyncapi: AsyncApiDocument[]; openapi: OpenApiDocument[] } {
  const references = new References(files);
  const asyncapi: AsyncApiDocument[] = [];
  const openapi: OpenApiDocument[] = [];
  for (const document of documents) {
    const source = files.read(document.path, document.at);
    if (source === undefined || !isOfKind(source, document, files)) continue;
    const before = files.findings.length;
    const reached = readReferenced(source, files, references);
    const owner = { service: serviceOf(document, source), features: document.features };
    const findings = document.kind === 'asyncapi' ? checkAsyncApi(source) : checkOpenApi(source, references);
    files.report(...findings);
    if (findings.some((finding) => finding.unreadable)) continue;
    if (document.kind === 'openapi') openapi.push(readOpenApi(source, references, owner));
    else {
      asyncapi.push(readAsyncApi(source, references, owner));
      if (!files.findings.slice(before).some((finding) => finding.unreadable)) judged.push({ source, reached });
    }
  }
  return { asyncapi, openapi };
}

const NOUNS: Readonly<Record<DocumentKind, string>> = { asyncapi: 'AsyncAPI', openapi: 'OpenAPI' };

function isOfKind(source: Source, document: OwnedDocument, files: Files): boolean {
  const kind = kindOfDocument(source.value);
  if (kind === document.kind) return true;
  const found =
    kind === undefined ? `has no "${document.kind}: <version>" at its root` : `is an ${NOUNS[kind]} document`;
  files.report({
    rule: 'load-wrong-document',
    severity: 'error',
    message: `"${source.file}" is named as an ${NOUNS[document.kind]} document, but ${found}.`,
    at: document.at,
    fix: kind === undefined ? `add "${document.kind}: <version>", or name another file.` : `name it under "${kind}".`,
    related: [{ at: source.at([]), message: 'the document' }],
    unreadable: true,
  });
  return false;
}
