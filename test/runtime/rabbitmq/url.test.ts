import { expect, it } from 'vitest';
import { connectAmqp } from '../../../runtime/brokers/rabbitmq/connect.js';
import { parseAmqpUrl } from '../../../runtime/brokers/rabbitmq/url.js';
import { UsageError } from '../../../runtime/errors.js';

it('reads everything a URL may say', () => {
  const url =
    'amqps://us%40er:p%3Aw@a.example,[::1]:5700/my%2Fhost?heartbeat=20&connection_timeout=500&channel_max=9&verify=verify_none&server_name_indication=mq.example&management=http%3A%2F%2Fm%3A15672';
  expect(parseAmqpUrl(url)).toEqual({
    hosts: [
      { hostname: 'a.example', port: 5671 },
      { hostname: '::1', port: 5700 },
    ],
    ...{ secure: true, username: 'us@er', password: 'p:w', vhost: 'my/host' },
    ...{ heartbeatS: 20, timeoutMs: 500, channelMax: 9, verify: false },
    ...{ serverName: 'mq.example', management: 'http://m:15672' },
    label: 'a.example:5671,::1:5700, virtual host "my/host"',
  });
});

it.each([
  ['amqp://h', 'guest', 'guest', '/'],
  ['amqp://h/', 'guest', 'guest', '/'],
  ['AMQP://h/%2F', 'guest', 'guest', '/'],
  ['amqp://me@h/v', 'me', '', 'v'],
  ['amqp://me:a:b@h/v', 'me', 'a:b', 'v'],
])('%s means user %s, password %s, virtual host %s', (url, username, password, vhost) => {
  expect(parseAmqpUrl(url)).toMatchObject({
    ...{ username, password, vhost, secure: false, verify: true, heartbeatS: 5, timeoutMs: 10_000 },
    hosts: [{ hostname: 'h', port: 5672 }],
  });
});

it.each([
  ['http://me:secret@h', 'not of the form'],
  ['amqp://me:secret@', 'not of the form'],
  ['amqp://me:secret@h:port/v', 'a host of the AMQP URL'],
  ['amqp://me:secret@h:99999/v', 'a host of the AMQP URL'],
  ['amqp://me:secret%@h/v', 'the password of the AMQP URL'],
  ['amqp://me:secret@h/v?heartbeat=soon', '"heartbeat"'],
  ['amqp://me:secret@h/v?heartbeats=1', 'no option "heartbeats"'],
  ['amqp://me:secret@h/v?cacertfile=/etc/ca.pem', 'NODE_EXTRA_CA_CERTS'],
])('refuses %s without showing the password', (url, says) => {
  const parse = () => parseAmqpUrl(url);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(says);
  expect(parse).not.toThrow('secret');
});

it('says which servers do not answer, and not with which password', async () => {
  const url = parseAmqpUrl('amqp://me:ECONNREFUSED@127.0.0.1:1,127.0.0.1:2/v');
  const error = await connectAmqp(url, {}, 'test').catch((thrown: Error) => thrown);
  expect(error).toMatchObject({ code: 'unavailable' });
  expect(String(error)).toContain('127.0.0.1:1,127.0.0.1:2, virtual host "v"');
  // The reason of the system names the code, which here happens to be the password.
  expect(String(error)).not.toContain('ECONNREFUSED');
});
