import { run } from 'seamwright/runtime';
import { createStock } from '#generated/commands-jobs-sagas/stock/service.gen.js';
import { onPriceRefused } from './on-price-refused.js';
import { onReleaseStock } from './on-release-stock.js';
import { onReserveStock } from './on-reserve-stock.js';
import { countStockJob } from './count-stock-job.js';
import { agreePriceLabelSaga } from './agree-price-label-saga.js';

/** Broker and store come from SEAMWRIGHT_BROKER_URL and SEAMWRIGHT_DATABASE_URL; without them both are embedded. */
const stock = createStock({ handlers: { onPriceRefused, onReleaseStock, onReserveStock }, jobs: { countStock: countStockJob }, sagas: { agreePriceLabel: agreePriceLabelSaga } });

// Stops gracefully at SIGTERM and SIGINT: nothing new is taken, what is in flight is finished.
await run(stock);
