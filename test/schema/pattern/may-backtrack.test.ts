import { expect, it } from 'vitest';
import { mayBacktrack } from '../../../generator/schema/pattern/may-backtrack.js';

it.each(['^(a|a)*$', '^(a+)+$', '^(a?){50}a{50}$', '^(?=(a|b)+$)', '^((ab?)c){2,}$', '(?<=a)b', '('])(
  'suspects %s',
  (pattern) => expect(mayBacktrack(pattern)).toBe(true),
);

it.each(['^[a-z]+$', '^(a|b)c$', '^(ab){2,5}$', '^[a-z]+(-[a-z])*$', '^(\\d{3}-){2}\\d{4}$', '^a*b*c*$', '(EUR|USD)?'])(
  'does not suspect %s',
  (pattern) => expect(mayBacktrack(pattern)).toBe(false),
);
