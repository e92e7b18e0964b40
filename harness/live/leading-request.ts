/** Requests to the service under test that make it call somebody, by what it calls. */
export type LeadingRequests = ReadonlyMap<string, readonly LeadingRequest[]>;

export interface LeadingRequest {
  /** `<service>.<operationId>`, the operation that is asked for. */
  readonly operation: string;
  /** Seeds of requests that say as much, without end; none of them was asked for before. */
  freshValue(): number;
}
