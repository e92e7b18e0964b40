import { run } from 'seamwright/runtime';
import { createSales } from '#generated/hostile-names/sales/service.gen.js';
import { jobJob } from './job-job.js';
import { constructor1Saga } from './constructor1-saga.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const sales = createSales({ jobs: { job: jobJob }, sagas: { constructor1: constructor1Saga } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(sales);
