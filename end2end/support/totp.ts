import { createHmac } from 'node:crypto';
import { pause } from './net.ts';

/** How long a code lasts. */
const STEP = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The bytes of a text in base32. */
function unpacked(base32: string): Buffer {
  const bits = [...base32].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g)!.map((byte) => parseInt(byte, 2)));
}

/** The code of a step of time: RFC 6238, SHA-1, six digits. */
export function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', unpacked(secret)).update(counter).digest();
  const number = hash.readUInt32BE(hash[19]! & 0xf) & 0x7fff_ffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** The step of this moment. */
export const stepNow = () => Math.floor(Date.now() / STEP);

/**
 * An application of codes on a telephone. The service takes a code from the step before to the step after the present one, and
 * only later ones than it took before: each call gives the earliest that has a while to go, and waits where there is none.
 */
export class Codes {
  private last = 0;

  constructor(private readonly secret: string) {}

  /** A code that was not given out before. */
  async next(): Promise<string> {
    const ends = STEP - (Date.now() % STEP);
    this.last = Math.max(this.last + 1, stepNow() - (ends > 10_000 ? 1 : 0));
    const early = (this.last - 1) * STEP - Date.now();
    if (early > 0) await pause(early + 500);
    return codeOf(this.secret, this.last);
  }

  /** A code that is right at no time around now. */
  wrong(): string {
    const right = [-2, -1, 0, 1, 2].map((shift) => codeOf(this.secret, stepNow() + shift));
    return ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code))!;
  }
}
