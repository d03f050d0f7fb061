/** What cannot be done now is said before anybody fills in anything: the members' brake, and a chain that stands still. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { decided } from '../lib/desk.ts';
import { eventually } from '../lib/expect.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountIn, accountOf, beginWallet, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

let world: World;
let browser: Browser;
let customer: Person;
let sky = 0;
/** Whether the node tells of new blocks; what it does not tell now, it tells later, in the same order. */
let silent = false;
let untold: (() => void)[] = [];
function speak(): void {
	silent = false;
	for (const tell of untold) tell();
	untold = [];
}

describe('when nothing can be done', () => {
	before(async () => {
		world = await open();
		[sky] = await world.programs();
		browser = await launch();
		customer = await person(browser);
		await customer.page.clock.install();
		await customer.page.routeWebSocket(/127\.0\.0\.1/, (line) => {
			const node = line.connectToServer();
			line.onMessage((message) => node.send(message));
			node.onMessage((message) => {
				if (silent && /"event":"(newBlock|bestBlockChanged|finalized)"/.test(String(message))) untold.push(() => line.send(message));
				else line.send(message);
			});
		});
		await beginWallet(customer, world);
		const award = { program: sky, order: `stops-${Date.now()}`, to: accountIn(await accountOf(customer, world)), points: '400' };
		await world.api('/v1/awards', await world.access(1, 'issuer'), award);
		await customer.page.goto(`${world.web}/wallet/#points`);
		await eventually('points', () => usable(customer, sky), (units) => units === 400);
	});

	after(async () => {
		await browser?.close();
	});

	/** What the wallet offers beside its menu. */
	const offered = async () => customer.page.locator('main p.actions a').allTextContents();

	/** Each screen says why, and has nothing to fill in. */
	async function closed(screens: string[], why: RegExp): Promise<void> {
		const { page } = customer;
		for (const screen of screens) {
			await page.goto(`${world.web}/wallet/#${screen}`);
			await page.locator('[data-test=stopped]', { hasText: why }).waitFor();
			assert.equal(await page.locator('main form, main video').count(), 0, screen);
		}
	}

	test('the members stop giving and exchanging: both say so, and paying goes on', async () => {
		const { page } = customer;
		assert.deepEqual(await offered(), ['Pay', 'Give', 'Exchange']);
		await decided(world, ({ api }) => api.tx.SafeMode.force_enter());
		try {
			const notice = page.locator('[data-test=stopped]', { hasText: 'The alliance has stopped giving points away for now.' });
			await notice.waitFor();
			assert.match((await notice.textContent()) ?? '', /stopped exchanging points.*They are not lost\. It ends about .*202\d/);
			assert.deepEqual(await offered(), ['Pay']);
			assert.deepEqual(await faults(page), []);
			await picture(page, 'wallet-stopped');
			await closed(['give', 'exchange'], /The alliance has stopped (giving|exchanging)/);
			await page.goto(`${world.web}/wallet/#pay`);
			await page.getByText('Point the camera at').waitFor();
			assert.equal(await page.locator('[data-test=stopped]').count(), 0);
		} finally {
			await decided(world, ({ api }) => api.tx.SafeMode.force_exit());
		}
		await page.goto(`${world.web}/wallet/#points`);
		await page.locator('[data-test=stopped]').waitFor({ state: 'detached' });
		await eventually('what can be done', offered, (all) => all.join() === 'Pay,Give,Exchange');
	});

	test('a chain that makes no blocks is no place to give points', async () => {
		const { page } = customer;
		silent = true;
		await page.clock.fastForward(50_000);
		assert.equal(await page.locator('[data-test=stopped]').count(), 0);
		await page.clock.fastForward(20_000);
		await page.locator('[data-test=stopped]', { hasText: 'Nothing has been confirmed for a while' }).waitFor();
		assert.deepEqual(await offered(), []);
		await closed(['give', 'exchange'], /Nothing has been confirmed/);
		await page.goto(`${world.web}/wallet/#points`);
		speak();
		await page.locator('[data-test=stopped]').waitFor({ state: 'detached' });
		await eventually('what can be done', offered, (all) => all.join() === 'Pay,Give,Exchange');
		assert.deepEqual(customer.complaints, []);
	});
});
