/** What the browser keeps for this page, by names: nothing that is secret as it is. */

const open = new Promise<IDBDatabase>((resolve, reject) => {
	const request = indexedDB.open('hanse', 1);
	request.onupgradeneeded = () => request.result.createObjectStore('kept');
	request.onsuccess = () => resolve(request.result);
	request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'));
});
// Whoever needs it hears of it then.
open.catch(() => {});

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
	const database = await open;
	return new Promise((resolve, reject) => {
		// Strict: what is said to be kept is on the disk.
		const transaction = database.transaction('kept', mode, { durability: mode === 'readwrite' ? 'strict' : 'default' });
		const request = act(transaction.objectStore('kept'));
		transaction.oncomplete = () => resolve(request.result);
		transaction.onerror = transaction.onabort = () => reject(transaction.error ?? new Error('the browser keeps nothing'));
	});
}

export const kept = <T>(name: string): Promise<T | undefined> => run('readonly', (store) => store.get(name)) as Promise<T | undefined>;
export const keep = (name: string, value: unknown): Promise<IDBValidKey> => run('readwrite', (store) => store.put(value, name));
export const drop = (name: string): Promise<undefined> => run('readwrite', (store) => store.delete(name));
/** Everything whose name begins with `prefix`. */
export const keptUnder = <T>(prefix: string): Promise<T[]> =>
	run('readonly', (store) => store.getAll(IDBKeyRange.bound(prefix, `${prefix}\uffff`))) as Promise<T[]>;
/** Forgets everything. */
export const dropAll = (): Promise<undefined> => run('readwrite', (store) => store.clear());
