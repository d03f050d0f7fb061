/** Closing a motion: what was decided is done, or what came to nothing is taken off the list. */
import type { Chain } from '@hanse/sdk/chain';
import { type Motion, type Tally, closeTx, outcomeIn } from '@hanse/sdk/motions';
import type { Receipt, Tx } from '@hanse/sdk/send';
import { t } from '../shared/words.svelte.ts';

export async function closing(chain: Chain, motion: Motion, { ayes, needed }: Tally, best: number): Promise<Tx> {
	// It had enough votes once, and has not any more: the chain does not close it, and takes it off the list.
	const stale = motion.ayes.length >= motion.threshold && ayes < needed && best >= motion.end;
	return stale ? chain.api.tx.Alliance.disapprove_proposal({ proposal_hash: motion.hash }) : closeTx(chain, motion);
}

/** How it ended, in words; throws why its call failed, if it was carried and failed. */
export async function ending(chain: Chain, { hash, call }: Motion, { block, events }: Receipt): Promise<string> {
	const outcome = await outcomeIn(chain, block.hash, events, hash);
	if (outcome?.error) throw outcome.error;
	if (!outcome?.carried) return t('close-lost');
	return call.type === 'Rulebook' && ['amend', 'enact'].includes(call.value.type) ? t('close-waits') : t('close-carried');
}
