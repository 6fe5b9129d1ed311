/** Keys of events: in their order events stand in a stream. */

const TIME_BYTES = 8;
const NUMBER_BYTES = 4;

export interface EventPlace {
  /** Milliseconds since 1970: when it happened, and when it came in. */
  readonly timestamp: number;
  readonly ingestedAt: number;
  readonly batch: string;
  /** Its place in the batch. */
  readonly number: number;
}

/** The wire lets any number through where times are whole: the next one that is. */
export function timeKey(time: number): Buffer {
  const key = Buffer.alloc(TIME_BYTES);
  key.writeBigUInt64BE(BigInt(Math.ceil(Math.min(time, Number.MAX_SAFE_INTEGER))));
  return key;
}

export function eventKey({ timestamp, ingestedAt, batch, number }: EventPlace): Buffer {
  const place = Buffer.alloc(NUMBER_BYTES);
  place.writeUInt32BE(number);
  return Buffer.concat([timeKey(timestamp), timeKey(ingestedAt), Buffer.from(batch), place]);
}

/** The two times in a key. */
export function timesOf(key: Uint8Array): { readonly timestamp: number; readonly ingestionTime: number } {
  const bytes = Buffer.from(key.buffer, key.byteOffset, key.byteLength);
  return {
    timestamp: Number(bytes.readBigUInt64BE(0)),
    ingestionTime: Number(bytes.readBigUInt64BE(TIME_BYTES)),
  };
}

/** The name of a batch whose last event is at `time`; `id` tells it from the others. */
export function batchName(time: number, id: string): string {
  return `${timeKey(time).toString('hex')}-${id}`;
}
