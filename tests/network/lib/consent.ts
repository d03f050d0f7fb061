/** The call by which an institution registers a customer, who signs its consent. */
import { type Consent, consentBytes } from '@hanse/sdk/signed';
import type { ApiPromise } from '@polkadot/api';
import { type Call, call } from './chain.ts';
import type { KeyringPair } from './keys.ts';

export function registration(api: ApiPromise, customer: KeyringPair, consent: Consent): Call {
	const { commitment, tag, mayRecover, until } = consent;
	const signature = { Sr25519: customer.sign(consentBytes(api.genesisHash.toHex(), customer.address, consent)) };
	return call(api, 'customers', 'register', customer.address, commitment, tag, mayRecover, until, signature);
}
