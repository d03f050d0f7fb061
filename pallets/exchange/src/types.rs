use crate::math;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use frame_support::traits::ConstU32;
use hanse_primitives::{
	Balance, Burn, Earmark, EraIndex, InstitutionId, Moment, Order, ProgramId, MAX_BURNS, MAX_LEGS, MAX_PARTS,
};
use scale_info::TypeInfo;
use sp_core::H256;
use sp_runtime::BoundedVec;

/// Slips that one call presents at most.
pub const MAX_SLIPS: u32 = 128;

/// What names an order here: the merchant, the payer, the commitment. The era of the order is not in it, so that
/// it is one order whatever open era a retry names.
pub type Key<AccountId> = (InstitutionId, AccountId, H256);

/// The key of `order`.
pub(crate) fn key_of<AccountId>(merchant: InstitutionId, payer: AccountId, order: Order) -> Key<AccountId> {
	(merchant, payer, order.commitment)
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
	/// Smallest units of the burn that came back: in this vintage, at equal value in another, or, by a verdict
	/// against a merchant that could not pay for that, as money that it owes.
	#[codec(compact)]
	pub returned: Balance,
	/// Micro-units of the interchange that are not due, since what they were taken for came back.
	#[codec(compact)]
	pub released: Balance,
	/// Micro-units that were refunded into another vintage and are not worth a smallest unit of it yet. With the
	/// next refund they are.
	#[codec(compact)]
	pub carried: Balance,
	/// The capture that took it, from 0; of a payment there is only that one.
	pub capture: u8,
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

/// The record of one payment, or of what was captured of one authorisation so far.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Receipt {
	/// What was paid, in settlement micro-units; nothing while nothing is captured.
	#[codec(compact)]
	pub price: Balance,
	/// What was refunded of it.
	#[codec(compact)]
	pub refunded: Balance,
	/// The era of the order, as it was named first.
	#[codec(compact)]
	pub era: EraIndex,
	/// The era in which it was paid. It stays until orders of that era are not taken any more, since it is what
	/// refuses to be paid twice.
	#[codec(compact)]
	pub paid: EraIndex,
	/// The first moment at which it can no longer be refunded, by the rules of the day it was paid and by the clock
	/// of deadlines.
	#[codec(compact)]
	pub closes: Moment,
	/// The window of the customer's limit in which it was counted.
	#[codec(compact)]
	pub window: Moment,
	/// Whether it is kept beyond its time, since somebody has to decide about it.
	pub kept: bool,
	/// Whether more may be captured.
	pub authorised: bool,
	/// What was burned for it. The values of one capture add up to its price: that of the last burn is what was
	/// still to pay, which may be less than its face value by less than one smallest unit.
	pub parts: BoundedVec<Part, ConstU32<MAX_PARTS>>,
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
	/// The order as it was named first.
	pub(crate) fn order(&self, commitment: H256) -> Order {
		Order { era: self.era, commitment }
	}

	/// What of the price was not refunded, in settlement micro-units.
	pub fn left(&self) -> Balance {
		self.price.saturating_sub(self.refunded)
	}

	/// The price of one capture, and how much of it is refunded when `refunded` of the whole price is: what was
	/// captured first is refunded first.
	pub(crate) fn of_capture(&self, capture: u8, refunded: Balance) -> (Balance, Balance) {
		let sum = |is: &dyn Fn(u8) -> bool| {
			let values = self.parts.iter().filter(|part| is(part.capture)).map(|part| part.burn.value);
			values.fold(0, Balance::saturating_add)
		};
		let (before, price) = (sum(&|other| other < capture), sum(&|other| other == capture));
		(price, refunded.saturating_sub(before).min(price))
	}

	/// What refunding up to `after` micro-units of the price takes back of `part`, beyond what was refunded.
	///
	/// What comes back to the issuer, from the merchant and of its interchange, are two shares of one value that
	/// was rounded down once: so it is neither more than the merchant refunds nor less than the points are worth
	/// that return.
	pub(crate) fn due(&self, part: &Part, after: Balance) -> Due {
		let (price, before) = self.of_capture(part.capture, self.refunded);
		let (_, after) = self.of_capture(part.capture, after);
		let of = |total, refunded| math::share(total, refunded, price);
		let beyond = |share: &dyn Fn(Balance) -> Balance| share(after).saturating_sub(share(before));
		let paid = part.burn.value;
		let value = beyond(&|refunded| of(paid, refunded));
		let net = beyond(&|refunded| math::share(part.net(), of(paid, refunded), paid));
		let points = beyond(&|refunded| of(part.burn.points, refunded));
		Due { points, value, net, interchange: value.saturating_sub(net) }
	}
}

