//! A signed transaction, opened: who signed what, and until when it can be in a block.

use crate::{AccountId, AtBlock, Config, hanse};
use subxt::{config::transaction_extensions::CheckMortality, utils::Era};

#[derive(Clone, Debug)]
pub struct Envelope {
	/// As it is sent: with its length in front.
	pub bytes: Vec<u8>,
	pub hash: [u8; 32],
	pub signer: AccountId,
	pub nonce: u64,
	/// The first block in which it can be no more; `None` if it never dies.
	pub death: Option<u64>,
	/// `None` if this runtime's call has another shape than the one that the gateway was made for.
	pub call: Option<hanse::Call>,
}

#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
	#[error("These bytes are no transaction of this chain: {0}")]
	Unreadable(String),
	#[error("This transaction is not signed by an account")]
	Unsigned,
}

impl Envelope {
	/// Reads a transaction as the runtime of `at` would. Whether its signature is right, the chain says.
	pub async fn open(at: &AtBlock, bytes: Vec<u8>) -> Result<Self, EnvelopeError> {
		let unreadable = |error: String| EnvelopeError::Unreadable(error);
		let all = at.extrinsics().from_bytes(vec![bytes.clone()]).await;
		let one = all
			.iter()
			.next()
			.ok_or(EnvelopeError::Unsigned)?
			.map_err(|error| unreadable(error.to_string()))?;
		// An address by its account: one byte, then the account.
		let signer = match one.address_bytes() {
			Some([0, account @ ..]) => account.try_into().map_err(|_| EnvelopeError::Unsigned)?,
			_ => return Err(EnvelopeError::Unsigned),
		};
		let extensions = one.transaction_extensions().ok_or(EnvelopeError::Unsigned)?;
		let nonce = extensions.nonce().ok_or_else(|| unreadable("it has no nonce".into()))?;
		let era = extensions
			.find::<CheckMortality<Config>>()
			.ok_or_else(|| unreadable("it has no mortality".into()))?
			.map_err(|error| unreadable(error.to_string()))?;
		let death = death(era, at.block_number());
		Ok(Self {
			hash: one.hash().0,
			signer: AccountId(signer),
			nonce,
			death,
			call: one.decode_call_data_as().ok(),
			bytes,
		})
	}
}

/// When a transaction dies that can be in a block now, or is dead already.
fn death(era: Era, now: u64) -> Option<u64> {
	match era {
		Era::Immortal => None,
		Era::Mortal { period, phase } => {
			let period = period.max(1);
			let birth = (now.max(phase) - phase) / period * period + phase;
			Some(birth + period)
		},
	}
}

#[cfg(test)]
mod tests {
	use super::*;

	#[test]
	fn a_transaction_dies_a_period_after_its_birth() {
		assert_eq!(death(Era::mortal(64, 100), 100), Some(164));
		assert_eq!(death(Era::mortal(64, 100), 163), Some(164));
		assert_eq!(death(Era::Immortal, 1), None);
	}
}
