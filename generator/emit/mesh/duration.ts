/** As Go, Istio and the Gateway API (GEP-2257) write it: `800ms`, `5s`, `1s500ms`. At least one millisecond, since zero means "no limit" to some. */
export function duration(ms: number): string {
  const whole = Math.max(Math.ceil(ms), 1);
  const seconds = Math.floor(whole / 1000);
  const rest = whole % 1000;
  return `${seconds > 0 ? `${seconds}s` : ''}${rest > 0 ? `${rest}ms` : ''}`;
}
