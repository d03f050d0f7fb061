/** In the middle of a play the gateway is killed, on purpose: nothing is lost, and nothing happens twice. */
import { sleep } from '@hanse/sdk/chain';
import { count } from '@hanse/sdk/money';
import type { Screen } from './player.ts';
import type { Systems } from './systems.ts';

/** So many slips are to be under way, if there are as many within so many milliseconds. */
const [SLIPS, PATIENCE] = [10, 5_000];

export async function interrupt(systems: Systems, screen: Screen): Promise<void> {
	const end = Date.now() + PATIENCE;
	while ((systems.underWay.get('slips') ?? 0) < SLIPS && Date.now() < end) await sleep(1);
	systems.kill();
	const killed = Date.now();
	const underWay = [...systems.underWay].filter(([, number]) => number > 0).map(([kind, number]) => `${count(number)} ${kind}`);
	const { open, repeated } = systems.requests;
	screen.say(
		'The gateway is killed now, on purpose and with SIGKILL, as if its machine had lost its power.\n' +
		`  Under way: ${underWay.join(', ')}. ${count(open)} requests have no answer yet.`,
	);
	await systems.untilLive();
	const away = ((Date.now() - killed) / 1_000).toFixed(1);
	const again = systems.requests.repeated - repeated;
	screen.say(
		`  It serves again after ${away} s. Whoever had no answer asked again with the same idempotency key (${count(again)} times),\n` +
		'  and what was signed is sent again as it was: each thing happens once, as the books will say.',
	);
}
