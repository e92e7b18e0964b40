import type { Law } from '../law.js';
import { clock } from './clock.js';
import { cycles } from './cycles.js';
import { disk } from './disk.js';
import { doors } from './doors.js';
import { layers } from './layers.js';
import { size } from './size.js';
import { specifiers } from './specifiers.js';
import { strictness } from './strictness.js';
import { typeImports } from './type-imports.js';

export const laws: readonly Law[] = [layers, cycles, doors, disk, clock, typeImports, specifiers, strictness, size];
