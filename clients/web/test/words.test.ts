/** All languages say the same things, and every refusal that the chain has for customers is among them. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { errorDocs } from '@hanse/sdk/errors';

const at = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const words = (path: string) =>
	new Map([...readFileSync(at(path), 'utf8').matchAll(/^([a-zA-Z][\w-]*) =((?:[^\n]|\n +)*)/gm)].map(([, name = '', text = '']) => [name, text.trim()]));
const variables = (text: string) => [...text.matchAll(/\{ ?\$(\w+)/g)].map(([, name]) => name).sort().filter((name, place, all) => name !== all[place - 1]);

const PAGES = ['shared', 'wallet', 'till', 'console'];

test('English, German and Arabic have the same messages with the same values', () => {
	let count = 0;
	for (const page of PAGES) {
		const english = words(`src/${page}/words/en.ftl`);
		for (const language of ['de', 'ar']) {
			const other = words(`src/${page}/words/${language}.ftl`);
			assert.deepEqual([...other.keys()].sort(), [...english.keys()].sort(), `${page}: ${language}`);
			for (const [name, text] of english) assert.deepEqual(variables(other.get(name) ?? ''), variables(text), `${page}: ${language}: ${name}`);
		}
		count += english.size;
	}
	assert.ok(count > 250, `${count} messages`);
});

test('each error of paying, exchanging, giving and presenting has a sentence of its own', () => {
	const english = words('src/shared/words/en.ftl');
	const all = errorDocs(readFileSync(fileURLToPath(new URL('../../sdk/metadata.scale', import.meta.url))));
	// As the reference of these calls names them.
	const named = ['exchange', 'points'].flatMap((pallet) => {
		const reference = readFileSync(at(`../../docs/reference/${pallet}.md`), 'utf8');
		return ['pay', 'exchange', 'present_slips', 'donate', 'donate_all'].flatMap((call) => {
			const section = new RegExp(`^### ${call}\\(.*?(?=^### |^## )`, 'ms').exec(reference)?.[0] ?? '';
			return [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, error]) => `${pallet}.${error}`);
		});
	});
	const others = [
		'customers.NotRegistered', 'customers.OverLimit', 'customers.TooYoung', 'supervision.PointsHalted', 'supervision.ProgramHalted', 'clearing.Overdue',
		'clearing.ReserveTooSmall', 'institutions.NotFound', 'institutions.NotActive', 'points.OverLiabilityCap', 'points.BelowMinimumReserve', 'points.OverDailyGrowth',
	];
	assert.ok(named.length >= 14, named.join());
	for (const error of [...named, ...others]) {
		assert.ok(all.has(error), `the chain has no ${error}`);
		const sentence = english.get(`refused-${error.replace('.', '-')}`) ?? '';
		assert.ok(sentence.length > 15 && sentence.endsWith('.') && !sentence.includes('{'), `${error}: ${sentence}`);
	}
	console.log(`${named.length + others.length} refusals`);
});

test('every message that a page asks for is there', () => {
	let asked = 0;
	for (const page of ['wallet', 'till', 'console']) {
		const known = new Set([...words(`src/${page}/words/en.ftl`).keys(), ...words('src/shared/words/en.ftl').keys()]);
		for (const file of below(at(`src/${page}`))) {
			for (const [, inside = ''] of readFileSync(file, 'utf8').matchAll(/\bt\(([^,()]*)[,)]/g)) {
				if (inside.includes('`')) continue;
				for (const [, name = ''] of inside.matchAll(/'([a-z]+-[\w-]+)'/g)) {
					assert.ok(known.has(name), `${file}: ${name}`);
					asked++;
				}
			}
		}
	}
	assert.ok(asked > 500, `${asked} uses`);
});

/** The code below a folder. */
const below = (folder: string): string[] =>
	readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
		(entry.isDirectory() ? below(`${folder}/${entry.name}`) : /\.(svelte|ts)$/.test(entry.name) ? [`${folder}/${entry.name}`] : []));
