import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { errorDocs, reasonOf } from '../src/errors.ts';

test('an error is called by its pallet and its name', () => {
	const ofPallet = (pallet: string, name: string) => ({ type: 'Module', value: { type: pallet, value: { type: name, value: undefined } } });
	assert.equal(reasonOf(ofPallet('Points', 'NotFound')), 'points.NotFound');
	assert.equal(reasonOf(ofPallet('TxPause', 'IsPaused')), 'txPause.IsPaused');
	assert.equal(reasonOf({ type: 'Token', value: { type: 'FundsUnavailable', value: undefined } }), 'Token.FundsUnavailable');
	assert.equal(reasonOf({ type: 'BadOrigin', value: undefined }), 'BadOrigin');
});

test('every error of a pallet of ours says how it is avoided', () => {
	const docs = errorDocs(readFileSync(new URL('../metadata.scale', import.meta.url)));
	const ours = readdirSync(new URL('../../../pallets', import.meta.url));
	const silent = [...docs].filter(([name, text]) => ours.includes(name.split('.')[0] ?? '') && text.length < 10);
	assert.deepEqual(silent, []);
	assert.ok(docs.size > 100, `${docs.size}`);
});
