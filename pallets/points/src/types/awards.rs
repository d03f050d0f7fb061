//! Awards for orders, and what becomes of them.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{AssetId, EraIndex, Moment, Points, ProgramId, MAX_AWARDS};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// Points for one order.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Award<AccountId> {
	/// Who earned them.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Points,
	/// The commitment of the order that earned them.
	pub order: H256,
}

/// What one account is to get.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PendingAward<AccountId> {
	/// Who gets it.
	pub to: AccountId,
	/// Smallest units.
	#[codec(compact)]
	pub amount: Points,
	/// Smallest units that were taken back of it, and are not in `amount` any more.
	#[codec(compact)]
	pub cancelled: Points,
}

/// Shares that were made together and become usable together.
pub type PendingAwards<AccountId> = BoundedVec<PendingAward<AccountId>, ConstU32<MAX_AWARDS>>;

/// What became of an order for which points were issued: at most 32 bytes, which the trie keeps in place.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct AwardedOrder {
	/// The era in which it was served, whatever era it named.
	pub era: EraIndex,
	/// The vintage of its points.
	pub asset: AssetId,
	/// Where they were put.
	pub stage: AwardStage,
}

impl AwardedOrder {
	/// Whether it can have been served in batch `number`, whose awards mature at `until`.
	pub fn fits(&self, number: u64, until: Option<Moment>) -> bool {
		match self.stage {
			AwardStage::Minted => until.is_none(),
			AwardStage::Pending { matures, batch, .. } => batch == number && until == Some(matures),
			AwardStage::Cancelled => until.is_some(),
		}
	}
}

/// Where the points of an order were put.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum AwardStage {
	/// Minted at once.
	Minted,
	/// Held back: what names their batch in `Pending`, and their share in it. They are minted from `matures` on.
	Pending {
		/// When they can be used, on the clock of deadlines.
		matures: Moment,
		/// The number of the batch.
		batch: u64,
		/// The place in the batch.
		share: u16,
	},
	/// Taken back in whole.
	Cancelled,
}

/// What names a batch of awards that cannot be used yet: when it can, its vintage, its number; big-endian, so that
/// what can be used first comes first.
pub type PendingKey = ([u8; 8], [u8; 4], [u8; 8]);

/// The key of the batch `number` of a vintage.
pub fn pending_key(matures: Moment, asset: AssetId, number: u64) -> PendingKey {
	(matures.to_be_bytes(), asset.to_be_bytes(), number.to_be_bytes())
}

/// Orders that were served together.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct AwardBatch {
	/// The program.
	pub program: ProgramId,
	/// When their awards can be used, on the clock of deadlines, if that was not at once.
	pub matures: Option<Moment>,
	/// Their commitments.
	pub orders: BoundedVec<H256, ConstU32<MAX_AWARDS>>,
}

/// An award of a batch whose order was served before.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Skipped {
	/// Its place in the batch, from 0.
	pub place: u16,
	/// The commitment of its order.
	pub order: H256,
}

/// What can be read of an order that was served.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct OrderStatus {
	/// The era in which it was served.
	pub era: EraIndex,
	/// The vintage of its points.
	pub asset: AssetId,
	/// Where they are.
	pub place: AwardPlace,
}

/// Where the points of an order are.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub enum AwardPlace {
	/// In the holder's account, unless they were spent or expired since.
	Minted,
	/// They wait.
	Pending {
		/// Smallest units, less what was taken back.
		amount: Points,
		/// When they can be used.
		until: Moment,
	},
	/// They were taken back in whole.
	Cancelled,
}
