/** What a customer signs so that an institution may register its account, and the call that does it. */
import type { ApiPromise } from '@polkadot/api';
import type { HexString } from '@polkadot/util/types';
import { type Call, call } from './chain.ts';
import type { KeyringPair } from './keys.ts';

/** What the customer agrees to. */
export interface Consent {
	/** Who registers it. */
	institution: number;
	/** The salted hash of what that institution knows about it. */
	commitment: HexString;
	/** The person behind it, whom the members know by a keyed hash. */
	tag: HexString;
	/** Whether the institution may move what it holds to a new key if this one is lost. */
	mayRecover: boolean;
	/** Until when the consent is good, in milliseconds since 1970: an hour from now at most. */
	until: number;
}

/** The bytes that `account` signs, as `hanseApi.consent` answers them and a wallet's `signRaw` signs them. */
export function consentBytes(genesis: Uint8Array, account: Uint8Array, consent: Consent): Uint8Array {
	const { institution, commitment, tag, mayRecover, until } = consent;
	const [u32, bool, u64] = [Buffer.alloc(4), Buffer.from([Number(mayRecover)]), Buffer.alloc(8)];
	u32.writeUInt32LE(institution);
	u64.writeBigUInt64LE(BigInt(until));
	const payload = [genesis, u32, account, bytesOf(commitment), bytesOf(tag), bool, u64];
	return Buffer.concat([Buffer.from('<Bytes>hanse/register'), ...payload, Buffer.from('</Bytes>')]);
}

/** The call by which the institution registers `customer`, with the customer's signature. */
export function registration(api: ApiPromise, customer: KeyringPair, consent: Consent): Call {
	const { commitment, tag, mayRecover, until } = consent;
	const signature = { Sr25519: customer.sign(consentBytes(api.genesisHash, customer.publicKey, consent)) };
	return call(api, 'customers', 'register', customer.address, commitment, tag, mayRecover, until, signature);
}

const bytesOf = (hex: HexString) => Buffer.from(hex.slice(2), 'hex');
