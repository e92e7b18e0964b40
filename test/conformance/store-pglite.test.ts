import { pgliteStore } from '../../runtime/stores/pglite.js';
import { companies, employees } from './store/messages.js';
import { storeConformance } from './store.js';

let opened = 0;

storeConformance('PGlite', async () => {
  opened += 1;
  const store = pgliteStore({ service: `conformance ${opened}` });
  await store.prepare([employees, companies]);
  return store;
});
