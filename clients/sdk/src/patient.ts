/**
 * A node serves a bounded number of reads of a connection at once, and refuses more as `limitReached`. The library then
 * waits until one of those that run ends; if all have ended meanwhile, it waits for ever. Here the same request is sent
 * again until the node takes it, so that the library never hears of the limit.
 */
import type { JsonRpcProvider } from 'polkadot-api';

/** Milliseconds until a read that was refused is sent again. */
const PAUSE = 20;
const READS = new Set(['chainHead_v1_body', 'chainHead_v1_call', 'chainHead_v1_storage']);

export const patient = (provider: JsonRpcProvider): JsonRpcProvider => (onMessage) => {
	/** Reads that the node has not answered, by id. */
	const reads = new Map<unknown, () => void>();
	const resends = new Set<NodeJS.Timeout>();
	const connection = provider((message) => {
		if (!('method' in message)) {
			const resend = reads.get(message.id);
			if (resend && 'result' in message && message.result?.result === 'limitReached') {
				const timer = setTimeout(() => (resends.delete(timer), resend()), PAUSE);
				return void resends.add(timer);
			}
			reads.delete(message.id);
		}
		onMessage(message);
	});
	return {
		send(request) {
			// What is sent is changed on its way: each attempt is a copy.
			const attempt = () => connection.send({ ...request });
			if (READS.has(request.method)) reads.set(request.id, attempt);
			attempt();
		},
		disconnect() {
			resends.forEach((timer) => clearTimeout(timer));
			connection.disconnect();
		},
	};
};
