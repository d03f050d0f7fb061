/**
 * What takes days or a decision, on a chain of its own whose clocks are short: a customer who is too new, complaints to each
 * of their ends, a call that the members pause, and an upgrade after which a call has another shape.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { hashOf, utf8 } from '@hanse/sdk/bytes';
import { BEST, type Chain, connect } from '@hanse/sdk/chain';
import { wellKnown } from '@hanse/sdk/keys';
import { type Tx, send } from '@hanse/sdk/send';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { DESK, agree, decided, hold } from '../lib/desk.ts';
import { eventually } from '../lib/expect.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountIn, accountOf, askFor, beginWallet, openTill, register, usable } from '../lib/people.ts';
import { otherShape } from '../lib/spec.ts';
import { type Shop, type World, openOther } from '../lib/world.ts';

/** Milliseconds. A complaint is answered in that time, brought to a vote in the next, and the vote takes as long. */
const RULES = { answer: 45_000, caseTime: 60_000, exchangeAge: 45_000, notice: 5_000 };
const START = 5_000;
/** How each of these payments is complained about, and how that ends. */
const ENDS = { Answered: '1.01', Upheld: '1.02', ChargedBack: '1.03', Settled: '1.04' } as const;
type End = keyof typeof ENDS;
const run = Date.now();
let world: World;
let browser: Browser;
let chain: Chain;
let customer: Person, delegate: Person;
let tills: Record<Shop, Person>;
let [sky, book] = [0, 0];
let address = '';

/** What the wallet offers beside its menu. */
const offered = () => customer.page.locator('main p.actions a').allTextContents();
const stopped = (why: RegExp | string) => customer.page.locator('[data-test=stopped]', { hasText: why });

async function go(screen: string): Promise<void> {
	await customer.page.goto(`${world.web}/wallet/#${screen}`);
}

