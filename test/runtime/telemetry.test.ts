import { expect, it } from 'vitest';
import { createTelemetry } from '../../runtime/telemetry.js';

it('keeps a bounded number of series, whatever strangers write into attributes', () => {
  const telemetry = createTelemetry('s');
  for (let index = 0; index < 10_000; index++) telemetry.count('seen', { type: `type ${index}` });
  telemetry.count('seen', { type: 'type 0' });
  const metrics = telemetry.snapshot();
  expect(metrics.length).toBeLessThanOrEqual(2_001);
  expect(metrics.reduce((sum, { value }) => sum + value, 0)).toBe(10_001);
  expect(metrics).toContainEqual({ name: 'seen', attributes: { type: 'type 0' }, value: 2 });
  expect(metrics.some(({ attributes }) => attributes['otel.metric.overflow'] === 'true')).toBe(true);
});
