import { describe, expect, it } from 'vitest';
import { describeAddress, kafkaAddress } from '../../../runtime/brokers/kafka/address.js';
import { KafkaClient } from '../../../runtime/brokers/kafka/client.js';
import type { KafkaDriver } from '../../../runtime/brokers/kafka/driver.js';
import { UsageError } from '../../../runtime/errors.js';

describe('a URL of Kafka', () => {
  it('names one host or several, with the usual port', () => {
    expect(kafkaAddress('kafka://a').brokers).toEqual(['a:9092']);
    expect(kafkaAddress('kafka://a:9093,b.example:9094,[::1]:9095/').brokers).toEqual([
      'a:9093',
      'b.example:9094',
      '[::1]:9095',
    ]);
  });

  it('asks for TLS by its scheme alone', () => {
    expect(kafkaAddress('kafka://a').ssl).toBe(false);
    expect(kafkaAddress('kafka+ssl://a').ssl).toBe(true);
  });

  it('holds a user, whose name and password are percent-decoded', () => {
    expect(kafkaAddress('kafka://me:p%40ss%3Aw@rd@a:9092,b?sasl=scram-sha-512').sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'me',
      password: 'p@ss:w@rd',
    });
    expect(kafkaAddress('kafka://me:secret@a').sasl?.mechanism).toBe('plain');
    expect(kafkaAddress('kafka://a').sasl).toBeUndefined();
  });

  it('tells its times in milliseconds', () => {
    expect(kafkaAddress('kafka://a')).toMatchObject({ sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 60_000 });
    expect(kafkaAddress('kafka://a?sessionTimeoutMs=6000')).toMatchObject({ sessionTimeoutMs: 6_000 });
  });

  it.each([
    'kafka://me:hunter2@',
    'kafka://me:hunter2@a:9092?sasl=kerberos',
    'kafka://me:hunter2@a:9092?colour=red',
    'kafka://me:hunter2@a:9092?sessionTimeoutMs=soon',
    'kafka://me:hunter2@a:99999',
    'kafka://me:hunter2%@a',
    'kafka://me:hunter2@a b',
    'kafka:hunter2',
    'kafka://hunter2@a',
  ])('is refused without telling its password: %s', (url) => {
    expect(() => kafkaAddress(url)).toThrow(UsageError);
    try {
      kafkaAddress(url);
    } catch (error) {
      expect(String(error)).not.toContain('hunter2');
    }
  });

  it('is described without user and password', () => {
    expect(describeAddress(kafkaAddress('kafka://me:hunter2@a,b:9093'))).toBe('Kafka at a:9092, b:9093');
  });

  it('does not tell its password in what the driver says', () => {
    const client = new KafkaClient({} as KafkaDriver, kafkaAddress('kafka://me:hunter2@a'));
    const failure = client.failure(new Error('SASL PLAIN failed for me/hunter2'));
    expect(failure.message).toBe('Kafka at a:9092 is not available');
    expect((failure.cause as Error).message).toBe('SASL PLAIN failed for me/***');
  });
});
