//! What nobody is faster than: the signatures alone.

use crate::{Result, keys};
use std::{
	sync::atomic::{AtomicU64, Ordering},
	thread,
	time::{Duration, Instant},
};
use subxt_signer::sr25519;

/// Signatures of sr25519 that `threads` threads verify a second.
pub fn verified(threads: usize, length: Duration) -> Result<f64> {
	const COUNT: usize = 256;
	let signed = keys::all(COUNT, |number| {
		let (key, message) = (keys::customer(number as u32), keys::name("message", number as u64));
		(key.public_key(), message, key.sign(&message))
	});
	let (done, wrong) = (AtomicU64::new(0), AtomicU64::new(0));
	let began = Instant::now();
	thread::scope(|scope| {
		for _ in 0..threads {
			scope.spawn(|| {
				while began.elapsed() < length {
					for (key, message, signature) in &signed {
						if !sr25519::verify(signature, message, key) {
							wrong.fetch_add(1, Ordering::Relaxed);
						}
					}
					done.fetch_add(COUNT as u64, Ordering::Relaxed);
				}
			});
		}
	});
	if wrong.into_inner() > 0 {
		return Err("a good signature was refused".into());
	}
	Ok(done.into_inner() as f64 / began.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
	#[test]
	fn signatures_are_verified() {
		let verified = super::verified(1, std::time::Duration::from_millis(50));
		assert!(verified.is_ok_and(|verified| verified > 100.0));
	}
}
