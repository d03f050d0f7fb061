use crate::Rule;
use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{EraIndex, Moment};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// Decisions that wait for their enactment at most.
pub const MAX_DECISIONS: u32 = 32;
/// The bytes of an encoded call at most: an upgrade is enacted by its hash, never by its code.
pub const MAX_CALL_LEN: u32 = 1_024;

/// A decision that was taken. Ids start at 1 and are never used again.
pub type DecisionId = u32;

/// A call as it was voted on, encoded.
pub type EncodedCall = BoundedVec<u8, ConstU32<MAX_CALL_LEN>>;

/// The rules as they were from a block on.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct RulesVersion<BlockNumber> {
	/// The numbers.
	pub rules: crate::Rules,
	/// The block in which they came into force.
	pub since: BlockNumber,
	/// The hash of the text in which the members wrote them down; zero at genesis.
	pub charter: H256,
}

/// What the members decided.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum DecisionSubject {
	/// One number of the rules is to be another.
	Amendment {
		/// The number.
		rule: Rule,
		/// What it is to be, in its own unit.
		value: u128,
		/// The hash of the text in which the members wrote the rules down.
		charter: H256,
	},
	/// A call is to be dispatched as Root.
	Enactment {
		/// The call.
		call: EncodedCall,
	},
}

/// A decision that waits for its enactment.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Decision {
	/// What was decided.
	pub what: DecisionSubject,
	/// The moment from which on it is enacted.
	pub due: Moment,
}

/// A motion that a member made.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct FiledMotion<AccountId, Hash, BlockNumber> {
	/// The hash of its call.
	pub motion: Hash,
	/// Who made it.
	pub by: AccountId,
	/// The block in which its time is up; `None` once it was seen then that it has its majority.
	pub ends: Option<BlockNumber>,
}

/// What members are still held to of a requirement that became stricter.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct GracePeriod {
	/// The moment from which on the rule itself is enforced.
	pub until: Moment,
	/// What is enforced before, in the rule's own unit.
	pub value: u128,
}

/// The clock of eras: from `started` on, an era begins every `length` milliseconds.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct EraClock {
	/// The era that begins at `started`. Before that, the era is the one before it.
	pub index: EraIndex,
	/// When that era begins, or began.
	pub started: Moment,
	/// The length of that era and all later ones, in milliseconds.
	pub length: Moment,
	/// The first era of which orders are taken, however many eras the rule says: what was refused once stays
	/// refused, since nobody remembers any more what it served.
	pub orders_from: EraIndex,
}

impl EraClock {
	/// The clock that began with the Unix epoch.
	pub const fn from_epoch(length: Moment) -> Self {
		Self { index: 0, started: 0, length, orders_from: 0 }
	}

	/// The era at `now`.
	pub fn era_at(&self, now: Moment) -> EraIndex {
		match now.checked_sub(self.started) {
			Some(elapsed) => {
				let eras = elapsed.checked_div(self.length).unwrap_or_default();
				self.index.saturating_add(EraIndex::try_from(eras).unwrap_or(EraIndex::MAX))
			},
			None => self.index.saturating_sub(1),
		}
	}

	/// The clock whose eras are `length` long from the next one on. The era that runs at `now` ends when
	/// it would have ended, so that nothing that was promised until its end comes sooner or later.
	pub fn with_length(&self, now: Moment, length: Moment) -> Self {
		let index = self.era_at(now).saturating_add(1);
		let eras = Moment::from(index.saturating_sub(self.index));
		let started = self.started.saturating_add(eras.saturating_mul(self.length));
		Self { index, started, length, ..*self }
	}

	/// The clock after the rule for orders changes at `now`, which was `eras`.
	pub fn with_orders_closed(&self, now: Moment, eras: u32) -> Self {
		let first = self.era_at(now).saturating_sub(eras);
		Self { orders_from: self.orders_from.max(first), ..*self }
	}
}

/// Encodes a call, or `None` if it is longer than what is kept of one.
pub(crate) fn encoded(call: &impl Encode) -> Option<EncodedCall> {
	Vec::try_into(call.encode()).ok()
}
