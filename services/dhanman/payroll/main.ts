import { run } from 'seamwright/runtime';
import { listenFromEnvironment } from '../../shared/environment.js';
import { createPayrollApp } from './create.js';

// Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL, the other services from SEAMWRIGHT_URL_<SERVICE>.
await run(createPayrollApp({ listen: listenFromEnvironment() }));
