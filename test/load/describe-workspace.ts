import { relative } from 'node:path';
import type { Finding } from '../../generator/diagnostics/finding.js';
import { formatPosition } from '../../generator/diagnostics/position.js';
import type { Workspace } from '../../generator/load/documents.js';

/** Findings as people read them, then one line per thing that was loaded: what golden cases compare. */
export function describeLoaded(findings: readonly Finding[], workspace: Workspace | undefined): string {
  const lines = [
    ...findings.flatMap(findingLines),
    ...(workspace === undefined ? ['no workspace'] : workspaceLines(workspace)),
  ];
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: Finding): readonly string[] {
  const { at, severity, rule, message, related = [], fix } = finding;
  return [
    `${formatPosition(at)}: ${severity} ${rule}: ${message}`,
    ...related.map((other) => `  also ${formatPosition(other.at)}: ${other.message}`),
    ...(fix === undefined ? [] : [`  fix: ${fix}`]),
  ];
}

function workspaceLines({ root, features, services, asyncapi, openapi }: Workspace): readonly string[] {
  const place = (ref: { file: string; pointer: string } | undefined) =>
    ref === undefined ? 'nothing' : `${relative(root, ref.file)}#${ref.pointer}`;
  return [
    ...features.map(
      ({ source, folder, value }) => `feature ${source.file} folder=${folder} name=${JSON.stringify(value.name)}`,
    ),
    ...Object.keys(services?.value.services ?? {}).map((name) => `service ${name}`),
    ...asyncapi.flatMap((document) => [
      `asyncapi ${document.source.file} ${document.version} service=${document.service ?? '-'} features=${document.features.length}`,
      ...document.channels.map((it) => `  channel ${it.id} at ${it.address} carries ${it.messages.join(', ')}`),
      ...document.operations.map(
        (it) =>
          `  ${it.action} ${it.id} on ${it.channel}: ${it.messages.join(', ')}${it.reply ? ` reply ${it.reply.channel ?? '-'}: ${it.reply.messages.join(', ')}` : ''}`,
      ),
      ...document.messages.map(
        (it) =>
          `  message ${it.name} payload ${place(it.payload)} headers ${place(it.headers)} version ${it.version ?? '-'} ${it.contentType ?? '-'} correlation ${it.correlationId ?? '-'} at ${formatPosition(it.at)}`,
      ),
      ...document.schemas.map((it) => `  schema ${it.name} ${place(it.ref)}`),
    ]),
    ...openapi.flatMap((document) => [
      `openapi ${document.source.file} ${document.version} service=${document.service ?? '-'} features=${document.features.length}`,
      ...document.operations.flatMap((it) => [
        `  ${it.method} ${it.path} ${it.id}${it.idGiven ? '' : ' (made up)'} security=${it.security?.join('+') ?? 'unsaid'} at ${formatPosition(it.at)}`,
        ...it.parameters.map(
          (parameter) =>
            `    ${parameter.in} ${parameter.name}${parameter.required ? '!' : ''} ${place(parameter.schema)}`,
        ),
        ...(it.requestBody?.bodies.map(
          (body) => `    body${it.requestBody?.required ? '!' : ''} ${body.contentType} ${place(body.schema)}`,
        ) ?? []),
        ...it.responses.flatMap((response) => [
          `    ${response.status}`,
          ...response.bodies.map(
            (body) => `      ${body.contentType} ${place(body.schema)} examples=${body.examples.length}`,
          ),
          ...response.headers.map((header) => `      header ${header.name} ${place(header.schema)}`),
        ]),
      ]),
    ]),
  ];
}
