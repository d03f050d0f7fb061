/** What a chain answers when it refuses, in words. */
import type { ApiPromise } from '@polkadot/api';
import type { Codec } from '@polkadot/types/types';

/** A transaction that is in a block and failed there. */
export class Refused extends Error {
	/** As in `points.NotFound`, `BadOrigin`, `Token.FundsUnavailable`. */
	readonly reason: string;

	constructor(reason: string, docs: string) {
		super(docs ? `${reason}: ${docs}` : reason);
		this.reason = reason;
	}
}

/** As the library has it, by whichever of its generated types. */
interface DispatchError {
	readonly isModule: boolean;
	readonly asModule: Parameters<ApiPromise['registry']['findMetaError']>[0];
	readonly type: string;
	readonly value: Codec;
}

/** The error of a failed transaction: its name, and how its documentation says to avoid it. */
export function explain(api: ApiPromise, error: DispatchError): Refused {
	if (error.isModule) {
		const { section, name, docs } = api.registry.findMetaError(error.asModule);
		return new Refused(`${section}.${name}`, docs.join(' ').trim());
	}
	const detail = error.value.toString();
	return new Refused(detail ? `${error.type}.${detail}` : error.type, '');
}
