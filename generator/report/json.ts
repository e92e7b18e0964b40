import { type Reporter, summarise } from './reporter.js';

/** For a program: one document, `{findings, summary}`. Fields may be added, never renamed. */
export const reportJson: Reporter = (findings, options) => {
  const listed = findings.map(({ rule, severity, message, at, subject, fix, related }) => ({
    rule,
    severity,
    message,
    ...at,
    ...(subject === undefined ? {} : { subject }),
    ...(fix === undefined ? {} : { fix }),
    related: (related ?? []).map((place) => ({ ...place.at, message: place.message })),
  }));
  const { rules, features } = options;
  const counted = { ...(rules === undefined ? {} : { rules }), ...(features === undefined ? {} : { features }) };
  return `${JSON.stringify({ findings: listed, summary: { ...summarise(findings), ...counted } }, null, 2)}\n`;
};
