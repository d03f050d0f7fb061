/** Refusals in words: the chain names them, here they become sentences that a customer understands. */
import { GatewayAway, GatewayRefused } from './gateway.ts';
import { CalledOff } from './keys/index.ts';
import { isOtherShape } from './shape.ts';
import { NoLink } from './nolink.ts';
import { has, t } from './words.svelte.ts';

/** `exchange.AlreadyPaid` is `refused-exchange-AlreadyPaid`. */
const nameOf = (reason: string) => `refused-${reason.replace(/[^A-Za-z]+/g, '-')}`;

/** The sentence for a reason of the chain. */
export function inWords(reason: string): string {
	const name = nameOf(reason);
	return has(name) ? t(name) : t('refused-otherwise', { reason });
}

/** The sentence for whatever was thrown. */
export function sayWhy(error: unknown): string {
	if (error instanceof CalledOff) return t('refused-called-off');
	if (error instanceof NoLink) return t('refused-link');
	if (error instanceof GatewayAway) return t('refused-gateway-away');
	if (error instanceof GatewayRefused) {
		const reason = error.kind;
		return has(nameOf(reason)) ? t(nameOf(reason)) : error.problem.detail;
	}
	if (error instanceof DOMException && error.name === 'NotAllowedError') return t('refused-called-off');
	if (isOtherShape(error)) return t('refused-wallet-OtherShape');
	const reason = (error as { reason?: unknown } | undefined)?.reason;
	if (typeof reason === 'string') return inWords(reason);
	return t('refused-otherwise', { reason: error instanceof Error ? error.message : String(error) });
}
