use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{Balance, Burn, EraIndex, ProgramId, MAX_BURNS};
use scale_info::TypeInfo;
use sp_runtime::BoundedVec;

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

/// The record of one payment.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Receipt {
	/// What the merchant got, in settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// The last era in which it can be refunded, by the rule of the day it was paid.
	#[codec(compact)]
	pub closes: EraIndex,
	/// What was burned for it. The values add up to the price: that of the last burn is what was
	/// still to pay, which may be less than its face value by less than one smallest unit.
	pub burns: BoundedVec<Burn, ConstU32<MAX_BURNS>>,
}