describe('what takes its time', () => {
	before(async () => {
		const next = process.env.HANSE_NEXT_WASM;
		if (!next) throw new Error('HANSE_NEXT_WASM must be the path of a compressed runtime with a higher spec_version');
		world = await openOther({ rules: RULES, runtime: otherShape(next) });
		chain = await connect(world.node);
		[sky, book] = await world.programs();
		browser = await launch();
		const [one, first, second, desk] = (await Promise.all([person(browser), person(browser), person(browser), person(browser, DESK)])) as [Person, Person, Person, Person];
		[customer, tills, delegate] = [one, { 1: first, 2: second }, desk];
		await beginWallet(customer, world);
		for (const shop of [1, 2] as const) await openTill(tills[shop], world, await world.access(shop, 'till', `T1${shop}-${run % 100_000}`));
		address = accountIn(await accountOf(customer, world));
		await world.api('/v1/awards', await world.access(1, 'issuer'), { program: sky, order: `clocks-${run}`, to: address, points: String(START) });
	});

	after(async () => {
		chain?.close();
		await browser?.close();
		await world?.close();
	});

	/** Each step needs those before it. */
	let broken = false;
	const step = (name: string, act: () => Promise<void>) =>
		test(name, async (context) => {
			if (broken) return context.skip('a step before failed');
			broken = true;
			await act();
			broken = false;
		});

	step('who is a customer since today is told from when on he can exchange', async () => {
		const { page } = customer;
		await register(tills[1], customer, world, `N-${run}`);
		await go('points');
		await eventually('points', () => usable(customer, sky), (units) => units === START);
		assert.deepEqual(await offered(), ['Pay', 'Give']);
		const from = (await chain.api.apis.HanseApi.customer(address, BEST))?.exchanges_from ?? 0n;
		assert.ok(Number(from) > Date.now(), 'he is not new any more');
		await go('exchange');
		await stopped('You can exchange points from').waitFor();
		const day = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
		assert.equal(await stopped('').textContent(), `You can exchange points from ${day.format(Number(from))} on.`);
		assert.equal(await page.locator('main form').count(), 0);
		assert.deepEqual(await faults(page), []);
	});

	/** The payment that ends so, in the history. */
	const paymentOf = (end: End) => customer.page.locator('li[data-kind=spent]', { hasText: `worth ${ENDS[end]}` });
	const complaintOf = (end: End, state: string) => paymentOf(end).locator(`[data-test=complaint][data-step=${state}]`);

	async function payAndComplain(end: End, shop: Shop): Promise<void> {
		const { page } = customer;
		await go(await askFor(tills[shop], world, ENDS[end]));
		await page.getByRole('button', { name: `Pay ${ENDS[end]}` }).click();
		await page.locator('[data-kind=pay][data-state=final]').waitFor();
		await tills[shop].page.locator('[data-verdict=good]').waitFor();
		await go('history');
		await paymentOf(end).locator('summary').click();
		await paymentOf(end).getByLabel('What was wrong?').fill(`It was not what I bought (${end}).`);
		await paymentOf(end).getByRole('button', { name: 'Complain' }).click();
		await complaintOf(end, 'waiting').waitFor();
	}

	step('of four complaints two are answered, one of these is brought to a vote, and the members find for the customer', async () => {
		for (const end of ['Answered', 'Upheld'] as const) await payAndComplain(end, 1);
		const list = async () => (await world.api<{ items: { number: number }[] }>('/v1/complaints', await world.access(1, 'reader'))).items;
		await eventually('the shop sees them', list, ({ length }) => length === 2);
		await world.api('/v1/complaints/answers', await world.access(1, 'delegate'), { up_to: 2, document: hashOf(utf8('It was.')) });
		await complaintOf('Answered', 'answered').waitFor();
		for (const end of ['ChargedBack', 'Settled'] as const) await payAndComplain(end, 2);
		await giveBack();

		const desk = await hold(delegate, world, '//Dave', 'delegate/Cases');
		await desk.getByLabel('Only those of my institution').uncheck();
		await desk.locator('[data-test=complaints] tbody tr', { hasText: '1.02' }).getByRole('button', { name: 'Open a case' }).click();
		await agree(desk);
		await complaintOf('Upheld', 'case').waitFor();
		assert.match((await complaintOf('Upheld', 'case').textContent()) ?? '', /Danzig Department Store brought your complaint to a vote\. The members decide until .*202\d/);
		// What came back of another one meanwhile is said where one looks at it.
		await paymentOf('Settled').getByText('1.04 of 1.04 came back.').waitFor();
		await complaintOf('Upheld', 'case').scrollIntoViewIfNeeded();
		await picture(customer.page, 'wallet-case');
		await decided(world, ({ api }) => api.tx.Conduct.uphold_complaint({ merchant: 1, number: 2n }));
		await complaintOf('Upheld', 'Upheld').waitFor();
		assert.match((await complaintOf('Upheld', 'Upheld').textContent()) ?? '', /the members found for you, and what was left of 1\.02 came back to you/);
		assert.deepEqual(await faults(customer.page), []);
	});

	async function giveBack(): Promise<void> {
		const { page } = tills[2];
		await page.goto(`${world.web}/till/#refund`);
		// Without its order, as one of the last payments.
		await page.locator('[data-test=latest]', { hasText: ENDS.Settled }).waitFor();
		assert.deepEqual(await faults(page), []);
		await picture(page, 'till-refund');
		await page.locator('[data-test=latest]', { hasText: ENDS.Settled }).click();
		await page.getByRole('button', { name: 'Give back' }).click();
		await page.locator('[data-verdict=good]').waitFor();
	}

	step('from then on he can exchange, without loading anything anew', async () => {
		await go('points');
		await eventually('the wallet offers it', offered, (all) => all.includes('Exchange'));
		assert.deepEqual(await offered(), ['Pay', 'Give', 'Exchange']);
	});

	/** Carried by the members, and in force after the notice. */
	const enacted = async (call: Parameters<typeof chain.api.tx.Rulebook.enact>[0]['call']) => decided(world, ({ api }) => api.tx.Rulebook.enact({ call }));
	const pause = (pallet: string, name: string) => enacted({ type: 'TxPause', value: { type: 'pause', value: { full_name: [utf8(pallet), utf8(name)] } } });
	const unpause = (pallet: string, name: string) => enacted({ type: 'TxPause', value: { type: 'unpause', value: { ident: [utf8(pallet), utf8(name)] } } });

	step('the members pause one call: the wallet says so before any form, and of that one only', async () => {
		const { page } = customer;
		const link = await askFor(tills[2], world, '1.00');
		await pause('Points', 'donate');
		await stopped('The alliance has stopped giving points away for now.').waitFor();
		// Nobody knows when it ends, and meanwhile nothing expires.
		assert.equal(await stopped('').textContent(), 'The alliance has stopped giving points away for now. They are not lost, and do not expire meanwhile.');
		assert.deepEqual(await offered(), ['Pay', 'Exchange']);
		await go('give');
		await stopped('stopped giving points away').waitFor();
		assert.equal(await page.locator('main form, main video').count(), 0);
		await go('exchange');
		await page.locator('main form').waitFor();

		await unpause('Points', 'donate');
		await pause('Exchange', 'pay');
		await go(link);
		await stopped('The alliance has stopped paying with points for now.').waitFor();
		assert.equal(await page.getByRole('button', { name: /^(Pay|Sign)/ }).count(), 0);
		assert.deepEqual(await faults(page), []);
		await go('points');
		await eventually('giving goes on', offered, (all) => all.includes('Give'));
		assert.deepEqual(await offered(), ['Give', 'Exchange']);
		await unpause('Exchange', 'pay');
		await eventually('paying goes on', offered, (all) => all.includes('Pay'));
		assert.equal(await stopped('').count(), 0);
	});

	async function fillExchange(): Promise<number> {
		const { page } = customer;
		await go('exchange');
		await page.getByLabel('From').selectOption(String(sky));
		await page.getByLabel('How many').fill('1000');
		await page.getByLabel('Into').selectOption(String(book));
		const shown = (await page.locator('p.notice[role=status]').textContent()) ?? '';
		return Number(/You get ([\d,]+) STAR/.exec(shown)?.[1]?.replace(',', ''));
	}

	step('a call of another shape is not signed; after the upgrade that gives it the known one, the same page goes on', async () => {
		const { page } = customer;
		const nonce = () => chain.request<number>('system_accountNextIndex', address);
		const before = await nonce();
		const out = await fillExchange();
		const press = page.getByRole('button', { name: 'Exchange' });
		await press.click();
		await page.locator('[data-test=refusal]', { hasText: 'this page does not know it yet. Close it and open it again' }).waitFor();
		// It is there still when there are other blocks.
		const { number } = await chain.client.getFinalizedBlock();
		await eventually('three blocks', async () => (await chain.client.getFinalizedBlock()).number, (now) => now > number + 3);
		assert.equal(await page.locator('[data-test=refusal]').count(), 1);
		assert.equal(await page.locator('[data-kind=exchange]').count(), 0);
		assert.equal(await nonce(), before);
		await picture(page, 'wallet-outdated');

		await upgrade();
		// What was typed is still there.
		await eventually('the new runtime is known', async () => {
			if (await press.isVisible()) await press.click();
			return page.locator('[data-kind=exchange]').isVisible();
		}, Boolean);
		await page.locator('[data-kind=exchange][data-state=final]').waitFor();
		assert.equal(await nonce(), before + 1);
		await go('points');
		assert.equal(await eventually('the exchange', () => usable(customer, book), (units) => units > 0), out);
	});

	/** The next runtime, authorised by the members and applied by one of them. */
	async function upgrade(): Promise<void> {
		const { api } = chain;
		const code = readFileSync(process.env.HANSE_NEXT_WASM ?? '');
		const version = async () => (await chain.request<{ specVersion: number }>('state_getRuntimeVersion')).specVersion;
		const old = await version();
		await enacted({ type: 'System', value: { type: 'authorize_upgrade', value: { code_hash: hashOf(code) } } });
		await eventually('the notice is over', () => api.query.System.AuthorizedUpgrade.getValue(BEST), (found) => found !== undefined);
		await send(chain, wellKnown('Bob'), api.tx.System.apply_authorized_upgrade({ code }) as Tx);
		await eventually('the next runtime', version, (found) => found > old);
	}

	step('each of the four complaints has ended, and the customer sees how, and what came back', async () => {
		await go('history');
		const said: Record<End, RegExp> = {
			Answered: /Alster Air answered, and the members did not find for you/, Upheld: /the members found for you/,
			ChargedBack: /Bergen Books did not answer, and what was left of 1\.03 came back to you/, Settled: /Bergen Books had given everything back/,
		};
		for (const end of Object.keys(ENDS) as End[]) {
			await complaintOf(end, end).waitFor({ timeout: 150_000 });
			assert.match((await complaintOf(end, end).textContent()) ?? '', said[end]);
		}
		assert.match((await customer.page.locator('li[data-kind=exchanged_out]').textContent()) ?? '', /−1,000 SKY/);
		await complaintOf('Answered', 'Answered').scrollIntoViewIfNeeded();
		await picture(customer.page, 'wallet-ends');
		// What is over is not the first thing that the customer sees.
		await go('points');
		assert.equal(await eventually('points', () => usable(customer, sky), (units) => units === START - 1_000 - 101), START - 1_000 - 101);
		assert.equal(await customer.page.locator('[data-test=complaint]').count(), 0);
		for (const one of [customer, delegate, ...Object.values(tills)]) assert.deepEqual(one.complaints, []);
	});
});
