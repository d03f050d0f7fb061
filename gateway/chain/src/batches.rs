//! Batches of awards, which events name only by their hash.

use crate::{AccountId, ProgramId, hanse, nested};
use codec::{Compact, Encode};
use hanse::runtime_types::pallet_points::pallet::Call as Points;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Award {
	pub to: AccountId,
	/// Smallest units.
	pub amount: u128,
	/// The order's commitment.
	pub order: [u8; 32],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
	pub program: ProgramId,
	/// As the events `BatchIssued` and `AwardsSkipped` name it.
	pub hash: [u8; 32],
	pub awards: Vec<Award>,
}

/// All batches in a transaction's call, in the order in which they are issued.
pub fn batches(call: &hanse::Call, signer: Option<AccountId>) -> impl Iterator<Item = Batch> {
	nested(call, signer).filter_map(|inner| match inner.call {
		hanse::Call::Points(Points::issue_batch { program, awards, .. }) => {
			let awards = awards.0.iter();
			let awards: Vec<_> = awards
				.map(|award| Award { to: AccountId(award.to.0), amount: award.amount, order: award.order.0 })
				.collect();
			Some(Batch { program: *program, hash: hash_of(&awards), awards })
		},
		_ => None,
	})
}

/// Blake2-256 of the encoded awards.
pub fn hash_of(awards: &[Award]) -> [u8; 32] {
	let mut encoded = Compact(awards.len() as u32).encode();
	for Award { to, amount, order } in awards {
		encoded.extend_from_slice(&to.0);
		Compact(*amount).encode_to(&mut encoded);
		encoded.extend_from_slice(order);
	}
	sp_crypto_hashing::blake2_256(&encoded)
}
