//! What authors ask of the runtime beyond what the SDK has them ask.

use alloc::vec::Vec;
use sp_runtime::ApplyExtrinsicResult;

sp_api::decl_runtime_apis! {
	/// Several transactions in one call: each call of the runtime begins with a machine of its own.
	pub trait BatchApi {
		/// What as many calls of `BlockBuilder_apply_extrinsic` answer, one after the other; of those that are refused
		/// nothing stays.
		fn apply_extrinsics(transactions: Vec<Block::Extrinsic>) -> Vec<ApplyExtrinsicResult>;
	}
}
