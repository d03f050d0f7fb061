//! Signatures that this node has verified already, so that it need not do so again while it makes or imports a block.
//!
//! The pool verifies the signature of each transaction before it takes it, and has those of the slips in it verified by
//! the side. The runtime asks for the same in the block; what is known to be right is answered at once. What is not known, or is wrong, is
//! verified there as ever: a block is the same whether anything is remembered or not.

use hanse_runtime::native::Signed;
use schnellru::{ByLength, LruMap};
use sp_core::{crypto::Pair, sr25519};
use sp_runtime_interface::{
	pass_by::{PassFatPointerAndRead, PassPointerAndRead},
	runtime_interface,
};
use std::{
	sync::{
		mpsc::{sync_channel, SyncSender},
		LazyLock, PoisonError, RwLock,
	},
	thread,
};

/// Signatures that are remembered at most, 32 bytes each: as many as the pool's transactions have, and their slips.
const MOST: u32 = 1 << 18;
/// Transactions whose slips wait to be verified at most. Those of further ones are verified in the block.
const MOST_WAITING: usize = 64;

/// One memory for the process: host functions are not told for which client they are called. A signature is right or
/// not, whatever the chain is.
static KNOWN: LazyLock<Known> = LazyLock::new(Known::new);
static WAITING: LazyLock<SyncSender<Vec<Signed>>> = LazyLock::new(verify_by_the_side);

/// A digest of a signature, its signer and what was signed.
type Key = [u8; 32];

fn key(signature: &sr25519::Signature, signer: &sr25519::Public, message: &[u8]) -> Key {
	sp_io::hashing::blake2_256(&[signature.as_ref(), signer.as_ref(), message].concat())
}

/// Signatures that are right; the oldest make room for new ones.
struct Known(RwLock<LruMap<Key, ()>>);

impl Known {
	fn new() -> Self {
		Self(RwLock::new(LruMap::new(ByLength::new(MOST))))
	}

	fn has(&self, key: &Key) -> bool {
		self.0.read().unwrap_or_else(PoisonError::into_inner).peek(key).is_some()
	}

	fn add(&self, key: Key) {
		self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key, ());
	}
}

/// Remembers a signature that was verified.
pub fn remember(signed: &Signed) {
	KNOWN.add(key(&signed.signature, &signed.signer, &signed.message));
}

/// Has signatures verified by the side, and those remembered that are right. If too many wait already, nothing happens.
pub fn verify_soon(signatures: Vec<Signed>) {
	if !signatures.is_empty() {
		let _ = WAITING.try_send(signatures);
	}
}

/// Verifies what comes in a thread of its own, as long as the process lives.
fn verify_by_the_side() -> SyncSender<Vec<Signed>> {
	let (sender, receiver) = sync_channel::<Vec<Signed>>(MOST_WAITING);
	let work = move || {
		for signed in receiver.into_iter().flatten() {
			if crypto::sr25519_verify(&signed.signature, &signed.message, &signed.signer) {
				remember(&signed);
			}
		}
	};
	if let Err(error) = thread::Builder::new().name("slip-signatures".into()).spawn(work) {
		log::warn!("signatures of slips are verified in blocks only: {error}");
	}
	sender
}

/// The SDK's function by which the runtime verifies a signature, with a memory. Both of its versions have to be here; the
/// first is for runtimes of years ago.
#[runtime_interface]
pub trait Crypto {
	/// Whether a signature is right.
	#[version(1, register_only)]
	fn sr25519_verify(
		signature: PassPointerAndRead<&sr25519::Signature, 64>,
		message: PassFatPointerAndRead<&[u8]>,
		signer: PassPointerAndRead<&sr25519::Public, 32>,
	) -> bool {
		sr25519::Pair::verify_deprecated(signature, message, signer)
	}

	/// Whether a signature is right.
	#[version(2)]
	fn sr25519_verify(
		signature: PassPointerAndRead<&sr25519::Signature, 64>,
		message: PassFatPointerAndRead<&[u8]>,
		signer: PassPointerAndRead<&sr25519::Public, 32>,
	) -> bool {
		KNOWN.has(&key(signature, signer, message)) || sr25519::Pair::verify(signature, message, signer)
	}
}

#[cfg(test)]
mod tests {
	#![allow(clippy::unwrap_used)]
	use super::*;
	use crate::world::{pair, transfer, World};
	use codec::{Decode, Encode};
	use hanse_runtime::{constants::UNIT, UncheckedExtrinsic};
	use sp_runtime::{generic::Preamble, MultiSignature};
	use std::time::{Duration, Instant};

	fn signed(text: &str) -> Signed {
		let pair = sr25519::Pair::from_string("//Alice", None).unwrap();
		let message = text.as_bytes().to_vec();
		Signed { signature: pair.sign(&message), signer: pair.public(), message }
	}

	fn is_known(Signed { signature, signer, message }: &Signed) -> bool {
		KNOWN.has(&key(signature, signer, message))
	}

	fn is_right(Signed { signature, signer, message }: &Signed) -> bool {
		crypto::sr25519_verify(signature, message, signer)
	}

	/// The same with one thing changed at a time.
	fn forged(right: &Signed) -> [Signed; 3] {
		let (mut signature, mut signer, mut message) = (right.clone(), right.clone(), right.clone());
		signature.signature.0[7] ^= 1;
		signer.signer.0[7] ^= 1;
		message.message.push(0);
		[signature, signer, message]
	}

	#[test]
	fn what_is_remembered_is_right_and_what_is_not_is_verified() {
		let (remembered, other) = (signed("remembered"), signed("other"));
		remember(&remembered);
		assert!(is_known(&remembered) && !is_known(&other));
		assert!(is_right(&remembered) && is_right(&other));
		assert!(!is_known(&other), "what a block verified is in it");
		for wrong in [forged(&remembered), forged(&other)].concat() {
			assert!(!is_known(&wrong) && !is_right(&wrong), "{wrong:?}");
		}
	}

	#[test]
	fn slips_are_verified_by_the_side_and_wrong_ones_are_not_remembered() {
		let right = signed("by the side");
		let wrong = forged(&right);
		// What comes last is verified last.
		verify_soon([&wrong[..], std::slice::from_ref(&right)].concat());
		let end = Instant::now() + Duration::from_secs(30);
		while !is_known(&right) {
			assert!(Instant::now() < end, "nobody verifies it");
			thread::sleep(Duration::from_millis(5));
		}
		assert!(wrong.iter().all(|wrong| !is_known(wrong)));
	}

	#[test]
	fn what_the_pool_took_is_known() {
		let world = World::new();
		let transaction = world.signed(3, 0, transfer(9, UNIT));
		let message = world.payload(0, 0, transfer(9, UNIT)).using_encoded(<[u8]>::to_vec);
		let bytes = transaction.encode();
		let Preamble::Signed(_, MultiSignature::Sr25519(signature), _) =
			UncheckedExtrinsic::decode(&mut &bytes[..]).unwrap().preamble
		else {
			panic!("it is signed");
		};
		let own = Signed { signature, signer: pair(3).public(), message };
		assert!(is_right(&own) && !is_known(&own));
		world.submit(vec![transaction]);
		assert!(is_known(&own));
	}

	#[test]
	fn the_oldest_is_forgotten_first() {
		let known = Known(RwLock::new(LruMap::new(ByLength::new(2))));
		for byte in [1, 2, 3] {
			known.add([byte; 32]);
		}
		assert_eq!([1, 2, 3].map(|byte| known.has(&[byte; 32])), [false, true, true]);
	}
}
