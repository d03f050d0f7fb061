use crate::math;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	Balance, Burn, Earmark, EraIndex, InstitutionId, Moment, Order, ProgramId, MAX_BURNS, MAX_LEGS,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// What names a payment: the era of its order, the merchant, the payer, the commitment of the order. The era
/// is big-endian.
pub type Key<AccountId> = ([u8; 4], InstitutionId, AccountId, H256);

/// The key of `order`.
pub(crate) fn key_of<AccountId>(merchant: InstitutionId, payer: AccountId, order: Order) -> Key<AccountId> {
	(order.era.to_be_bytes(), merchant, payer, order.commitment)
}

/// A program that a payment draws on.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Leg {
	/// The program.
	pub program: ProgramId,
	/// Smallest units of it at most.
	#[codec(compact)]
	pub max_points: Balance,
}

/// What one vintage paid of a price, and what was refunded of that.
#[derive(
	Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct Part {
	/// What was burned, and what it paid: interchange included, but never more than was still to pay.
	pub burn: Burn,
	/// Micro-units of it that were accrued as interchange; none at home.
	#[codec(compact)]
	pub interchange: Balance,
	/// Smallest units of the burn that came back, in this vintage or at equal value in another.
	#[codec(compact)]
	pub returned: Balance,
	/// Micro-units of the interchange that are not due, since what they were taken for came back.
	#[codec(compact)]
	pub released: Balance,
}

impl Part {
	/// Interchange that is still due.
	pub fn accrued(&self) -> Balance {
		self.interchange.saturating_sub(self.released)
	}

	/// What the merchant got.
	pub fn net(&self) -> Balance {
		self.burn.value.saturating_sub(self.interchange)
	}
}

/// The record of one payment.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Receipt {
	/// What was paid, in settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// What was refunded of it.
	#[codec(compact)]
	pub refunded: Balance,
	/// The last era in which it can be refunded, by the rule of the day it was paid.
	#[codec(compact)]
	pub closes: EraIndex,
	/// Whether it is kept beyond that era, since somebody has to decide about it.
	pub kept: bool,
	/// What was burned for it. The values add up to the price: that of the last burn is what was
	/// still to pay, which may be less than its face value by less than one smallest unit.
	pub parts: BoundedVec<Part, ConstU32<MAX_BURNS>>,
}

/// What a refund takes back of one part of a receipt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Due {
	/// Smallest units.
	pub points: Balance,
	/// Micro-units that they paid.
	pub value: Balance,
	/// Micro-units of it that the merchant got.
	pub net: Balance,
	/// Micro-units of interchange.
	pub interchange: Balance,
}

impl Receipt {
	/// What of the price was not refunded, in settlement micro-units.
	pub fn left(&self) -> Balance {
		self.price.saturating_sub(self.refunded)
	}

	/// What refunding up to `after` micro-units of the price takes back of `part`, beyond what was refunded.
	///
	/// What comes back to the issuer, from the merchant and of its interchange, are two shares of one value that
	/// was rounded down once: so it is neither more than the merchant refunds nor less than the points are worth
	/// that return.
	pub(crate) fn due(&self, part: &Part, after: Balance) -> Due {
		let of = |total, refunded| math::share(total, refunded, self.price);
		let beyond = |share: &dyn Fn(Balance) -> Balance| share(after).saturating_sub(share(self.refunded));
		let paid = part.burn.value;
		let value = beyond(&|refunded| of(paid, refunded));
		let net = beyond(&|refunded| math::share(part.net(), of(paid, refunded), paid));
		let points = beyond(&|refunded| of(part.burn.points, refunded));
		Due { points, value, net, interchange: value.saturating_sub(net) }
	}
}

/// What a customer allowed a merchant to take.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Authorisation {
	/// The most that can be captured, in settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// The first moment at which it is over.
	#[codec(compact)]
	pub deadline: Moment,
	/// Interchange in parts per million, by the rule of the day.
	#[codec(compact)]
	pub interchange: u32,
	/// What was burned, with all that it would pay: the price, and less than one smallest unit more.
	pub burns: BoundedVec<Burn, ConstU32<MAX_BURNS>>,
	/// What is kept for the obligation of each issuer.
	pub kept: BoundedVec<Kept, ConstU32<MAX_LEGS>>,
}

/// What is kept for the obligation of one issuer.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Kept {
	/// The issuer.
	pub issuer: InstitutionId,
	/// For what it may come to owe the merchant.
	pub earmark: Earmark,
	/// Interchange that was accrued, in micro-units.
	#[codec(compact)]
	pub interchange: Balance,
}
