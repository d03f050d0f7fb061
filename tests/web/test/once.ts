/** One press, one payment, whatever happens to the network; a phone without one; and whoever wants to misuse the wallet. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, WebSocketRoute } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { film } from '../lib/camera.ts';
import { eventually } from '../lib/expect.ts';
import { accountOf, askFor, beginWallet, codeOn, openTill, register, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'hanse-camera-'));
const tillCamera = join(folder, 'till.y4m');
const START = 10_000;
let world: World;
let browsers: Browser[] = [];
let customer: Person, till: Person;
let key = '';
let sky = 0;

/** The customer's connections to the node, and what becomes of what passes them. */
let cut = false;
let strike: ((message: string, way: 'there' | 'back') => boolean) | undefined;
const lines = new Set<WebSocketRoute>();

function sever(): void {
	cut = true;
	for (const line of lines) void line.close().catch(() => {});
	lines.clear();
}

describe('one press, one payment', () => {
	before(async () => {
		world = await open();
		[sky] = await world.programs();
		film(tillCamera);
		browsers = [await launch(), await launch(tillCamera)];
		const [phone, counter] = browsers as [Browser, Browser];
		[customer, till] = await Promise.all([person(phone), person(counter)]);
		await customer.page.routeWebSocket(/127\.0\.0\.1/, (line) => {
			if (cut) return void line.close();
			lines.add(line);
			const node = line.connectToServer();
			line.onMessage((message) => {
				if (strike?.(String(message), 'there')) return sever();
				node.send(message);
			});
			node.onMessage((message) => {
				if (strike?.(String(message), 'back')) return sever();
				line.send(message);
			});
		});
		await beginWallet(customer, world);
		key = await world.access(1, 'till', `T9-${Date.now() % 100_000}`);
		await openTill(till, world, key);
		await register(till, customer, world, `O-${Date.now()}`);
		const account = /a=(\w+)$/.exec(await accountOf(customer, world))?.[1];
		await world.api('/v1/awards', await world.access(1, 'issuer'), { program: sky, order: `start-${Date.now()}`, to: account, points: String(START) });
		await customer.page.goto(`${world.web}/wallet/#points`);
		await eventually('points', () => usable(customer, sky), (units) => units === START);
	});

	after(async () => {
		await Promise.all(browsers.map((browser) => browser.close()));
		rmSync(folder, { recursive: true, force: true });
	});

	/** Where the connection breaks, by what passes it just then. */
	const STEPS = [
		['before the nonce is known', 'there', /system_accountNextIndex/],
		['when it is sent, and does not arrive', 'there', /transaction_v1_broadcast|author_submit/],
		['when it has arrived, and the answer is lost', 'back', /"result":"[^"]{1,24}"|"result":\{/],
		['when it is in a block', 'back', /"event":"bestBlockChanged"/],
	] as const;

	let paid = 0;
	for (const [when, way, what] of STEPS) {
		test(`the connection breaks ${when}: reloaded and pressed again, it is paid once`, async () => {
			const { page } = customer;
			await page.goto(`${world.web}/wallet/#points`);
			const before = await eventually('points', () => usable(customer, sky), (units) => units === START - 100 * paid);
			const link = await askFor(till, world, '1.00');
			await page.goto(`${world.web}/wallet/#${link}`);
			const pay = page.getByRole('button', { name: /Pay 1\.00/ });
			await eventually('the price', () => pay.isEnabled(), Boolean);
			// What comes after it was sent is looked for only then.
			let sent = !/result|event/.test(what.source);
			let struck = false;
			strike = (message, direction) => {
				if (direction === 'there' && /transaction_v1_broadcast|author_submit/.test(message)) {
					if (sent && direction === way && what.test(message)) return (struck = true);
					sent = true;
					return false;
				}
				return sent && direction === way && what.test(message) ? (struck = true) : false;
			};
			await pay.click();
			await eventually('the cut', async () => struck, Boolean);
			strike = undefined;
			cut = false;
			await page.reload();
			await page.getByRole('heading', { level: 1 }).first().waitFor();
			const done = page.locator('[data-kind=pay][data-state=accepted], [data-kind=pay][data-state=final]');
			await eventually('paid', async () => {
				// A payment that had arrived takes the button away, perhaps just now.
				if (await pay.isVisible()) await pay.click({ timeout: 1_000 }).catch(() => {});
				return done.isVisible();
			}, Boolean);
			await till.page.locator('[data-verdict=good]').waitFor();
			await page.locator('[data-kind=pay][data-state=final]').waitFor();
			paid++;
			await page.goto(`${world.web}/wallet/#points`);
			assert.equal(before - (await eventually('points', () => usable(customer, sky), (units) => units < before)), 100);
		});
	}

	test('a phone without a network signs, and the till reads it by its camera', async (t) => {
		const { page, context } = customer;
		const link = await askFor(till, world, '2.00');
		const before = await usable(customer, sky);
		// The wallet is there without a network, from what was kept.
		await page.evaluate(() => navigator.serviceWorker.ready);
		await eventually('the shell is kept', () => page.evaluate(async () => (await caches.keys()).length > 0 && navigator.serviceWorker.controller !== null), Boolean);
		sever();
		await context.setOffline(true);
		// Whatever becomes of it, those that come later have a network.
		t.after(async () => {
			cut = false;
			await context.setOffline(false);
		});
		await page.goto(`${world.web}/wallet/#${link}`);
		await page.reload();
		await page.getByText('Your phone has no network').waitFor();
		await page.getByRole('button', { name: 'Sign for 2.00' }).click();
		const slip = await codeOn(page);
		assert.ok(slip.length < 300, `${slip.length} letters`);
		await page.reload();
		assert.equal(await codeOn(page), slip, 'the same slip after a reload');
		film(tillCamera, slip);
		await till.page.getByRole('button', { name: 'The phone has no network' }).click();
		await till.page.locator('[data-verdict=good]').waitFor();
		cut = false;
		await context.setOffline(false);
		await page.goto(`${world.web}/wallet/#points`);
		await page.reload();
		assert.equal(before - (await eventually('points', () => usable(customer, sky), (units) => units < before)), 200);
	});

	test('a till without a network says that there are no points now', async () => {
		await askFor(till, world, '1.00');
		await till.context.setOffline(true);
		await till.page.reload().catch(() => {});
		await till.page.locator('[data-test=away]').waitFor();
		await till.context.setOffline(false);
		await till.page.locator('[data-test=away]').waitFor({ state: 'detached' });
	});

	test('no page can show the wallet in a frame, and nothing is loaded from elsewhere', async () => {
		const server = createServer((_, answer) => answer.setHeader('content-type', 'text/html').end(`<iframe src="${world.web}/wallet/"></iframe>`)).listen(0);
		const { port } = server.address() as { port: number };
		const { context } = customer;
		const page = await context.newPage();
		await page.goto(`http://127.0.0.1:${port}/`);
		const framed = page.frames().find((frame) => frame !== page.mainFrame());
		await page.waitForTimeout(1_000);
		assert.equal(await framed?.locator('#page').count(), 0);
		await page.goto(`${world.web}/wallet/`);
		for (const attempt of ["fetch('http://127.0.0.1:1/')", "document.body.insertAdjacentHTML('beforeend', '<b>')"]) {
			const refused = await page.evaluate(`(async () => { try { await ${attempt}; return 'done'; } catch (error) { return error.name; } })()`);
			assert.notEqual(refused, 'done', attempt);
		}
		const inside = await page.evaluate(() => {
			const script = document.createElement('script');
			try {
				script.textContent = 'window.taken = true';
				document.body.append(script);
			} catch {
				// Refused already.
			}
			return 'taken' in window;
		});
		assert.equal(inside, false);
		await page.close();
		server.close();
	});

	test('a link with absurd values is refused in words, and pays nothing', async () => {
		const { page } = customer;
		const good = await askFor(till, world, '1.00');
		const bad = [
			good.replace(/v=\d+/, 'v=0'), good.replace(/v=\d+/, 'v=-5'), good.replace(/v=\d+/, `v=${'9'.repeat(30)}`), good.replace(/v=\d+/, 'v=1e9'),
			good.replace(/m=\d+/, 'm=99999999999'), good.replace(/o=\d+\.0x/, 'o=1.0xzz'), good.replace(/c=0x../, 'c=0x00'), `${good}&v=1`,
			good.replace('hanse:pay', 'hanse:steal'), good.replace(/v=\d+/, 'v=<img src=x onerror=alert(1)>'), 'hanse:pay?', `hanse:pay?${'x'.repeat(5_000)}`,
		];
		let refused = 0;
		for (const link of bad) {
			await page.goto('about:blank');
			await page.goto(`${world.web}/wallet/#${link}`);
			await page.locator('[role=alert]').first().waitFor();
			assert.equal(await page.getByRole('button', { name: /^Pay/ }).count(), 0, link);
			assert.equal(await page.locator('main img').count(), 0);
			refused++;
		}
		assert.equal(refused, bad.length);
		// More than there is: the chain's own refusal, in words.
		await page.goto('about:blank');
		await page.goto(`${world.web}/wallet/#${good.replace(/v=\d+/, 'v=9000000000000000')}`);
		await page.locator('[data-test=refusal]').waitFor();
		assert.ok(await page.getByRole('button', { name: /^Pay/ }).isDisabled());
		// A shop that there is not.
		await page.goto('about:blank');
		await page.goto(`${world.web}/wallet/#${good.replace(/m=\d+/, 'm=4000')}`);
		await page.getByText('Do not pay').waitFor();
		assert.equal(await page.getByRole('button', { name: /^Pay/ }).count(), 0);
		console.log(`${refused + 2} links are refused`);
		assert.deepEqual(customer.complaints.filter((text) => !/Content Security|Failed to fetch|WebSocket|TrustedHTML|ERR_/.test(text)), []);
	});

	test('names with markup are text', async () => {
		const { page } = customer;
		await page.route('**/v1/public/accounts/**', (route) => route.fulfill({ json: { items: [{ block: 1, time: 1, kind: '<img src=x onerror="window.taken=1">', program: null, vintage: null, less: false, points: { units: '1', display: '<b>1</b>' }, institution: null, value: null, commitment: null, other: '<script>window.taken=1</script>' }], next: null } }));
		await page.goto(`${world.web}/wallet/#history`);
		await page.getByText('<img src=x').waitFor();
		assert.equal(await page.evaluate(() => 'taken' in window), false);
		await page.unroute('**/v1/public/accounts/**');
	});

	test('everything is reached by keyboard alone', async () => {
		const { page } = customer;
		await page.goto(`${world.web}/wallet/#points`);
		await page.locator('[data-test=worth]').waitFor();
		const seen = new Set<string>();
		for (let presses = 0; presses < 25; presses++) {
			await page.keyboard.press('Tab');
			seen.add(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.getAttribute('href') ?? document.activeElement?.tagName ?? ''));
		}
		for (const wanted of ['#points', '#pay', '#code', '#history', '#settings', '#give', '#exchange', 'SELECT', 'SUMMARY']) assert.ok(seen.has(wanted), `${wanted} of ${[...seen]}`);
	});
});
