import { settingsPlace } from '../configuration.js';
import type { Rule } from '../rule.js';

/** A password that stands in the URL of the broker or the store of the workspace. */
export const passwordInUrl: Rule = {
  id: 'password-in-url',
  severity: 'error',
  title: 'Contracts hold no passwords.',
  why: 'URLs of the workspace are written into generated code as they stand, and from there into the repository and everything that is built from it.',
  fix: 'Write a variable in its place and set that where the services run.',
  requirements: ['SE-61'],
  *check(model) {
    for (const part of ['broker', 'store'] as const) {
      const { user, password } = credentials(model.settings[part].urlText ?? '');
      // The accounts that servers are born with, such as guest:guest, are nobody's secret.
      if (password === '' || password === user) continue;
      yield {
        at: settingsPlace(model, `/${part}/url`),
        message: `the URL of the ${part} holds a password.`,
        subject: `${part}:password`,
        fix: `write \${${part.toUpperCase()}_PASSWORD} in its place and set the variable where the services run.`,
      };
    }
  },
};

/** What stands there literally, behind the `:-` of a variable too; a variable in the place of a password says nothing. */
function credentials(text: string): { readonly user: string; readonly password: string } {
  const literal = text.replace(/\$\{\w+(?::-([^}]*))?\}/g, (_, fallback: string | undefined) => fallback ?? '');
  const [, user = '', password = ''] = /\/\/([^:/@]*):([^/@]*)@/.exec(literal) ?? [];
  return { user, password };
}
