import { crash } from './crash.js';
import { cut } from './cut.js';
import { delay } from './delay.js';
import { duplicate } from './duplicate.js';
import type { Fault } from './fault.js';
import { flagOff } from './flag-off.js';
import { forgedSender } from './forged-sender.js';
import { handlerThrows } from './handler-throws.js';
import { httpBadBody } from './http-bad-body.js';
import { httpLostReply } from './http-lost-reply.js';
import { httpReset } from './http-reset.js';
import { httpSilence } from './http-silence.js';
import { httpSlow } from './http-slow.js';
import { httpStatus } from './http-status.js';
import { lag } from './lag.js';
import { loseAck } from './lose-ack.js';
import { loseConfirm } from './lose-confirm.js';
import { noCorrelation } from './no-correlation.js';
import { oldVersion } from './old-version.js';
import { otherOffset } from './other-offset.js';
import { poison } from './poison.js';
import { redeliveryStorm } from './redelivery-storm.js';
import { refusePublish } from './refuse-publish.js';
import { replayDeadLetters } from './replay-dead-letters.js';
import { secondInstance } from './second-instance.js';
import { skew } from './skew.js';
import { storeFails } from './store-fails.js';
import { tie } from './tie.js';
import { unknownField } from './unknown-field.js';
import { unknownType } from './unknown-type.js';

/** Every fault that a plan may name. Adding one is a file and a line here. */
export const faults: readonly Fault[] = [
  crash,
  cut,
  delay,
  duplicate,
  forgedSender,
  handlerThrows,
  lag,
  loseAck,
  loseConfirm,
  noCorrelation,
  oldVersion,
  otherOffset,
  poison,
  redeliveryStorm,
  refusePublish,
  replayDeadLetters,
  secondInstance,
  skew,
  storeFails,
  tie,
  unknownField,
  unknownType,
  httpSlow,
  httpStatus,
  httpReset,
  httpSilence,
  httpLostReply,
  httpBadBody,
  flagOff,
];

const byId = new Map<string, Fault>(faults.map((fault) => [fault.id, fault]));

export function faultNamed(id: string): Fault | undefined {
  return byId.get(id);
}
