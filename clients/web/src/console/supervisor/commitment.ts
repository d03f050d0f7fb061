/** What stands on the chain for a number, as the gateway makes it: HMAC-SHA-256 of what it is for and the number. */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf, concat, hexOf, utf8 } from '@hanse/sdk/bytes';

export type Scope = 'payment' | 'customer' | 'tag' | `award:${number}`;

export const commitment = (key: string, scope: Scope, number: string): string =>
	hexOf(hmac(sha256, bytesOf(key), concat(utf8(scope), Uint8Array.of(0), utf8(number))));
