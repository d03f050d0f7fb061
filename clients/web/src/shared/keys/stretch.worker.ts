/** Argon2id takes a second or two, and is done where it holds nothing up. */
import { argon2id } from '@noble/hashes/argon2.js';

interface Wish {
	pin: string;
	salt: Uint8Array;
	work: { memory: number; passes: number; lanes: number };
}

addEventListener('message', ({ data: { pin, salt, work } }: MessageEvent<Wish>) => {
	postMessage(argon2id(pin, salt, { m: work.memory, t: work.passes, p: work.lanes, dkLen: 32 }));
});
