/** A line to a node that is slower than this machine's. */
import { type Socket, connect as dial, createServer } from 'node:net';

export interface Line {
	url: string;
	stop(): void;
}

/** A line to the node at `url` on which whatever goes either way takes `delay` milliseconds. */
export async function slowLine(url: string, delay: number): Promise<Line> {
	const { hostname, port } = new URL(url);
	const sockets = new Set<Socket>();
	const server = createServer((near) => {
		const far = dial(Number(port), hostname);
		for (const [one, other] of [[near, far], [far, near]] as const) {
			sockets.add(one);
			one.on('data', (bytes) => setTimeout(() => other.write(bytes), delay));
			// Of an end that goes away whatever is under way is lost.
			one.on('error', () => {}).on('close', () => (sockets.delete(one), other.destroy()));
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (!address || typeof address === 'string') throw new Error('the line has no port');
	return {
		url: `ws://127.0.0.1:${address.port}`,
		stop() {
			server.close();
			sockets.forEach((socket) => socket.destroy());
		},
	};
}
