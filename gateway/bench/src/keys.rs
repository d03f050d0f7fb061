//! Who signs: members with the well-known keys, and customers with keys that come from their number.

use crate::Result;
use codec::Encode;
use std::thread;
use subxt_signer::sr25519::{Keypair, dev};

/// As `hanse-population` makes it.
pub fn customer(number: u32) -> Keypair {
	let seed = sp_crypto_hashing::blake2_256(&(*b"customer", number).encode());
	Keypair::from_secret_key(seed).expect("every 32 bytes are a seed")
}

/// Of a member.
pub fn member(number: u32) -> Result<Keypair> {
	Ok(match number {
		1 => dev::alice(),
		2 => dev::bob(),
		3 => dev::charlie(),
		4 => dev::dave(),
		other => Keypair::from_uri(&format!("//Member//{other}").parse()?)?,
	})
}

/// Something that names one thing of this kind and nothing else.
pub fn name(kind: &str, number: u64) -> [u8; 32] {
	sp_crypto_hashing::blake2_256(&(kind, number).encode())
}

/// What `make` makes of each number, on all processors, in their order.
pub fn all<T: Send>(count: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
	let threads = thread::available_parallelism().map_or(1, usize::from);
	let part = count.div_ceil(threads).max(1);
	thread::scope(|scope| {
		let starts = (0..count).step_by(part);
		let make = &make;
		let workers: Vec<_> = starts
			.map(|start| scope.spawn(move || (start..count.min(start + part)).map(make).collect::<Vec<_>>()))
			.collect();
		workers.into_iter().flat_map(|worker| worker.join().expect("it does not panic")).collect()
	})
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn everything_is_made_once_and_in_order() {
		assert_eq!(all(1_001, |number| number), (0..1_001).collect::<Vec<_>>());
		assert_eq!(all(0, |number| number), Vec::<usize>::new());
	}
}
