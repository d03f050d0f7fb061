/** A new customer: a key, a shop that knows it, points, a payment at another shop, a refund, a gift and an exchange. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { type Person, launch, person } from '../lib/browser.ts';
import { film } from '../lib/camera.ts';
import { eventually } from '../lib/expect.ts';
import { faults, picture } from '../lib/looks.ts';
import { accountOf, askFor, beginWallet, codeOn, openTill, paste, register, usable } from '../lib/people.ts';
import { type World, open } from '../lib/world.ts';

const folder = mkdtempSync(join(tmpdir(), 'hanse-camera-'));
const [phoneCamera, tillCamera] = [join(folder, 'phone.y4m'), join(folder, 'till.y4m')];
let world: World;
let browsers: Browser[] = [];
let customer: Person, friend: Person, first: Person, second: Person;
let [sky, book] = [0, 0];
let tillKey = '';

describe('a new customer', () => {
	before(async () => {
		world = await open();
		[sky, book] = await world.programs();
		film(phoneCamera);
		film(tillCamera);
		browsers = [await launch(phoneCamera), await launch(tillCamera)];
		const [phone, counter] = browsers as [Browser, Browser];
		[customer, friend, first, second] = await Promise.all([person(phone), person(phone), person(counter), person(counter)]);
	});

	/** Each step needs those before it. */
	let broken = false;
	const step = (name: string, act: () => Promise<void>) =>
		test(name, async (context) => {
			if (broken) return context.skip('a step before failed');
			broken = true;
			await act().catch(async (error: unknown) => {
				// What the customer sees then.
				context.diagnostic(await customer.page.locator('body').innerText());
				throw error;
			});
			broken = false;
		});

	after(async () => {
		await Promise.all(browsers.map((browser) => browser.close()));
		rmSync(folder, { recursive: true, force: true });
	});

	test('the first view is light, and so are the points of whoever comes without anything kept', async () => {
		const [phone] = browsers as [Browser, Browser];
		const visitor = await person(phone, { serviceWorkers: 'block' });
		let bytes = 0;
		await visitor.cdp.send('Network.enable');
		visitor.cdp.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
		await visitor.page.goto(`${world.web}/wallet/`);
		await visitor.page.getByRole('button', { name: 'Create my key' }).first().waitFor();
		const first = bytes;
		await visitor.page.getByRole('button', { name: 'Create my key' }).first().click();
		await visitor.page.getByRole('heading', { name: 'No points yet' }).waitFor();
		bytes = 0;
		await visitor.cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
		const began = Date.now();
		await visitor.page.reload();
		await visitor.page.getByRole('heading', { name: 'No points yet' }).waitFor();
		console.log(`first view ${first} bytes, points ${bytes} bytes and ${Date.now() - began} ms`);
		assert.ok(first < 150_000, `${first} bytes`);
		assert.ok(bytes < 150_000, `${bytes} bytes`);
		await visitor.context.close();
	});

	step('a new customer has a key that is the same after a reload', async () => {
		await beginWallet(customer, world);
		// It is said at once what brings it back.
		assert.match((await customer.page.locator('[data-test=key]').textContent()) ?? '', /passkey for localhost.*Write down the twelve words/);
		const before = await accountOf(customer, world);
		await customer.page.reload();
		assert.equal(await codeOn(customer.page), before);
	});

	step('the till of a shop registers the customer', async () => {
		tillKey = await world.access(1, 'till', `T1-${Date.now() % 100_000}`);
		await openTill(first, world, tillKey);
		await register(first, customer, world, `C-${Date.now()}`);
	});

	step('a purchase is rewarded in the same step', async () => {
		const { page } = first;
		await page.goto(`${world.web}/till/#day`);
		await page.getByLabel('Points for purchases').selectOption(String(sky));
		await page.getByLabel('Points for each 1.00 paid with money').fill('50');
		await page.getByLabel('Points for each 1.00 paid with money').press('Tab');
		await askFor(first, world, '', '40.00');
		await page.getByRole('button', { name: 'Go on without points' }).waitFor();
		await paste(page, await accountOf(customer, world));
		await page.locator('[data-test=award].good').waitFor();
		await customer.page.goto(`${world.web}/wallet/#points`);
		assert.equal(await eventually('points', () => usable(customer, sky), (units) => units === 2_000), 2_000);
		await picture(customer.page, 'wallet-points');
		// The closing of the day has it, and another device with the same key knows that there was one.
		const order = (await page.locator('[data-test=order]').textContent()) ?? '';
		await page.goto(`${world.web}/till/#day`);
		assert.match((await page.locator('[data-test=given]').textContent()) ?? '', /^2,000 /);
		assert.deepEqual(await page.locator('[data-test=award]').evaluateAll((rows) => rows.map((row) => row.children[1]?.textContent)), [order]);
		assert.equal(await page.locator('[data-test=elsewhere]').count(), 0);
		const [, counter] = browsers as [Browser, Browser];
		const tablet = await person(counter);
		await openTill(tablet, world, tillKey);
		await tablet.page.goto(`${world.web}/till/#day`);
		await tablet.page.getByText('One more award was made at this till on another device').waitFor();
		assert.deepEqual(await faults(tablet.page), []);
		await tablet.context.close();
	});

	step('the customer pays at another shop by its code, exactly what was shown', async () => {
		await openTill(second, world, await world.access(2, 'till', `T2-${Date.now() % 100_000}`));
		const before = await usable(customer, sky);
		film(phoneCamera, await askFor(second, world, '5.00'));
		await picture(second.page, 'till-code');
		await customer.page.goto(`${world.web}/wallet/#pay`);
		const shown = Number(await customer.page.locator('[data-test=cost] [data-units]').getAttribute('data-units'));
		await picture(customer.page, 'wallet-pay');
		assert.equal(shown, 500);
		const pressed = Date.now();
		await customer.page.getByRole('button', { name: 'Pay 5.00' }).click();
		await second.page.locator('[data-verdict=good]').waitFor();
		console.log(`green ${Date.now() - pressed} ms after the button`);
		await picture(second.page, 'till-green');
		await customer.page.locator('[data-state=accepted], [data-state=final]').waitFor();
		await customer.page.goto(`${world.web}/wallet/#points`);
		const left = await eventually('points', () => usable(customer, sky), (units) => units < before);
		assert.equal(before - left, shown);
	});

	step('the till gives the payment back, by its order', async () => {
		const { page } = second;
		const order = (await page.locator('[data-test=order]').textContent()) ?? '';
		const go = page.getByRole('button', { name: 'Give back' });
		await page.goto(`${world.web}/till/#refund`);
		// It is in the list as soon as it is final, without a reload.
		await page.getByLabel('Order').fill(order);
		await page.getByText('5.00 were paid on').waitFor();
		await go.click();
		await page.locator('[data-verdict=good]').waitFor();
		await eventually('points', () => usable(customer, sky), (units) => units === 2_000);
		await page.goto(`${world.web}/till/#day`);
		assert.match((await page.locator('[data-test=back]').textContent()) ?? '', /5\.00/);
		assert.match((await page.locator('[data-test=rest]').textContent()) ?? '', /0\.00/);
		await picture(page, 'till-day');
		// What all of came back is not offered again.
		await page.goto(`${world.web}/till/#refund`);
		await page.waitForTimeout(500);
		assert.equal(await page.locator('[data-test=latest]').count(), 0);
	});

	step('a gift reaches a friend whose key is under a PIN', async () => {
		const { page } = friend;
		await page.goto(`${world.web}/wallet/`);
		await page.locator('summary', { hasText: 'Use a PIN instead' }).click();
		await page.getByLabel('PIN or password').first().fill('correct horse');
		await page.getByLabel('The same again').first().fill('correct horse');
		await page.locator('details', { hasText: 'Use a PIN instead' }).getByRole('button', { name: 'Create my key' }).click();
		await page.getByRole('heading', { name: 'No points yet' }).waitFor({ timeout: 60_000 });
		const to = await accountOf(friend, world);
		await customer.page.goto(`${world.web}/wallet/#give`);
		await paste(customer.page, to);
		await customer.page.getByLabel('How many').fill('300');
		await customer.page.getByRole('button', { name: 'Give' }).click();
		await customer.page.locator('[data-state=final]').waitFor();
		await page.goto(`${world.web}/wallet/#points`);
		assert.equal(await eventually('the gift', () => usable(friend, sky), (units) => units > 0), 300);
	});

	step('points of one shop become points of another', async () => {
		await customer.page.goto(`${world.web}/wallet/#exchange`);
		await customer.page.getByLabel('From').selectOption(String(sky));
		await customer.page.getByLabel('How many').fill('1000');
		await customer.page.getByLabel('Into').selectOption(String(book));
		const shown = (await customer.page.locator('p.notice[role=status]').textContent()) ?? '';
		await customer.page.getByRole('button', { name: 'Exchange' }).click();
		await customer.page.locator('[data-state=final]').waitFor();
		await customer.page.goto(`${world.web}/wallet/#points`);
		const got = await eventually('the exchange', () => usable(customer, book), (units) => units > 0);
		assert.ok(shown.replace(',', '').includes(`${got} STAR`), `${shown}: ${got}`);
		assert.equal(await usable(customer, sky), 700);
	});

	step('the history says what happened, and why', async () => {
		const { page } = customer;
		await page.goto(`${world.web}/wallet/#history`);
		for (const kind of ['registered', 'awarded', 'spent', 'sent', 'exchanged_out', 'exchanged_in']) {
			await page.locator(`li[data-kind=${kind}]`).first().waitFor();
		}
		await picture(page, 'wallet-history');
	});

	step('axe finds nothing, light and dark, and nothing is wider than 320 pixels', async () => {
		const pages = [[customer, 'wallet', ['points', 'pay', 'code', 'history', 'settings', 'give', 'exchange']], [first, 'till', ['sale', 'refund', 'register', 'day']]] as const;
		let looked = 0;
		for (const [{ page }, path, routes] of pages) {
			await page.setViewportSize({ width: 320, height: 640 });
			for (const colorScheme of ['light', 'dark'] as const) {
				await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
				for (const route of routes) {
					await page.goto(`${world.web}/${path}/#${route}`);
					await page.waitForTimeout(400);
					assert.deepEqual(await faults(page), [], `${path} ${route} ${colorScheme}`);
					const wide = await page.evaluate(() => document.documentElement.scrollWidth);
					assert.ok(wide <= 320, `${path} ${route} is ${wide} wide`);
					looked++;
				}
			}
		}
		console.log(`${looked} views`);
		for (const who of [customer, friend, first, second]) assert.deepEqual(who.complaints, []);
	});
});
