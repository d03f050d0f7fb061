/** What can be done now, and in words why not, before somebody fills in anything. */
import { moment, t } from '../shared/words.svelte.ts';
import { type Leg, legsOf } from './legs.ts';
import { type Act, wallet } from './state.svelte.ts';

const ALL: Act[] = ['pay', 'give', 'exchange'];

/** Why an act cannot be done now; nothing if it can. */
export function whyNot(act: Act): string | undefined {
	const { stopped, customer } = wallet;
	if (stopped?.account) return ofAccount(stopped.account);
	if (stopped?.acts.includes(act)) return ofAlliance([act]);
	if (wallet.still && wallet.online) return t('stopped-still');
	// A payment can be signed without a network.
	if (act !== 'pay' && !wallet.online) return t('stopped-away');
	if (act === 'exchange' && customer && customer.exchangesFrom > Date.now()) return t('exchange-from-date', { at: moment(customer.exchangesFrom) });
	const any = (wallet.holdings ?? []).some(({ amount }) => amount > 0n);
	if (any && usableLegs().length === 0) return t('refused-supervision-ProgramHalted');
	return undefined;
}

/** Everything that is stopped for this customer, a sentence or two for each. */
export function stops(): string[] {
	const { stopped } = wallet;
	const found: string[] = [];
	if (stopped?.account) found.push(ofAccount(stopped.account));
	if (stopped?.acts.length) found.push(ofAlliance(stopped.acts));
	if (wallet.still && wallet.online) found.push(t('stopped-still'));
	if (wallet.outdated) found.push(t('refused-wallet-OtherShape'));
	return found;
}

const ofAccount = (until: number) => `${t('refused-supervision-PointsHalted')} ${t('points-stopped', { until: moment(until) })}`;

function ofAlliance(acts: Act[]): string {
	const what = acts.length === ALL.length ? [t('stopped-all')] : acts.map((act) => t(`stopped-${act}`));
	const until = wallet.stopped?.actsUntil;
	return [...what, t(wallet.stopped?.expiring ? 'stopped-expiring' : 'stopped-kept'), until ? t('stopped-until', { at: moment(until) }) : ''].join(' ').trim();
}

/** Points that can be used, those that expire first before the others; of programs that are stopped there are none. */
export function usableLegs(left?: Set<number>): Leg[] {
	const halted = new Set(wallet.stopped?.programs.map(({ program }) => program));
	return legsOf(wallet.holdings ?? [], (program) => !halted.has(program) && !left?.has(program));
}
