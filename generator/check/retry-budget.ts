export { type RetryBudget, retryBudget } from '../model/retry-budget.js';