/// What a customer allowed a merchant to take. Its order's receipt says what was taken, and remembers the window of
/// the customer's limit.
#[derive(Clone, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Authorisation {
	/// The most that can be captured, in settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// What was captured of it.
	#[codec(compact)]
	pub captured: Balance,
	/// In so many captures.
	pub captures: u8,
	/// The first moment at which it is over, by the clock of deadlines.
	#[codec(compact)]
	pub deadline: Moment,
	/// Interchange in parts per million, by the rule of the day.
	#[codec(compact)]
	pub interchange: u32,
	/// What was burned.
	pub burns: BoundedVec<Held, ConstU32<MAX_BURNS>>,
	/// What is kept for the obligation of each issuer.
	pub kept: BoundedVec<Kept, ConstU32<MAX_LEGS>>,
}

impl Authorisation {
	/// The burns, and the smallest units of each that are taken once `captured` micro-units are captured. A smallest
	/// unit of which a part is captured is in the receipt in the end only, so that no refund meanwhile gives back
	/// more than it is of; but nothing of it is authorised any more.
	pub(crate) fn taken(
		&self,
		captured: Balance,
		in_the_end: bool,
	) -> impl Iterator<Item = (&Held, Balance)> {
		let share = if in_the_end { math::share_up } else { math::share };
		let mut begins: Balance = 0;
		self.burns.iter().map(move |held| {
			let Burn { points, value, .. } = held.burn;
			let within = captured.saturating_sub(begins).min(value);
			begins = begins.saturating_add(value);
			(held, share(points, within, value))
		})
	}
}

/// Points that are burned and may come back.
#[derive(Clone, Copy, Debug, Decode, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Held {
	/// What was burned, with all that it would pay: of all burns the price, and less than one smallest unit more.
	pub burn: Burn,
	/// Its face value, which is outstanding as long as it may come back, in micro-units.
	#[codec(compact)]
	pub face_value: Balance,
}

impl Held {
	/// The face value of `points` of it.
	pub(crate) fn face_value_of(&self, points: Balance) -> Balance {
		math::share(self.face_value, points, self.burn.points)
	}
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

impl Kept {
	/// Take `net` and `interchange` off it, for what is captured: the line first, as an obligation uses it. Returns
	/// what was kept for `net`.
	pub(crate) fn take(&mut self, net: Balance, interchange: Balance) -> Earmark {
		let line = self.earmark.line.min(net);
		let reserve = self.earmark.reserve.min(net.saturating_sub(line));
		self.earmark.line = self.earmark.line.saturating_sub(line);
		self.earmark.reserve = self.earmark.reserve.saturating_sub(reserve);
		self.interchange = self.interchange.saturating_sub(interchange);
		Earmark { line, reserve }
	}
}

/// A payment that a customer signed for one merchant, which presents it.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, PartialEq, TypeInfo)]
pub struct Slip<AccountId, Signature> {
	/// Who pays.
	pub payer: AccountId,
	/// For what.
	pub order: Order,
	/// Settlement micro-units.
	#[codec(compact)]
	pub price: Balance,
	/// With which points.
	pub legs: BoundedVec<Leg, ConstU32<MAX_LEGS>>,
	/// The first moment, by the clock on the wall, at which it is good no more.
	pub until: Moment,
	/// The payer's, over what [`Pallet::slip`](crate::Pallet::slip) answers.
	pub signature: Signature,
}
