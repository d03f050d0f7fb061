//! Transactions as bytes, many a second: written here and not by way of the metadata, and compared with what that
//! makes of them before anything is measured.

use crate::Result;
use codec::{Compact, Encode};
use hanse_chain::{AtBlock, Head, Node};
use subxt::rpcs::rpc_params;
use subxt_signer::sr25519::Keypair;

/// For how many blocks a transaction is good.
const MORTALITY: u64 = 1_024;

/// What all transactions of one run have in common.
#[derive(Clone)]
pub struct Envelope {
	spec_version: u32,
	transaction_version: u32,
	genesis: [u8; 32],
	birth: Head,
}

impl Envelope {
	pub async fn of(node: &Node) -> Result<Self> {
		#[derive(serde::Deserialize)]
		#[serde(rename_all = "camelCase")]
		struct Version {
			spec_version: u32,
			transaction_version: u32,
		}
		let version: Version = node.request("state_getRuntimeVersion", rpc_params![]).await?;
		Ok(Self {
			spec_version: version.spec_version,
			transaction_version: version.transaction_version,
			genesis: node.genesis(),
			birth: node.final_head(),
		})
	}

	/// A whole transaction, with its length in front.
	pub fn sign(&self, call: &[u8], key: &Keypair, nonce: u32) -> Vec<u8> {
		let mut extensions = mortal_era(self.birth.number).to_le_bytes().to_vec();
		Compact(nonce).encode_to(&mut extensions);
		Compact(0u128).encode_to(&mut extensions); // the tip
		extensions.push(0); // no hash of the metadata
		let mut payload = [call, &extensions].concat();
		(self.spec_version, self.transaction_version, self.genesis, self.birth.hash).encode_to(&mut payload);
		payload.push(0); // no hash of the metadata here either
		if payload.len() > 256 {
			payload = sp_crypto_hashing::blake2_256(&payload).to_vec();
		}
		let mut body = vec![0x84, 0]; // a signed transaction of version 4, of an account
		body.extend_from_slice(&key.public_key().0);
		body.push(1); // sr25519
		body.extend_from_slice(&key.sign(&payload).0);
		body.extend_from_slice(&extensions);
		body.extend_from_slice(call);
		let mut whole = Compact(body.len() as u32).encode();
		whole.extend_from_slice(&body);
		whole
	}
}

fn mortal_era(birth: u64) -> u16 {
	let phase = (birth % MORTALITY) as u16;
	(MORTALITY.trailing_zeros() as u16 - 1) | (phase << 4)
}

/// The two bytes with which a call begins.
pub fn call_index(at: &AtBlock, pallet: &str, call: &str) -> Result<[u8; 2]> {
	let metadata = at.metadata_ref();
	let pallet =
		metadata.pallet_by_name(pallet).ok_or_else(|| format!("the chain has no pallet {pallet}"))?;
	let variant = pallet.call_variant_by_name(call).ok_or_else(|| format!("the chain has no call {call}"))?;
	Ok([pallet.call_index(), variant.index])
}

#[derive(Clone, Copy, Encode)]
pub struct Leg {
	pub program: u16,
	#[codec(compact)]
	pub max_points: u128,
}

#[derive(Clone, Copy, Encode)]
pub struct Order {
	pub era: u32,
	pub commitment: [u8; 32],
}

#[derive(Clone, Encode)]
pub struct Pay {
	pub merchant: u32,
	pub order: Order,
	#[codec(compact)]
	pub price: u128,
	pub legs: Vec<Leg>,
}

#[derive(Clone, Encode)]
pub struct Slip {
	payer: [u8; 32],
	order: Order,
	#[codec(compact)]
	price: u128,
	legs: Vec<Leg>,
	until: u64,
	signature: (u8, [u8; 64]),
}

impl Slip {
	/// A payment signed for its merchant to present.
	pub fn sign(genesis: &[u8; 32], pay: Pay, until: u64, key: &Keypair) -> Self {
		let payer = key.public_key().0;
		let signature = key.sign(&Self::bytes(genesis, &pay, payer, until)).0;
		let Pay { order, price, legs, .. } = pay;
		Self { payer, order, price, legs, until, signature: (1, signature) }
	}

	/// What the customer signs.
	pub fn bytes(genesis: &[u8; 32], pay: &Pay, payer: [u8; 32], until: u64) -> Vec<u8> {
		let Pay { merchant, order, price, legs } = pay;
		let payload = (*b"hanse/slip", genesis, merchant, payer, order, price, legs, until).encode();
		[&b"<Bytes>"[..], &payload, b"</Bytes>"].concat()
	}
}

#[derive(Clone, Copy, Encode)]
pub struct Award {
	pub to: [u8; 32],
	#[codec(compact)]
	pub amount: u128,
	pub order: [u8; 32],
}

/// A call with these arguments.
pub fn call(index: [u8; 2], arguments: impl Encode) -> Vec<u8> {
	let mut bytes = index.to_vec();
	arguments.encode_to(&mut bytes);
	bytes
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_mortal_era_names_period_and_phase() {
		// From `sp_runtime::generic::Era::mortal(1_024, 1_030).encode()`.
		assert_eq!(mortal_era(1_030).to_le_bytes(), [0x69, 0x00]);
	}
}
